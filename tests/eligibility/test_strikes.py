"""What follows a missed appointment: counting, the friendly message, the review and the proposed hold (ELIG-3)."""

from datetime import date, timedelta
from functools import partial

import pytest
from syrupy.assertion import SnapshotAssertion

from accounts.models import AuditEntry, User
from appointments.models import Booking
from appointments.operations.attendance import mark_attendance, reverse_attendance
from appointments.operations.book import count_use
from eligibility.models import AllocationUse, Grant, Period, Strike, StrikeReview
from eligibility.models.misses import SHIPPED
from eligibility.operations.circumstances import accept_circumstances
from eligibility.operations.close_review import close_review
from eligibility.operations.strikes import excuse_strike, place_strike, record_absence
from eligibility.selectors.student_facts import student_context
from foundation.outcomes.refusals import Refused
from foundation.values.sources import Source, SourceKind
from foundation.values.times import database_now, local_day
from messaging.models import DeliveryState, OutboxMessage
from messaging.operations.deliver import deliver_message
from tests.appointments.racing import race
from tests.cast import Cast, assemble
from tests.factories import miss_rules, stored_booking

pytestmark = [pytest.mark.django_db, pytest.mark.policy("ELIG-3")]


def today() -> date:
    return local_day(database_now())


@pytest.fixture(autouse=True)
def no_reset() -> None:
    """Counting never starts again, because tests run on any day of the year."""
    miss_rules(*SHIPPED, per="ever")


def missed(cast: Cast, days_ago: int, student: User | None = None) -> Booking:
    student = student or cast.student
    booking = stored_booking(
        student, cast.adviser, cast.type, cast.room, database_now() - timedelta(days=days_ago, minutes=15)
    )
    count_use(booking, cast.type, student, student_context(student.pk))
    return mark_attendance(booking=booking, outcome="missed", by=cast.adviser)


def strike_of(booking: Booking) -> Strike:
    return Strike.objects.get(source_id=booking.public_id)


class TestThresholds:
    def test_the_first_miss_only_sends_a_friendly_message(self, cast: Cast) -> None:
        missed(cast, 1)
        message = OutboxMessage.objects.get(kind="eligibility.missed")
        assert message.not_before > database_now() + timedelta(minutes=110)
        assert not StrikeReview.objects.exists()

    def test_the_second_miss_opens_a_review_and_the_third_proposes_a_hold(self, cast: Cast) -> None:
        missed(cast, 30)
        missed(cast, 20)
        review = StrikeReview.objects.get()
        assert (review.step, review.strikes, review.is_open) == ("review", 2, True)
        missed(cast, 1)
        review.refresh_from_db()
        assert (review.step, review.strikes) == ("hold", 3)
        assert not cast.student.holds.exists()
        assert AuditEntry.objects.filter(action="hold_proposed", student=cast.student).exists()

    def test_undoing_a_miss_removes_its_review(self, cast: Cast) -> None:
        missed(cast, 30)
        second = missed(cast, 1)
        reverse_attendance(booking=second, reason="The wrong person.", by=cast.adviser)
        review = StrikeReview.objects.get()
        assert (review.outcome, review.closed_by) == ("lapsed", None)
        assert Strike.objects.count() == 1

    def test_excusing_a_miss_steps_the_proposal_back(self, cast: Cast) -> None:
        bookings = [missed(cast, days) for days in (30, 20, 1)]
        excuse_strike(strike=strike_of(bookings[0]), because="In hospital.", by=cast.manager)
        assert (StrikeReview.objects.get().step, StrikeReview.objects.get().strikes) == ("review", 2)

    def test_a_decided_review_stays_decided_and_the_next_miss_opens_another(self, cast: Cast) -> None:
        missed(cast, 30)
        missed(cast, 20)
        close_review(review=StrikeReview.objects.get(), outcome="contacted", words="We talked.", by=cast.manager)
        assert not StrikeReview.objects.open().exists()
        missed(cast, 1)
        assert StrikeReview.objects.open().get().step == "hold"

    def test_marking_twice_places_one_strike_and_one_message(self, cast: Cast) -> None:
        for _ in range(2):
            place_strike(
                student=cast.student, source=Source(SourceKind.ABSENCE, "x" * 12), on=today(), about="Guidance"
            )
        assert (Strike.objects.count(), OutboxMessage.objects.filter(kind="eligibility.missed").count()) == (1, 1)

    def test_an_absence_kept_elsewhere_has_its_own_counter(self, cast: Cast) -> None:
        missed(cast, 3)
        record_absence(student=cast.student, kind="event", about="Law fair", on=today(), by=cast.manager)
        assert StrikeReview.objects.get().rule == "event"

    @pytest.mark.parametrize("who", ["student", "front_desk", "administrator", "outsider"])
    def test_people_without_permission_cannot_record_or_excuse(self, cast: Cast, who: str) -> None:
        strike = strike_of(missed(cast, 1))
        by = getattr(cast, who)
        with pytest.raises(Refused):
            record_absence(student=cast.student, kind="event", about="Law fair", on=today(), by=by)
        with pytest.raises(Refused):
            excuse_strike(strike=strike, because="Please.", by=by)
        assert Strike.objects.counting().count() == 1

    def test_an_absence_cannot_be_in_the_future(self, cast: Cast) -> None:
        with pytest.raises(Refused) as refused:
            record_absence(
                student=cast.student, kind="event", about="Fair", on=today() + timedelta(days=1), by=cast.manager
            )
        assert refused.value.code == "not_yet"


