"""What IT Services, the Information Governance Office and the School are told and when, and the outcome (SEC-3)."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import PolicySetting
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now, local_day
from messaging.models import DeliveryState, OutboxMessage
from messaging.operations.deliver import deliver_message
from messaging.rules.kinds import kind_named
from security.models import CaseEntry, CaseReport
from security.operations.reports import edit_report, send_report, send_report_again
from security.selectors.case_page import DELIVERY, case_page
from tests.cast import Cast
from tests.factories import EnrolmentFactory, ProgrammeFactory, SchoolFactory
from tests.security.conftest import WHAT, Office

pytestmark = [pytest.mark.django_db, pytest.mark.policy("SEC-3")]


def reports(office: Office) -> dict[str, CaseReport]:
    case = office.case(office.student)
    return {report.to: report for report in CaseReport.objects.filter(case=case).select_related("case__person")}


def test_three_reports_are_drafted_from_the_templates(office: Office) -> None:
    today = local_day(database_now())
    PolicySetting.objects.create(key="security_it_email", value="it@example.ac.uk", effective_from=today)
    drafts = reports(office)
    assert {to: draft.address for to, draft in drafts.items()} == {
        "it_services": "it@example.ac.uk",
        "governance": "information-governance@example.ac.uk",
        "school": "law-school@example.ac.uk",
    }
    for draft in drafts.values():
        assert WHAT in draft.text
        assert str(office.student.university_id) in draft.text
        assert draft.case.public_id in draft.text
        assert not draft.is_sent
    assert "LLB Law" in drafts["school"].text
    assert "To School of Law" in drafts["school"].text
    assert not OutboxMessage.objects.exists()


def test_an_ampersand_stays_an_ampersand(office: Office) -> None:
    office.student.family_name = "Reed & O’Neill"
    office.student.save()
    assert "Reed & O’Neill" in reports(office)["it_services"].text


def test_each_school_of_a_course_not_yet_ended_is_told(office: Office) -> None:
    other = ProgrammeFactory(school=SchoolFactory(name="School of Music"))
    EnrolmentFactory(student=office.student, programme=other)
    EnrolmentFactory(student=office.student, programme=ProgrammeFactory(), status="withdrawn")
    case = office.case(office.student)
    told = CaseReport.objects.filter(case=case, to="school").values_list("school__name", "address")
    assert set(told) == {("School of Law", "law-school@example.ac.uk"), ("School of Music", "")}


def test_a_missing_address_is_asked_for(office: Office) -> None:
    office.school.contact_email = ""
    office.school.save()
    school = reports(office)["school"]
    with pytest.raises(Refused) as refused:
        send_report(report=school, by=office.officer)
    assert (refused.value.code, refused.value.field) == ("address_missing", "address")
    with pytest.raises(IntegrityError, match="report_sent_says_where_and_what"), transaction.atomic():
        CaseReport.objects.filter(pk=school.pk).update(sent_at=database_now(), sent_by=office.officer, message="x")
    edit_report(report=school, address="law@example.ac.uk", subject=school.subject, text=school.text, by=office.officer)
    send_report(report=school, by=office.officer)
    assert OutboxMessage.objects.get().to_address == "law@example.ac.uk"


def test_a_report_is_sent_as_written_and_cannot_change(office: Office) -> None:
    school = reports(office)["school"]
    written = {"address": "head@example.ac.uk", "subject": "In confidence", "text": "My own words."}
    edit_report(report=school, by=office.officer, **written)
    sent = send_report(report=school, by=office.second)
    message = OutboxMessage.objects.get()
    assert message.context == {"report": sent.public_id}
    assert (sent.sent_by, sent.message) == (office.second, message.public_id)
    deliver_message(message.public_id)
    message.refresh_from_db()
    assert (message.state, message.to_address, message.body_text) == (
        DeliveryState.SENT,
        "head@example.ac.uk",
        "My own words.",
    )
    assert kind_named(message.kind).forget_body  # unlike a mail server, the tests' tray keeps it
    for again in (
        lambda: send_report(report=school, by=office.officer),
        lambda: edit_report(report=school, by=office.officer, **written),
    ):
        with pytest.raises(Refused) as refused:
            again()
        assert refused.value.code == "already_sent"
    assert OutboxMessage.objects.count() == 1
    logged = CaseEntry.objects.filter(case=sent.case, what__startswith="report_").values_list("what", "words")
    assert list(logged) == [("report_sent_school", "To head@example.ac.uk"), ("report_edited_school", "")]


def test_delivery_is_shown_and_what_failed_goes_out_again(office: Office) -> None:
    it = send_report(report=reports(office)["it_services"], by=office.officer)

    def shown() -> tuple[str, bool]:
        row = next(row for row in case_page(it.case, database_now()).reports if row.report.pk == it.pk)
        return row.delivery, row.failed

    assert shown() == (DELIVERY[DeliveryState.QUEUED][0], False)
    OutboxMessage.objects.update(state=DeliveryState.FAILED, reason="No such mailbox")
    assert shown() == (DELIVERY[DeliveryState.FAILED][0], True)
    send_report_again(report=it, by=office.officer)
    assert OutboxMessage.objects.get().state == DeliveryState.QUEUED
    with pytest.raises(Refused) as refused:
        send_report_again(report=it, by=office.officer)
    assert refused.value.code == "message_not_failed"


def test_administrators_see_no_trace_of_it_in_the_outbox(cast: Cast, office: Office) -> None:
    office.case()
    send_report(report=reports(office)["it_services"], by=office.officer)
    client = Client()
    client.force_login(cast.administrator)
    page = client.get(reverse("admin:messaging_outboxmessage_changelist")).content.decode()
    assert OutboxMessage.objects.filter(kind__startswith="security.").count() == 2
    for message in OutboxMessage.objects.all():
        assert message.public_id not in page
        change = reverse("admin:messaging_outboxmessage_change", args=[message.pk])
        assert client.get(change).status_code == 302
