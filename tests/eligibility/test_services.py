"""The published rules of real careers services, as files that an administrator could import. No code knows these
services.

Not possible yet, because the features do not exist: Portsmouth's and Edinburgh's rules about events (ten minutes late)
and Edinburgh's three working days for an answer (queries). Leicester's employer-led events are types here; absences
from events run elsewhere are recorded by hand. Not possible on purpose: Oregon's and Leicester's automatic suspensions.
We place a strike and propose a hold, and a person decides (ELIG-3). The type says how many minutes late counts as a
miss, for the people who mark attendance; nothing is marked automatically.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from accounts.models import PolicySetting
from accounts.rules.policy import policy_from
from appointments.models import AppointmentType, Booking
from appointments.notices.booking import reminders
from appointments.operations.attendance import mark_attendance
from appointments.operations.book import book_appointment
from appointments.operations.cancel import cancel_booking
from appointments.operations.choice import Details
from appointments.rules.booking import may_book_at
from appointments.rules.confidentiality import privacy_of
from eligibility.models import AllocationPolicy, AllocationUse, Strike, StrikeReview
from eligibility.operations.strikes import place_strike
from eligibility.rules.allocation import allocation_balance, may_take_one
from eligibility.rules.facts import Context, HoldFact, StudentFacts, UseFact
from eligibility.selectors.calendar import academic_calendar
from foundation.outcomes.refusals import Refused
from foundation.values.sources import Source, SourceKind
from foundation.values.times import at
from messaging.models import DeliveryState, OutboxMessage
from places.models import Confidentiality
from rulebook.file.export import document
from rulebook.file.shape import read
from rulebook.file.text import from_text, read_path, to_text
from rulebook.operations.import_rules import import_rules
from tests.cast import Cast, assemble
from tests.clock import stop_database_clock
from tests.factories import LocationFactory, publish

pytestmark = pytest.mark.django_db

SERVICES = Path(__file__).parent / "services"
NAMES = sorted(path.stem for path in SERVICES.glob("*.yaml"))
MONDAY, TUESDAY, THURSDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 26)


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return at(day, time(hour, minute))


@dataclass(frozen=True)
class OfferedService:
    """A service as its file configures it."""

    types: dict[str, AppointmentType]

    def student(self, now: datetime, *uses: UseFact, holds: tuple[HoldFact, ...] = ()) -> Context:
        facts = StudentFacts(1, now, True, False, (), {}, uses, (), holds)
        return Context(facts, academic_calendar("07-31"), policy_from({}))

    def policy(self, slug: str) -> AllocationPolicy:
        (found,) = self.types[slug].limits
        return found

    def use(self, slug: str, day: date, n: int = 1) -> UseFact:
        """One booked at noon of that day."""
        return UseFact(self.policy(slug).pk, f"booking{n}", day, moment(day, 12), "", n)

    def code(self, slug: str, starts_at: datetime, student: Context) -> str:
        return may_book_at(self.types[slug], student, starts_at).code


def miss(cast: Cast, kind: str, day: date) -> None:
    stop_database_clock(moment(day, 16))
    place_strike(
        student=cast.student, source=Source(SourceKind.ABSENCE, f"{kind[:6]}{day:%j}"), on=day, about="It", kind=kind
    )


def service(name: str) -> OfferedService:
    import_rules(file=read(read_path(SERVICES / f"{name}.yaml")), by=None)
    return OfferedService({type.slug: type for type in AppointmentType.objects.with_rules()})


def test_every_service_of_the_list_is_there() -> None:
    assert set(NAMES) >= {"cambridge", "city", "edinburgh", "leicester", "oregon", "portsmouth"}


@pytest.mark.policy("ELIG-1")
@pytest.mark.parametrize("name", NAMES)
def test_a_service_survives_export_and_import(name: str) -> None:
    service(name)
    text = to_text(document(), as_json=False)
    assert import_rules(file=read(from_text(text, as_json=False)), by=None) == []
    assert to_text(document(), as_json=False) == text


OPEN, USED, FAR, TERM, EARLY = "allowed", "allocation_used", "too_far_ahead", "out_of_term", "in_the_past"

ATTEMPTS = [
    # service, type, now, for when, other bookings, the answer
    ("city", "cv-and-advice", "2026-11-23 17:29", "2026-11-26 10:00", [], FAR),
    ("city", "cv-and-advice", "2026-11-23 17:30", "2026-11-26 10:00", [], OPEN),
    ("city", "cv-and-advice", "2026-11-20 17:30", "2026-11-25 10:00", [], OPEN),
    ("city", "cv-and-advice", "2026-11-20 17:30", "2026-11-26 10:00", [], FAR),
    ("city", "cv-and-advice", "2026-11-24 14:55", "2026-11-24 15:00", [], OPEN),
    ("city", "cv-and-advice", "2026-11-24 15:01", "2026-11-24 15:00", [], EARLY),
    ("city", "cv-and-advice", "2026-12-11 17:30", "2026-12-14 10:00", [], TERM),
    ("city", "guidance", "2026-12-11 17:30", "2026-12-14 10:00", [], OPEN),
    ("city", "guidance", "2026-11-23 12:00", "2026-12-07 10:00", [], OPEN),
    ("city", "guidance", "2026-11-23 12:00", "2026-12-08 10:00", [], FAR),
    ("city", "cv-and-advice", "2026-11-23 18:00", "2026-11-26 10:00", [("cv-and-advice", "2026-11-24")], USED),
    ("city", "guidance", "2026-11-23 18:00", "2026-11-26 10:00", [("cv-and-advice", "2026-11-24")], OPEN),
    ("city", "interview", "2026-11-23 18:00", "2026-11-26 10:00", [("guidance", "2026-11-24")], OPEN),
    ("city", "cv-and-advice", "2026-11-24 18:00", "2026-11-26 10:00", [("cv-and-advice", "2026-11-24")], OPEN),
    # The clocks go back in the night to 25 October 2026: half past five stays half past five.
    ("city", "cv-and-advice", "2026-10-23 17:29", "2026-10-28 10:00", [], FAR),
    ("city", "cv-and-advice", "2026-10-23 17:30", "2026-10-28 10:00", [], OPEN),
    ("city", "cv-and-advice", "2026-10-26 17:29", "2026-10-29 10:00", [], FAR),
    ("city", "cv-and-advice", "2026-10-26 17:30", "2026-10-29 10:00", [], OPEN),
    *(
        ("cambridge", type, "2026-11-23 12:00", f"{day} 10:00", booked, answer)
        for type in ("chat", "mock-interview")
        for booked in ([("chat", "2026-11-02"), ("mock-interview", "2026-11-10"), ("chat", "2026-11-20")],)
        for day, answer in (("2026-11-29", USED), ("2026-11-30", OPEN))
    ),
    ("cambridge", "chat", "2026-11-23 12:00", "2026-11-29 10:00", [("chat", "2026-11-02")], OPEN),
    ("portsmouth", "appointment", "2026-11-23 12:00", "2027-01-18 10:00", [("appointment", "2026-11-02")], USED),
    ("edinburgh", "appointment", "2026-11-23 12:00", "2026-11-26 10:00", [], OPEN),
    *(
        ("oregon", "appointment", now, when, [("appointment", "2026-10-01"), ("appointment", "2026-11-24")], answer)
        for now, when, answer in (
            ("2026-11-23 12:00", "2026-12-11 10:00", USED),
            # The vacation belongs to the term before it.
            ("2026-12-14 12:00", "2026-12-18 10:00", USED),
            ("2026-12-14 12:00", "2027-01-11 10:00", OPEN),
        )
    ),
    ("leicester", "mock-centre", "2026-11-23 09:00", "2026-11-24 10:00", [("mock-centre", "2026-11-02")], USED),
    ("leicester", "workshop", "2026-11-23 09:00", "2026-11-24 10:00", [("mock-centre", "2026-11-02")], OPEN),
    ("leicester", "practice-interview", "2026-11-23 09:00", "2026-11-24 10:00", [("workshop", "2026-11-02")], OPEN),
]


@pytest.mark.policy("ELIG-1")
@pytest.mark.parametrize(("name", "type", "now", "when", "booked", "answer"), ATTEMPTS)
def test_dated_attempts(name: str, type: str, now: str, when: str, booked: list[tuple[str, str]], answer: str) -> None:
    there = service(name)
    uses = [there.use(slug, date.fromisoformat(day), n) for n, (slug, day) in enumerate(booked)]
    student = there.student(wall(now), *uses)
    assert there.code(type, wall(when), student) == answer


def wall(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    return at(read.date(), read.time())


class TestCambridge:
    @pytest.mark.policy("ELIG-1")
    def test_it_says_when_the_next_is_available(self) -> None:
        there = service("cambridge")
        days = [date(2026, 11, day) for day in (2, 10, 20)]
        student = there.student(moment(MONDAY, 12), *(there.use("chat", day, n) for n, day in enumerate(days)))
        where = allocation_balance(there.policy("chat"), student.facts, MONDAY, student.calendar)
        assert (where.left, where.again_on) == (0, date(2026, 11, 30))
        assert "in any 28 days" in where.sentence


def booked_for_ten(name: str) -> tuple[Cast, Booking]:
    """Booked on Monday for Thursday, with the service's own type, which allows one."""
    stop_database_clock(moment(MONDAY, 9))
    cast = assemble()
    cast.type = service(name).types["appointment"]
    publish(cast.adviser, cast.type, cast.room, day=THURSDAY)
    choice = cast.choice(9, 40, day=THURSDAY)
    booking = book_appointment(student=cast.student, choice=choice, details=Details(), by=cast.student)
    return cast, booking


