"""A sign of account sharing is a lead for a person to judge, never a verdict (SEC-1)."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry, PolicySetting, User
from accounts.operations.signals import sharing_suspected
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now, local_day
from security.models import Lead, LeadKind, LeadState, SecurityCase
from security.operations.forget import forget_leads
from security.operations.judge_lead import dismiss_lead
from security.operations.open_lead import open_lead
from security.operations.report_concern import report_concern
from tests.security.conftest import Office

pytestmark = [pytest.mark.django_db, pytest.mark.policy("SEC-1")]

SIGN = {"devices": 2, "kilometres": 640, "minutes": 12, "places": ["GB-LND", "GB-EDH"]}


def seen(person: User) -> Lead:
    return open_lead(person=person, kind=LeadKind.CONCURRENT_DEVICES, evidence=SIGN)


def test_a_signal_opens_a_lead_and_does_nothing_to_the_account(office: Office) -> None:
    sharing_suspected.send(sender=User, person=office.graduate, kind="many_devices", evidence=SIGN)
    lead = Lead.objects.get()
    assert (lead.person, lead.kind, lead.evidence) == (office.graduate, LeadKind.MANY_DEVICES, SIGN)
    office.graduate.refresh_from_db()
    assert office.graduate.is_active
    assert not SecurityCase.objects.exists()
    assert not AuditEntry.objects.filter(subject="security_lead").exclude(details={"kind": "many_devices"}).exists()


def test_the_same_sign_again_adds_to_the_open_lead(office: Office) -> None:
    first = seen(office.graduate)
    again = open_lead(person=office.graduate, kind=LeadKind.CONCURRENT_DEVICES, evidence={"devices": 3})
    assert (again.pk, again.times_seen, again.evidence) == (first.pk, 2, {"devices": 3})
    open_lead(person=office.graduate, kind=LeadKind.MANY_DEVICES, evidence=SIGN)
    seen(office.student)
    assert Lead.objects.count() == 3
    dismiss_lead(lead=first, reason="On a train", by=office.officer)
    assert seen(office.graduate).pk != first.pk


def test_the_database_keeps_one_open_lead_of_a_kind(office: Office) -> None:
    lead = seen(office.graduate)
    with pytest.raises(IntegrityError, match="lead_is_open_once"), transaction.atomic():
        Lead.objects.create(
            person=office.graduate, kind=lead.kind, opened_at=lead.opened_at, last_seen_at=lead.opened_at
        )


@pytest.mark.parametrize("evidence", [{"note": "x" * 81}, {"who": {"name": "Ann"}}, {"list": [{"a": 1}]}])
def test_evidence_holds_no_free_text(office: Office, evidence: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="is neither a"):
        open_lead(person=office.graduate, kind=LeadKind.MANY_DEVICES, evidence=evidence)


def test_an_unknown_kind_of_lead_is_an_error(office: Office) -> None:
    for kind in ("whatever", "reported"):
        with pytest.raises(ValueError, match="no sign"):
            open_lead(person=office.graduate, kind=kind, evidence={})


def test_a_person_judges_once_and_says_why(office: Office) -> None:
    lead = seen(office.graduate)
    with pytest.raises(Refused) as refused:
        dismiss_lead(lead=lead, reason="  ", by=office.officer)
    assert refused.value.code == "reason_needed"
    dismiss_lead(lead=lead, reason="On a train", by=office.officer)
    with pytest.raises(Refused) as refused:
        office.case(lead=lead)
    assert refused.value.code == "already_judged"
    lead.refresh_from_db()
    assert (lead.state, lead.judged_by, lead.judged_because) == (LeadState.DISMISSED, office.officer, "On a train")


def test_a_lead_becomes_a_case(office: Office) -> None:
    lead = seen(office.graduate)
    case = office.case(lead=lead)
    lead.refresh_from_db()
    assert (case.lead, lead.state, lead.judged_by) == (lead, LeadState.CASE, office.officer)
    with pytest.raises(Refused) as refused:
        office.case(office.student, lead=seen(office.officer))
    assert refused.value.code == "lead_about_another"


def test_nobody_judges_a_lead_about_themselves_and_strangers_judge_none(office: Office) -> None:
    about_officer = seen(office.officer)
    for by, code in ((office.officer, "about_yourself"), (office.student, "not_yours")):
        with pytest.raises(Refused) as refused:
            dismiss_lead(lead=about_officer, reason="No", by=by)
        assert (refused.value.code, refused.value.status) == (code, 403)
    dismiss_lead(lead=about_officer, reason="No", by=office.second)


def test_a_report_is_a_lead_about_nobody_yet(office: Office) -> None:
    for _ in range(2):
        report_concern(happened="Somebody knows my password.", whose="me", by=office.student)
    assert Lead.objects.filter(kind=LeadKind.REPORTED, person=None, reported_by=office.student).count() == 2
    case = office.case(lead=Lead.objects.first())
    assert case.person == office.graduate


def test_the_eleventh_report_of_a_day_is_refused(office: Office) -> None:
    for _ in range(10):
        report_concern(happened="Again", by=office.student)
    with pytest.raises(Refused) as refused:
        report_concern(happened="Again", by=office.student)
    assert (refused.value.code, refused.value.status) == ("too_many_reports", 429)
    assert Lead.objects.count() == 10


def test_judged_leads_are_deleted_after_the_configured_days(office: Office) -> None:
    kept, gone, case_lead, waiting = (
        seen(office.student),
        seen(office.officer),
        seen(office.graduate),
        seen(office.second),
    )
    case = office.case(lead=case_lead)
    dismiss_lead(lead=kept, reason="No", by=office.officer)
    dismiss_lead(lead=gone, reason="No", by=office.second)
    now = database_now()
    Lead.objects.filter(pk__in=[gone.pk, case_lead.pk]).update(judged_at=now - timedelta(days=90, minutes=1))
    Lead.objects.filter(pk=kept.pk).update(judged_at=now - timedelta(days=89))
    Lead.objects.filter(pk=waiting.pk).update(opened_at=now - timedelta(days=400))
    call_command("forget_leads")
    assert set(Lead.objects.all()) == {kept, waiting}
    case.refresh_from_db()
    assert case.lead is None
    assert AuditEntry.objects.filter(action="lead_forgotten").count() == 2
    PolicySetting.objects.create(key="lead_retention_days", value=30, effective_from=local_day(now))
    assert forget_leads() == 1
