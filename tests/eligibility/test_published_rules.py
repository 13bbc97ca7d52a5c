"""What real careers services publish about their appointments, said as configuration and without code.

Not to be said yet, because what they speak of is not built: Portsmouth's and Edinburgh's rules about events (ten
minutes late) and Edinburgh's three working days for an answer (queries); Leicester's count of employer-led events
(events; their allocation is shown here with types in their place). Not to be said on purpose: Oregon's and Leicester's
suspensions that come by themselves. A strike is placed by itself; a hold is a person's decision (ELIG-3). How many
minutes late is a miss stands on the type, for the people who mark attendance; nothing is marked by itself.
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from accounts.models import PolicySetting
from accounts.policy import policy_from
from appointments.models import AppointmentType, Booking, Confidentiality
from appointments.notices.booking import reminders
from appointments.operations.attendance import mark_attendance
from appointments.operations.book import book_appointment
from appointments.operations.cancel import cancel_booking
from appointments.operations.choice import Details
from appointments.rules.booking import may_book_at
from appointments.rules.confidentiality import privacy_of
from appointments.rules.windows import may_start_at
from careerconnect.foundation.refusals import Refused
from careerconnect.foundation.times import at
from eligibility.calendar import AcademicCalendar, Span
from eligibility.facts import Context, HoldFact, StudentFacts, UseFact
from eligibility.models import AllocationPolicy, AllocationUse, Period, Strike
from eligibility.rules.allocation import may_take_one, standing
from messaging.models import OutboxMessage, State
from tests.cast import Cast, assemble
from tests.clock import stop_database_clock
from tests.factories import AllocationPolicyFactory, AppointmentTypeFactory, LocationFactory, publish

TERM = Span("term:1", "Autumn", date(2026, 9, 21), date(2026, 12, 12))
NEXT = Span("term:2", "Spring", date(2027, 1, 11), date(2027, 3, 20))
CALENDAR = AcademicCalendar(semesters=(TERM, NEXT), terms=(TERM, NEXT))
MONDAY, TUESDAY, THURSDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 26)


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return at(day, time(hour, minute))


def student(now: datetime, *uses: UseFact, holds: tuple[HoldFact, ...] = ()) -> Context:
    facts = StudentFacts(1, now, True, False, (), {}, uses, (), holds)
    return Context(facts, CALENDAR, policy_from({}))


def use(policy: AllocationPolicy, day: date, n: int = 1) -> UseFact:
    return UseFact(policy.pk, f"booking{n}", day, moment(day, 12), "", n)


@pytest.fixture
def open_to_all(db: None) -> Any:
    def make(*policies: AllocationPolicy, **fields: Any) -> AppointmentType:
        return AppointmentTypeFactory(policies=list(policies), **fields)

    return make


class TestCity:
    """20-minute CV and advice appointments three days ahead, released each evening at 17:30; 40-minute interview or
    guidance two weeks ahead; one of each type at a time; application advisers in term only; leftovers the same day."""

    @pytest.fixture
    def advice(self, open_to_all: Any) -> Any:
        one = AllocationPolicyFactory(name="CV and advice", period=Period.AT_ONE_TIME)
        return open_to_all(
            one, minutes=20, turnaround_minutes=0, release_time=time(17, 30), release_working_days=3, term_only=True
        )

    @pytest.fixture
    def guidance(self, open_to_all: Any) -> Any:
        one = AllocationPolicyFactory(name="Guidance", period=Period.AT_ONE_TIME)
        return open_to_all(one, minutes=40, turnaround_minutes=0, horizon_days=14)

    @pytest.mark.policy("ELIG-1")
    def test_released_each_evening(self, advice: Any) -> None:
        before, after = moment(MONDAY, 17, 29), moment(MONDAY, 17, 30)
        assert may_start_at(advice, moment(THURSDAY, 10), before, CALENDAR).code == "too_far_ahead"
        assert may_start_at(advice, moment(THURSDAY, 10), after, CALENDAR)
        friday_evening = moment(date(2026, 11, 20), 17, 30)
        assert may_start_at(advice, moment(date(2026, 11, 25), 10), friday_evening, CALENDAR)
        assert not may_start_at(advice, moment(THURSDAY, 10), friday_evening, CALENDAR)

    def test_guidance_two_weeks_ahead(self, guidance: Any) -> None:
        now = moment(MONDAY, 12)
        assert may_start_at(guidance, moment(MONDAY + timedelta(days=14), 10), now, CALENDAR)
        assert not may_start_at(guidance, moment(MONDAY + timedelta(days=15), 10), now, CALENDAR)

    @pytest.mark.policy("ELIG-1")
    def test_one_of_each_type_at_a_time(self, advice: Any, guidance: Any) -> None:
        (of_advice,) = advice.policies.all()
        booked = use(of_advice, TUESDAY)
        waiting = student(moment(MONDAY, 18), booked)
        assert may_book_at(advice, waiting, moment(THURSDAY, 10)).code == "allocation_used"
        assert may_book_at(guidance, waiting, moment(THURSDAY, 10))
        been = student(moment(TUESDAY, 18), booked)
        assert may_book_at(advice, been, moment(THURSDAY, 10))

    def test_in_term_only(self, advice: Any, guidance: Any) -> None:
        friday, monday = date(2026, 12, 11), date(2026, 12, 14)
        now = moment(friday, 17, 30)
        assert may_start_at(advice, moment(monday, 10), now, CALENDAR).code == "out_of_term"
        assert may_start_at(guidance, moment(monday, 10), now, CALENDAR)

    def test_leftovers_the_same_day(self, advice: Any) -> None:
        assert may_start_at(advice, moment(TUESDAY, 15), moment(TUESDAY, 14, 55), CALENDAR)


class TestCambridge:
    """At most three contacts with a consultant in any rolling four weeks."""

    @pytest.fixture
    def contacts(self, db: None) -> AllocationPolicy:
        return AllocationPolicyFactory(
            name="Contacts with a consultant", limit=3, period=Period.ROLLING_DAYS, rolling_days=28
        )

    @pytest.mark.policy("ELIG-1")
    def test_over_a_group_of_types(self, contacts: AllocationPolicy, open_to_all: Any) -> None:
        chat, interview = open_to_all(contacts), open_to_all(contacts)
        days = [date(2026, 11, day) for day in (2, 10, 20)]
        three = student(moment(MONDAY, 12), *(use(contacts, day, n) for n, day in enumerate(days)))
        for type in (chat, interview):
            assert may_book_at(type, three, moment(date(2026, 11, 29), 10)).code == "allocation_used"
            assert may_book_at(type, three, moment(date(2026, 11, 30), 10))

    @pytest.mark.policy("ELIG-1")
    def test_it_says_when_there_is_one_again(self, contacts: AllocationPolicy) -> None:
        days = [date(2026, 11, day) for day in (2, 10, 20)]
        facts = student(moment(MONDAY, 12), *(use(contacts, day, n) for n, day in enumerate(days))).facts
        where = standing(contacts, facts, MONDAY, CALENDAR)
        assert (where.left, where.again_on) == (0, date(2026, 11, 30))
        assert "in any 28 days" in where.sentence


def booked_for_ten(**type_fields: Any) -> tuple[Cast, Booking]:
    """Booked on Monday for Thursday at ten, with the type as configured and one appointment a term."""
    stop_database_clock(moment(MONDAY, 9))
    cast = assemble()
    AppointmentType.objects.filter(pk=cast.type.pk).update(**type_fields)
    AllocationPolicy.objects.filter(pk=cast.policy.pk).update(limit=1)
    cast.type.refresh_from_db()
    publish(cast.adviser, cast.type, cast.room, day=THURSDAY)
    choice = cast.choice(9, 40, day=THURSDAY)
    booking = book_appointment(student=cast.student, choice=choice, details=Details(), by=cast.student)
    return cast, booking


def counts_after_cancelling(cast: Cast, booking: Booking, before_start: timedelta) -> bool:
    stop_database_clock(booking.starts_at - before_start)
    cancel_booking(booking=booking, by=cast.student)
    return AllocationUse.objects.filter(claim=booking.public_id).exists()


class TestPortsmouth:
    """Cancel 24 hours before; reminder the day before; open desks unless privacy is asked for."""

    @pytest.mark.policy("ELIG-2")
    @pytest.mark.parametrize(
        ("before", "counts"),
        [
            (timedelta(hours=24, seconds=1), False),
            (timedelta(hours=24), False),
            (timedelta(hours=23, minutes=59), True),
            (timedelta(minutes=1), True),
        ],
    )
    def test_cancel_a_day_before_or_it_counts(self, db: None, before: timedelta, counts: bool) -> None:
        cast, booking = booked_for_ten(cancel_notice_minutes=24 * 60)
        assert counts_after_cancelling(cast, booking, before) is counts

    @pytest.mark.policy("APPT-5")
    def test_reminder_the_day_before(self, db: None) -> None:
        _, booking = booked_for_ten()
        waiting = OutboxMessage.objects.filter(kind="appointments.reminder", state=State.QUEUED)
        assert [message.not_before for message in waiting] == [booking.starts_at - timedelta(hours=24)]

    @pytest.mark.policy("APPT-5")
    def test_reminder_hours_are_a_setting(self, db: None) -> None:
        _, booking = booked_for_ten()
        PolicySetting.objects.create(key="reminder_hours_before", value=48, effective_from=MONDAY)
        policy = policy_from(dict(PolicySetting.objects.values_list("key", "value")))
        due = {notice.not_before for notice in reminders(booking, policy, moment(MONDAY, 9))}
        assert due == {booking.starts_at - timedelta(hours=48)}

    @pytest.mark.policy("APPT-1", "APPT-2")
    def test_an_open_desk_or_a_room(self, open_to_all: Any) -> None:
        type = open_to_all()
        desk = LocationFactory(confidentiality=Confidentiality.NOT_CONFIDENTIAL, confidentiality_note="Open desk.")
        room = LocationFactory(confidentiality=Confidentiality.CONFIDENTIAL, confidentiality_note="Private room.")
        assert privacy_of(type, desk).level == Confidentiality.NOT_CONFIDENTIAL
        assert privacy_of(type, room).sentence == "Private room."


class TestEdinburgh:
    """Cancel two hours before; five minutes late is a miss for an appointment."""

    @pytest.mark.policy("ELIG-2")
    @pytest.mark.parametrize(("minutes", "counts"), [(121, False), (120, False), (119, True)])
    def test_cancel_two_hours_before(self, db: None, minutes: int, counts: bool) -> None:
        cast, booking = booked_for_ten(cancel_notice_minutes=120)
        assert counts_after_cancelling(cast, booking, timedelta(minutes=minutes)) is counts

    @pytest.mark.policy("ELIG-2")
    def test_five_minutes_late(self, db: None) -> None:
        cast, booking = booked_for_ten(late_after_minutes=5)
        assert cast.type.late_after_minutes == 5
        stop_database_clock(booking.starts_at + timedelta(minutes=5))
        mark_attendance(booking=booking, outcome="missed", by=cast.adviser)
        assert AllocationUse.objects.filter(claim=booking.public_id).exists()
        assert Strike.objects.filter(student=cast.student).count() == 1


class TestOregon:
    """Cancel until the start, ten minutes late is a miss; per term; a second miss suspends until a conversation."""

    @pytest.mark.policy("ELIG-2")
    def test_cancel_until_the_start(self, db: None) -> None:
        cast, booking = booked_for_ten(cancel_notice_minutes=0, late_after_minutes=10)
        stop_database_clock(booking.starts_at)
        with pytest.raises(Refused) as refused:
            cancel_booking(booking=booking, by=cast.student)
        assert refused.value.code == "too_late"
        assert counts_after_cancelling(cast, booking, timedelta(seconds=1)) is False

    @pytest.mark.policy("ELIG-1")
    def test_so_many_a_term(self, db: None) -> None:
        """The institution's terms are its semesters; the vacation after one belongs to it."""
        policy = AllocationPolicyFactory(limit=2, period=Period.SEMESTER)
        two = student(moment(MONDAY, 12), use(policy, date(2026, 10, 1), 1), use(policy, TUESDAY, 2)).facts
        assert not may_take_one([policy], two, date(2026, 12, 18), CALENDAR)
        assert may_take_one([policy], two, date(2027, 1, 11), CALENDAR)

    @pytest.mark.policy("ELIG-3")
    def test_suspended_until_a_conversation(self, open_to_all: Any) -> None:
        """Two strikes are there to be seen; a person holds, until the day of the conversation."""
        hold = HoldFact("You have missed two appointments: let us talk.", MONDAY, THURSDAY)
        held = student(moment(TUESDAY, 9), holds=(hold,))
        type = open_to_all()
        assert may_book_at(type, held, moment(date(2026, 11, 30), 10)).code == "on_hold"
        talked = Context(replace(held.facts, now=moment(THURSDAY, 9)), CALENDAR, held.policy)
        assert may_book_at(type, talked, moment(date(2026, 11, 30), 10))


