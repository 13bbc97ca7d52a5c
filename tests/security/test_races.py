"""Two officers at once, and an officer against a graduate who is booking: one wins, and all data agrees with it."""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import transaction

from accounts.models import AccountStatus, User
from accounts.operations.account_status import suspend_account
from appointments.models import Booking, BookingStatus
from appointments.operations.book import book_appointment
from appointments.operations.cancel import cancel_booking
from appointments.operations.choice import Details
from messaging.models import OutboxMessage
from security.models import CaseEnding, CaseEntry, CaseReport, Lead, LeadKind, SecurityCase
from security.operations.end_suspension import confirm_termination, propose_termination, reinstate
from security.operations.judge_lead import dismiss_lead
from security.operations.open_case import open_case
from security.operations.open_lead import open_lead
from security.operations.reports import send_report
from tests.appointments.racing import race
from tests.cast import Cast, assemble
from tests.security.conftest import WHAT, Office, assemble_office

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races, pytest.mark.policy("SEC-4")]

ROUNDS = 6


@pytest.fixture
def stage(transactional_db: None) -> tuple[Cast, Office]:
    return assemble(), assemble_office()


def opening(office: Office, by: User) -> Callable[[], SecurityCase]:
    return partial(open_case, person=office.graduate, summary=WHAT, by=by)


def test_no_booking_escapes_a_suspension(stage: tuple[Cast, Office]) -> None:
    cast, office = stage
    cast.type.policies.clear()
    hours = [(9, 0), (9, 40), (10, 20), (11, 0), (11, 40), (12, 20), (13, 0), (13, 40)]
    bookings = [
        partial(
            book_appointment,
            student=office.graduate,
            choice=cast.choice(hour, minute),
            details=Details(),
            by=office.graduate,
        )
        for hour, minute in hours
    ]
    outcome = race([*bookings[:4], opening(office, office.officer), *bookings[4:]])
    assert not outcome.broken
    assert outcome.codes <= {"account_suspended"}
    assert len(outcome.done) + len(outcome.refused) == len(hours) + 1
    assert not Booking.objects.exclude(status=BookingStatus.HELD).exists()
    assert Booking.objects.count() == len(outcome.done) - 1


@pytest.mark.parametrize("first", ["booking", "suspension"])
def test_the_second_waits_until_the_first_has_committed(stage: tuple[Cast, Office], first: str) -> None:
    cast, office = stage
    booking = partial(
        book_appointment, student=office.graduate, choice=cast.choice(9), details=Details(), by=office.graduate
    )
    suspension = opening(office, office.officer)
    begun, commit = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            (booking if first == "booking" else suspension)()
            begun.set()
            commit.wait(10)

    def quick() -> None:
        begun.wait(10)
        threading.Timer(0.5, commit.set).start()
        (suspension if first == "booking" else booking)()

    outcome = race([slow, quick])
    assert not outcome.broken
    assert outcome.codes == (set() if first == "booking" else {"account_suspended"})
    assert set(Booking.objects.values_list("status", flat=True)) == ({"held"} if first == "booking" else set())


def test_a_cancellation_and_a_suspension_agree(stage: tuple[Cast, Office]) -> None:
    cast, office = stage
    booking = book_appointment(student=office.graduate, choice=cast.choice(9), details=Details(), by=office.graduate)
    outcome = race([partial(cancel_booking, booking=booking, by=office.graduate), opening(office, office.officer)])
    assert not outcome.broken
    booking.refresh_from_db()
    assert booking.status == (BookingStatus.HELD if outcome.codes == {"held"} else BookingStatus.CANCELLED)


def test_two_officers_open_one_case(stage: tuple[Cast, Office]) -> None:
    _, office = stage
    outcome = race([opening(office, office.officer), opening(office, office.second)] * 4)
    assert not outcome.broken
    assert (len(outcome.done), outcome.codes) == (1, {"case_is_open"})
    assert OutboxMessage.objects.filter(kind="security.account_suspended").count() == 1


