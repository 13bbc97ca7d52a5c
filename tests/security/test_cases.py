"""A case from opening to end: students are reported (SEC-3), graduates suspended; termination needs two people
(SEC-4)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from accounts.models import AccountStatus, AuditEntry, Role, User
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now, local_day
from messaging.models import DeliveryState, OutboxMessage
from messaging.operations.deliver import deliver_message
from security.models import CaseEnding, CaseEntry, CaseReport, CaseState, SecurityCase, Treatment
from security.operations.case_steps import close_case, investigate_case, note_on_case, record_outcome
from security.operations.end_suspension import (
    confirm_termination,
    propose_termination,
    reinstate,
    withdraw_termination,
)
from security.operations.open_case import open_case
from security.operations.reports import send_report
from security.rules.cases import may_confirm
from security.rules.treatment import treatment_of
from tests.factories import EnrolmentFactory, UserFactory
from tests.security.conftest import WHAT, Office

pytestmark = pytest.mark.django_db


def standing(person: User) -> str:
    return User.objects.get(pk=person.pk).account_status


def steps(case: SecurityCase) -> list[str]:
    return list(CaseEntry.objects.filter(case=case).order_by("pk").values_list("what", flat=True))


def deliver(kind: str) -> OutboxMessage:
    message = OutboxMessage.objects.get(kind=kind)
    deliver_message(message.public_id)
    message.refresh_from_db()
    return message


@pytest.mark.policy("SEC-4")
def test_opening_a_graduates_case_suspends_and_tells_them(office: Office) -> None:
    case = office.case()
    assert (case.treated_as, case.state) == (Treatment.GRADUATE, CaseState.OPEN)
    assert standing(office.graduate) == AccountStatus.SUSPENDED
    assert steps(case) == ["case_opened", "account_suspended"]
    assert not CaseReport.objects.exists()
    told = deliver("security.account_suspended")
    assert (told.state, told.recipient) == (DeliveryState.SENT, office.graduate)
    assert "not decided anything" in told.body_text
    assert WHAT not in told.body_text + told.body_html


@pytest.mark.policy("SEC-4")
def test_where_the_suspension_fails_there_is_no_case(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("security.operations.open_case.suspend_account", broken)
    with pytest.raises(RuntimeError):
        office.case()
    assert not SecurityCase.objects.exists()


@pytest.mark.policy("SEC-3")
def test_a_students_account_stays_open(office: Office) -> None:
    case = office.case(office.student)
    assert case.treated_as == Treatment.STUDENT
    assert standing(office.student) == AccountStatus.GOOD
    assert User.objects.get(pk=office.student.pk).is_active
    assert not OutboxMessage.objects.filter(recipient=office.student).exists()


@pytest.mark.policy("SEC-3", "SEC-4")
@pytest.mark.parametrize(
    ("roles", "statuses", "treated_as"),
    [
        ([Role.STUDENT], ["current"], Treatment.STUDENT),
        ([Role.STUDENT], ["interrupted"], Treatment.STUDENT),
        ([Role.STUDENT, Role.GRADUATE], ["completed", "current"], Treatment.STUDENT),
        ([Role.GRADUATE], ["completed"], Treatment.GRADUATE),
        ([Role.STUDENT], ["completed"], Treatment.GRADUATE),
        ([Role.GRADUATE], [], Treatment.GRADUATE),
        ([Role.STUDENT], [], Treatment.STUDENT),
        ([Role.STUDENT], ["withdrawn"], Treatment.STUDENT),
        ([Role.ADVISER], [], Treatment.COLLEAGUE),
    ],
)
def test_who_is_treated_as_student_graduate_or_staff(
    roles: list[str], statuses: list[str], treated_as: Treatment
) -> None:
    assert treatment_of(roles, statuses) == treated_as


@pytest.mark.policy("SEC-4")
def test_a_graduate_on_a_new_course_is_treated_as_a_student(office: Office) -> None:
    EnrolmentFactory(student=office.graduate, level="postgraduate_taught")
    case = office.case()
    assert case.treated_as == Treatment.STUDENT
    assert standing(office.graduate) == AccountStatus.GOOD
    assert CaseReport.objects.filter(case=case, to="school").count() == 1


def test_one_case_at_a_time_about_one_person(office: Office) -> None:
    case = office.case()
    with pytest.raises(Refused) as refused:
        open_case(person=office.graduate, summary="Again", by=office.second)
    assert refused.value.code == "case_is_open"
    reinstate(case=case, reason="A shared flat", by=office.officer)
    assert office.case().pk != case.pk


def test_opening_a_case_is_refused(office: Office) -> None:
    for by, code in ((office.student, "not_yours"), (office.graduate, "not_yours")):
        with pytest.raises(Refused) as refused:
            open_case(person=office.graduate, summary=WHAT, by=by)
        assert (refused.value.code, refused.value.status) == (code, 403)
    with pytest.raises(Refused) as refused:
        open_case(person=office.officer, summary=WHAT, by=office.officer)
    assert refused.value.code == "about_yourself"
    with pytest.raises(Refused) as refused:
        open_case(person=office.graduate, summary=" ", by=office.officer)
    assert refused.value.code == "summary_needed"


@pytest.mark.policy("SEC-4")
def test_reinstating_opens_the_account_and_closes_the_case(office: Office) -> None:
    case = investigate_case(case=office.case(), by=office.officer)
    with pytest.raises(Refused, check=lambda refused: refused.code == "already_investigating"):
        investigate_case(case=case, by=office.second)
    reinstate(case=case, reason="A shared flat", by=office.second)
    case.refresh_from_db()
    assert (case.state, case.ending, case.closed_by) == (CaseState.CLOSED, CaseEnding.REINSTATED, office.second)
    assert standing(office.graduate) == AccountStatus.GOOD
    assert steps(case) == ["case_opened", "account_suspended", "investigation_begun", "closed_reinstated"]
    assert deliver("security.account_reinstated").state == DeliveryState.SENT
    assert deliver("security.account_suspended").state == DeliveryState.CANCELLED  # it was no longer true
    with pytest.raises(Refused) as refused:
        reinstate(case=case, reason="Again", by=office.officer)
    assert refused.value.code == "case_closed"


@pytest.mark.policy("SEC-4")
def test_termination_needs_two_people(office: Office) -> None:
    case = office.case()
    with pytest.raises(Refused) as refused:
        confirm_termination(case=case, by=office.second)
    assert refused.value.code == "not_proposed"
    propose_termination(case=case, reason="Sold the account", by=office.officer)
    assert standing(office.graduate) == AccountStatus.SUSPENDED
    with pytest.raises(Refused) as refused:
        confirm_termination(case=case, by=office.officer)
    assert refused.value.code == "second_person_needed"
    with pytest.raises(Refused) as refused:
        propose_termination(case=case, reason="Me too", by=office.second)
    assert refused.value.code == "already_proposed"
    confirm_termination(case=case, by=office.second)
    case.refresh_from_db()
    assert (case.ending, case.termination_confirmed_by) == (CaseEnding.TERMINATED, office.second)
    assert standing(office.graduate) == AccountStatus.TERMINATED
    assert "stays closed" in deliver("security.account_terminated").body_text


@pytest.mark.policy("SEC-4")
def test_the_rule_asks_for_two_people_before_the_database_does(office: Office) -> None:
    case = propose_termination(case=office.case(), reason="Sold", by=office.officer)
    assert may_confirm(case, office.officer).code == "second_person_needed"
    assert may_confirm(case, office.second)


NOT_PROPOSED = {"termination_proposed_by": None, "termination_proposed_at": None, "termination_reason": ""}


@pytest.mark.policy("SEC-4")
def test_the_database_asks_for_two_people_too(office: Office) -> None:
    case = propose_termination(case=office.case(), reason="Sold", by=office.officer)
    mine = SecurityCase.objects.filter(pk=case.pk)
    for wrong in (
        {"termination_confirmed_by": office.officer},
        {"termination_confirmed_by": office.second, **NOT_PROPOSED},
    ):
        with pytest.raises(IntegrityError, match="termination_takes_two_people"), transaction.atomic():
            mine.update(**wrong)
    with pytest.raises(IntegrityError, match="termination_was_confirmed"), transaction.atomic():
        mine.update(state="closed", ending="terminated", closed_at=database_now(), closed_by=office.officer)


@pytest.mark.policy("SEC-4")
def test_a_proposal_can_be_withdrawn_by_either(office: Office) -> None:
    case = office.case()
    for by in (office.officer, office.second):
        propose_termination(case=case, reason="Sold", by=office.officer)
        withdraw_termination(case=case, by=by)
        case.refresh_from_db()
        assert case.termination_proposed_by is None
    with pytest.raises(Refused, check=lambda refused: refused.code == "not_proposed"):
        withdraw_termination(case=case, by=office.officer)


def test_a_former_officer_cannot_confirm(office: Office) -> None:
    case = propose_termination(case=office.case(), reason="Sold", by=office.officer)
    office.second.roles = []
    with pytest.raises(Refused) as refused:
        confirm_termination(case=case, by=office.second)
    assert refused.value.code == "not_yours"


@pytest.mark.policy("SEC-3")
def test_a_students_case_ends_when_everybody_was_told_and_an_outcome_came_back(office: Office) -> None:
    case = office.case(office.student)

    def refusals() -> set[str]:
        with pytest.raises(Refused) as refused:
            close_case(case=case, ending=CaseEnding.OUTCOMES, words="Done", by=office.officer)
        return {each.code for each in refused.value.details}

    assert refusals() == {"reports_unsent", "no_outcome"}
    for report in CaseReport.objects.filter(case=case):
        send_report(report=report, by=office.officer)
    assert refusals() == {"no_outcome"}
    today = local_day(database_now())
    with pytest.raises(Refused, check=lambda refused: refused.code == "in_the_future"):
        record_outcome(case=case, kind="disciplinary", on=today + timedelta(days=1), told_by="x", by=office.officer)
    for kind in ("it_suspended", "disciplinary"):
        record_outcome(case=case, kind=kind, on=today, told_by="J. Ward, School of Law", by=office.second)
    with pytest.raises(Refused) as refused:
        close_case(case=case, ending=CaseEnding.REINSTATED, words="No", by=office.officer)
    assert refused.value.code == "ending_unknown"
    close_case(case=case, ending=CaseEnding.OUTCOMES, words="Done", by=office.officer)
    assert standing(office.student) == AccountStatus.GOOD
    with pytest.raises(Refused) as refused:
        record_outcome(case=case, kind="disciplinary", on=today, told_by="x", by=office.officer)
    assert refused.value.code == "case_closed"


@pytest.mark.policy("SEC-3")
def test_where_no_breach_is_found_nobody_has_to_be_told(office: Office) -> None:
    case = office.case(office.student)
    close_case(case=case, ending=CaseEnding.NO_BREACH, words="A typing mistake", by=office.officer)
    assert SecurityCase.objects.get(pk=case.pk).ending == CaseEnding.NO_BREACH


def test_a_graduates_case_ends_with_the_account_only(office: Office) -> None:
    case = office.case()
    with pytest.raises(Refused) as refused:
        close_case(case=case, ending=CaseEnding.NO_BREACH, words="Fine", by=office.officer)
    assert refused.value.code == "ending_unknown"
    student_case = office.case(office.student)
    with pytest.raises(Refused) as refused:
        reinstate(case=student_case, reason="Fine", by=office.officer)
    assert refused.value.code == "not_suspended"


def test_the_log_is_append_only(office: Office) -> None:
    case = office.case()
    note_on_case(case=case, words="Called them back.", by=office.second)
    mine = CaseEntry.objects.filter(case=case)
    for change in (lambda: mine.update(words="Nothing"), lambda: mine.delete()):
        with pytest.raises((IntegrityError, InternalError), match="append only"), transaction.atomic():
            change()
    with pytest.raises(Exception, match="append only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM security_caseentry")
    assert steps(case) == ["case_opened", "account_suspended", "noted"]


def test_the_audit_trail_has_every_step_and_no_words(office: Office) -> None:
    case = office.case()
    note_on_case(case=case, words="Called them back.", by=office.second)
    entries = AuditEntry.objects.filter(subject="security_case", subject_id=case.public_id)
    assert set(entries.values_list("action", flat=True)) == {"case_opened", "account_suspended", "noted"}
    assert not entries.exclude(details={}).exists()
    assert not entries.exclude(student=None).exists()


def test_a_colleague_is_reported_and_not_suspended(office: Office) -> None:
    adviser = UserFactory(roles=[Role.ADVISER])
    case = office.case(adviser)
    assert case.treated_as == Treatment.COLLEAGUE
    assert list(CaseReport.objects.filter(case=case).values_list("to", flat=True)) == ["it_services", "governance"]
    assert standing(adviser) == AccountStatus.GOOD


def test_a_day_is_written_as_people_say_it(office: Office) -> None:
    case = office.case(office.student)
    record_outcome(case=case, kind="it_suspended", on=date(2026, 3, 5), told_by="IT", by=office.officer)
    assert CaseEntry.objects.get(what="outcome_it_suspended").words == "5 March 2026, told by IT"