def counts_after_cancelling(cast: Cast, booking: Booking, before_start: timedelta) -> bool:
    stop_database_clock(booking.starts_at - before_start)
    cancel_booking(booking=booking, by=cast.student)
    return AllocationUse.objects.filter(source_id=booking.public_id).exists()


class TestPortsmouth:
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
    def test_cancel_a_day_before_or_it_counts(self, before: timedelta, counts: bool) -> None:
        cast, booking = booked_for_ten("portsmouth")
        assert counts_after_cancelling(cast, booking, before) is counts

    @pytest.mark.policy("APPT-5")
    def test_reminder_the_day_before(self) -> None:
        _, booking = booked_for_ten("portsmouth")
        waiting = OutboxMessage.objects.filter(kind="appointments.reminder", state=DeliveryState.QUEUED)
        assert [message.not_before for message in waiting] == [booking.starts_at - timedelta(hours=24)]

    @pytest.mark.policy("APPT-5")
    def test_reminder_hours_are_a_setting(self) -> None:
        _, booking = booked_for_ten("portsmouth")
        PolicySetting.objects.create(key="reminder_hours_before", value=48, effective_from=MONDAY)
        policy = policy_from(dict(PolicySetting.objects.values_list("key", "value")))
        due = {notice.not_before for notice in reminders(booking, policy, moment(MONDAY, 9))}
        assert due == {booking.starts_at - timedelta(hours=48)}

    @pytest.mark.policy("APPT-1", "APPT-2")
    def test_an_open_desk_or_a_room(self) -> None:
        type = service("portsmouth").types["appointment"]
        desk = LocationFactory(confidentiality=Confidentiality.NOT_CONFIDENTIAL, confidentiality_note="Open desk.")
        room = LocationFactory(confidentiality=Confidentiality.CONFIDENTIAL, confidentiality_note="Room 7.")
        assert privacy_of(type, desk).level == Confidentiality.NOT_CONFIDENTIAL
        assert privacy_of(type, room).sentence == "Room 7."