class TestMessage:
    def test_it_is_kind_and_says_how_to_tell_us(self, cast: Cast, snapshot: SnapshotAssertion) -> None:
        miss_rules(*SHIPPED, per="ever", wait_hours=0)
        missed(cast, 1)
        message = OutboxMessage.objects.get(kind="eligibility.missed")
        deliver_message(message.public_id)
        message.refresh_from_db()
        assert message.state == DeliveryState.SENT
        assert [line for line in message.body_text.splitlines() if "happened" in line] == snapshot
        assert "A careers manager" not in message.body_text

    def test_it_is_not_sent_if_the_miss_was_undone_or_excused(self, cast: Cast) -> None:
        miss_rules(*SHIPPED, per="ever", wait_hours=0)
        strike = strike_of(missed(cast, 1))
        excuse_strike(strike=strike, because="In hospital.", by=cast.manager)
        message = OutboxMessage.objects.get(kind="eligibility.missed")
        deliver_message(message.public_id)
        message.refresh_from_db()
        assert message.state == DeliveryState.CANCELLED


class TestExcusing:
    @pytest.mark.policy("ELIG-2")
    def test_an_excused_strike_stays_visible_with_who_and_why(self, cast: Cast) -> None:
        strike = excuse_strike(strike=strike_of(missed(cast, 1)), because=" Bereavement. ", by=cast.manager)
        assert (strike.excused_by, strike.excused_because, strike.is_excused) == (cast.manager, "Bereavement.", True)
        with pytest.raises(Refused) as refused:
            excuse_strike(strike=strike, because="Again.", by=cast.adviser)
        assert refused.value.code == "already_excused"

    def test_a_reason_is_needed(self, cast: Cast) -> None:
        with pytest.raises(Refused) as refused:
            excuse_strike(strike=strike_of(missed(cast, 1)), because="  ", by=cast.manager)
        assert refused.value.field == "because"

    @pytest.mark.policy("ELIG-2")
    def test_accepting_excuses_and_grants_one_more_for_a_full_period(self, cast: Cast) -> None:
        booking = missed(cast, 1)
        accepted = accept_circumstances(strike=strike_of(booking), because="Bereavement.", by=cast.manager)
        grant = Grant.objects.get()
        assert accepted.grants == (grant,)
        assert (grant.policy, grant.extra, grant.granted_by) == (cast.policy, 1, cast.manager)
        year = student_context(cast.student.pk).calendar.academic_year_of(today())
        assert grant.expires_on - today() == year.after - year.first - timedelta(days=1)
        booking.refresh_from_db()
        assert booking.status == "missed"
        assert AllocationUse.objects.get(source_id=booking.public_id).consumes
        with pytest.raises(Refused):
            accept_circumstances(strike=strike_of(booking), because="Twice.", by=cast.manager)
        assert Grant.objects.count() == 1

    @pytest.mark.policy("ELIG-2")
    @pytest.mark.parametrize(
        ("period", "rolling", "ago", "until"),
        [
            (Period.ROLLING_DAYS, 28, 3, 27),
            (Period.ROLLING_DAYS, 7, 20, 6),
            (Period.AT_ONE_TIME, None, 1, None),
        ],
    )
    def test_how_long_the_grant_holds(
        self, cast: Cast, period: str, rolling: int | None, ago: int, until: int | None
    ) -> None:
        cast.policy.period, cast.policy.rolling_days = period, rolling
        cast.policy.save()
        accepted = accept_circumstances(strike=strike_of(missed(cast, ago)), because="Ill.", by=cast.manager)
        ends = [grant.expires_on for grant in accepted.grants]
        assert ends == ([today() + timedelta(days=until)] if until is not None else [])


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    @pytest.mark.policy("ELIG-2")
    def test_twenty_accept_one_strike(self, transactional_db: None) -> None:
        cast = assemble()
        strike = strike_of(missed(cast, 1))
        runners = [
            partial(accept_circumstances, strike=strike, because="Ill.", by=by)
            for by in [cast.manager, cast.adviser] * 10
        ]
        outcome = race(runners)
        assert (len(outcome.done), outcome.codes, outcome.broken) == (1, {"already_excused"}, [])
        assert Grant.objects.count() == 1

    def test_two_managers_close_one_review(self, transactional_db: None) -> None:
        cast = assemble()
        missed(cast, 30)
        missed(cast, 20)
        review = StrikeReview.objects.get()
        close = partial(close_review, review=review, outcome="contacted", words="We talked.", by=cast.manager)
        outcome = race([close] * 12)
        assert (len(outcome.done), outcome.codes, outcome.broken) == (1, {"review_closed"}, [])

    def test_misses_at_once_are_all_counted(self, transactional_db: None) -> None:
        cast = assemble()
        places = [
            partial(
                place_strike,
                student=cast.student,
                source=Source(SourceKind.ABSENCE, f"claim{n:07d}"),
                on=today(),
                about="Guidance",
            )
            for n in range(12)
        ]
        outcome = race(places)
        assert (len(outcome.done), outcome.broken) == (12, [])
        assert (StrikeReview.objects.get().step, StrikeReview.objects.get().strikes) == ("hold", 12)
