"""Deletes leads, after their own retention period, and cases, when retention deletes the person's data."""

from collections.abc import Collection
from datetime import timedelta

from django.db import connection

from accounts.operations.record_audit import Subject, record_audit
from accounts.rules.policy import policy_in_force
from foundation.db.deleting import delete_rows
from foundation.outcomes.refusals import in_one_transaction
from foundation.values.times import database_now
from security.models import CaseEntry, CaseReport, DataBreach, Lead, Outcome, SecurityCase


@in_one_transaction
def forget_leads() -> int:
    """Deletes leads judged more than `lead_retention_days` days ago, with their evidence; returns how many (SEC-1).

    A case opened from a lead is kept. A lead that nobody has judged is kept until somebody does.
    """
    before = database_now() - timedelta(days=policy_in_force().lead_retention_days)
    ids = list(
        Lead.objects.judged_before(before).select_for_update(skip_locked=True).values_list("public_id", flat=True)
    )
    Lead.objects.filter(public_id__in=ids).delete()
    for public_id in ids:
        record_audit(actor=None, action="lead_forgotten", on=Subject("security_lead", public_id))
    return len(ids)


def forget_cases(people: Collection[int]) -> int:
    """Deletes people's cases with their logs, and leads about them. Retention records this as a step.

    A trigger refuses deletions from the log unless this setting is on; it lasts until the transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL careerconnect.forgetting = 'on'")
    cases = SecurityCase.objects.filter(person__in=people)
    parts = sum(
        delete_rows(model._default_manager.filter(case__in=cases))
        for model in (CaseEntry, CaseReport, DataBreach, Outcome)
    )
    gone = parts + delete_rows(cases) + delete_rows(Lead.objects.filter(person__in=people))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL careerconnect.forgetting = 'off'")
    return gone