class TestEdinburgh:
    @pytest.mark.policy("ELIG-2")
    @pytest.mark.parametrize(("minutes", "counts"), [(121, False), (120, False), (119, True)])
    def test_cancel_two_hours_before(self, minutes: int, counts: bool) -> None:
        cast, booking = booked_for_ten("edinburgh")
        assert counts_after_cancelling(cast, booking, timedelta(minutes=minutes)) is counts

    @pytest.mark.policy("ELIG-2")
    def test_five_minutes_late(self) -> None:
        cast, booking = booked_for_ten("edinburgh")
        assert cast.type.late_after_minutes == 5
        stop_database_clock(booking.starts_at + timedelta(minutes=5))
        mark_attendance(booking=booking, outcome="missed", by=cast.adviser)
        assert AllocationUse.objects.filter(source_id=booking.public_id).exists()
        assert Strike.objects.filter(student=cast.student).count() == 1


class TestOregon:
    @pytest.mark.policy("ELIG-2")
    def test_cancel_until_the_start(self) -> None:
        cast, booking = booked_for_ten("oregon")
        assert cast.type.late_after_minutes == 10
        stop_database_clock(booking.starts_at)
        with pytest.raises(Refused) as refused:
            cancel_booking(booking=booking, by=cast.student)
        assert refused.value.code == "too_late"
        assert counts_after_cancelling(cast, booking, timedelta(seconds=1)) is False

    @pytest.mark.policy("ELIG-1")
    def test_so_many_a_term(self) -> None:
        """The institution's terms are its semesters, each including the vacation after it."""
        there = service("oregon")
        two = there.student(
            moment(MONDAY, 12),
            there.use("appointment", date(2026, 10, 1), 1),
            there.use("appointment", TUESDAY, 2),
        )
        policy = there.policy("appointment")
        assert not may_take_one([policy], two.facts, date(2026, 12, 18), two.calendar)
        assert may_take_one([policy], two.facts, date(2027, 1, 11), two.calendar)

    @pytest.mark.policy("ELIG-3")
    def test_suspended_until_a_conversation(self) -> None:
        """Two strikes are shown; a person places a hold until the day of the conversation."""
        there = service("oregon")
        hold = HoldFact("You have missed two appointments: let us talk.", MONDAY, THURSDAY)
        held = there.student(moment(TUESDAY, 9), holds=(hold,))
        assert there.code("appointment", moment(date(2026, 11, 30), 10), held) == "on_hold"
        talked = replace(held, facts=replace(held.facts, now=moment(THURSDAY, 9)))
        assert there.code("appointment", moment(date(2026, 11, 30), 10), talked) == OPEN

    @pytest.mark.policy("ELIG-3")
    def test_the_second_miss_proposes_a_suspension(self) -> None:
        service("oregon")
        cast = assemble()
        miss(cast, "appointment", TUESDAY)
        assert (OutboxMessage.objects.count(), StrikeReview.objects.count()) == (1, 0)
        miss(cast, "appointment", THURSDAY)
        assert StrikeReview.objects.get().step == "hold"


class TestLeicester:
    @pytest.mark.policy("ELIG-3")
    def test_one_missed_employer_event_proposes_it_and_other_misses_are_counted_apart(self) -> None:
        service("leicester")
        cast = assemble()
        miss(cast, "other", TUESDAY)
        assert not StrikeReview.objects.exists()
        miss(cast, "event", TUESDAY)
        assert (StrikeReview.objects.get().rule, StrikeReview.objects.get().step) == ("events", "hold")

    @pytest.mark.policy("ELIG-3")
    def test_one_hold_blocks_everything_until_the_apology(self) -> None:
        there = service("leicester")
        hold = HoldFact("Please write to the employer whose event you missed.", MONDAY, date(2027, 7, 31))
        held = there.student(moment(TUESDAY, 9), holds=(hold,))
        apologised = there.student(moment(TUESDAY, 9))
        for slug in there.types:
            assert there.code(slug, moment(THURSDAY, 10), held) == "on_hold"
            assert there.code(slug, moment(THURSDAY, 10), apologised) == OPEN
