"""How leads and cases are forgotten. Leads go by a clock of their own; a person's when retention says so."""

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
    """Leads that were judged longer ago than `lead_retention_days` are gone, with their evidence; how many (SEC-1).

    A case that came of one stays, with its own words. A lead that nobody has judged stays until somebody does.
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
    """A person's cases with their log, and the leads about them. A step of a run or an erasure that is recorded there.

    The log refuses every change but this: the setting that lets it go lasts until the transaction ends.
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