def test_a_reinstatement_happens_once(stage: tuple[Cast, Office]) -> None:
    cast, office = stage
    booking = book_appointment(student=office.graduate, choice=cast.choice(9), details=Details(), by=office.graduate)
    case = office.case()
    runners = [partial(reinstate, case=case, reason="Fine", by=by) for by in (office.officer, office.second)] * 4
    outcome = race(runners)
    assert not outcome.broken
    assert (len(outcome.done), outcome.codes) == (1, {"case_closed"})
    booking.refresh_from_db()
    assert (booking.status, booking.sequence) == (BookingStatus.BOOKED, 2)
    assert CaseEntry.objects.filter(what="closed_reinstated").count() == 1


def test_terminated_or_reinstated_but_never_both(stage: tuple[Cast, Office]) -> None:
    cast, office = stage
    ends = set()
    for _ in range(ROUNDS):
        person = User.objects.create_user(f"g{len(ends)}{_}@example.ac.uk", given_name="G", roles=["graduate"])
        booking = book_appointment(student=person, choice=cast.choice(9), details=Details(), by=person)
        case = propose_termination(case=office.case(person), reason="Sold", by=office.officer)
        outcome = race(
            [
                partial(confirm_termination, case=case, by=office.second),
                partial(reinstate, case=case, reason="Fine", by=office.officer),
                partial(confirm_termination, case=case, by=office.officer),
            ]
        )
        assert not outcome.broken
        assert len(outcome.done) == 1
        assert outcome.codes <= {"case_closed", "second_person_needed"}
        case.refresh_from_db()
        person.refresh_from_db()
        booking.refresh_from_db()
        ended = {
            CaseEnding.REINSTATED: (AccountStatus.GOOD, True, BookingStatus.BOOKED),
            CaseEnding.TERMINATED: (AccountStatus.TERMINATED, False, BookingStatus.CANCELLED_BY_SERVICE),
        }
        assert (person.account_status, person.is_active, booking.status) == ended[CaseEnding(case.ending)]
        ends.add(case.ending)
        booking.delete()


def test_a_report_is_sent_once(stage: tuple[Cast, Office]) -> None:
    _, office = stage
    office.case(office.student)
    report = CaseReport.objects.select_related("case__person").filter(to="school").get()
    outcome = race([partial(send_report, report=report, by=by) for by in (office.officer, office.second)] * 4)
    assert not outcome.broken
    assert (len(outcome.done), outcome.codes) == (1, {"already_sent"})
    assert OutboxMessage.objects.filter(kind="security.case_report").count() == 1


@pytest.mark.policy("SEC-1")
def test_a_lead_is_judged_once_and_opened_once(stage: tuple[Cast, Office]) -> None:
    _, office = stage
    sign = partial(open_lead, person=office.graduate, kind=LeadKind.MANY_DEVICES, evidence={"devices": 9})
    outcome = race([sign] * 12)
    assert not outcome.broken
    lead = Lead.objects.get()
    assert lead.times_seen == 12
    outcome = race(
        [
            partial(dismiss_lead, lead=lead, reason="On a train", by=office.officer),
            partial(open_case, person=office.graduate, summary=WHAT, by=office.second, lead=lead),
        ]
        * 3
    )
    assert not outcome.broken
    assert len(outcome.done) == 1
    assert outcome.codes <= {"already_judged", "case_is_open"}
    lead.refresh_from_db()
    assert SecurityCase.objects.count() == (lead.state == "case")


def test_a_suspension_happens_once(stage: tuple[Cast, Office]) -> None:
    _, office = stage
    outcome = race([partial(suspend_account, person=office.graduate, by=office.officer)] * 8)
    assert not outcome.broken
    assert (len(outcome.done), outcome.codes) == (1, {"already_suspended"})
    assert User.objects.get(pk=office.graduate.pk).sign_in_epoch == 1