class TestLeicester:
    """Employer-led events counted apart from other sessions and from interviews; a block covers everything."""

    @pytest.mark.policy("ELIG-1")
    def test_counted_apart(self, open_to_all: Any) -> None:
        employers, sessions = AllocationPolicyFactory(name="Employer-led"), AllocationPolicyFactory(name="Sessions")
        mock_centre, workshop = open_to_all(employers, capacity=12), open_to_all(sessions, capacity=20)
        been = student(moment(MONDAY, 9), use(employers, date(2026, 11, 2)))
        assert may_book_at(mock_centre, been, moment(TUESDAY, 10)).code == "allocation_used"
        assert may_book_at(workshop, been, moment(TUESDAY, 10))

    @pytest.mark.policy("ELIG-3")
    def test_one_hold_blocks_everything_until_the_apology(self, open_to_all: Any) -> None:
        hold = HoldFact("Please write to the employer whose event you missed.", MONDAY, date(2027, 7, 31))
        held = student(moment(TUESDAY, 9), holds=(hold,))
        assert {may_book_at(open_to_all(), held, moment(THURSDAY, 10)).code for _ in range(3)} == {"on_hold"}
        apologised = student(moment(TUESDAY, 9))
        assert may_book_at(open_to_all(), apologised, moment(THURSDAY, 10))
