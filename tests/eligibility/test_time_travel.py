"""The rule in force on the appointment's local day decides; past and future days can be evaluated too."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from appointments.models import AppointmentType
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from appointments.operations.move import move_booking
from appointments.rules.booking import may_book_at, may_book_on, may_book_type
from appointments.selectors.booking_targets import find_type_with_rules
from eligibility.models import Audience
from eligibility.operations.schedule_rule import keep_in_step, schedule_rule
from eligibility.selectors.audience_history import history, may_use_on, rule_on
from eligibility.selectors.audiences import people_in
from eligibility.selectors.student_facts import student_context
from foundation.outcomes.refusals import Refused
from foundation.values.times import at, local_day
from tests.cast import Cast, assemble
from tests.clock import stop_database_clock
from tests.factories import AudienceFactory, StudentFactory, UserFactory, publish

pytestmark = [pytest.mark.django_db, pytest.mark.policy("ELIG-1")]

EVERYBODY, NOBODY = {"everybody": True}, dict[str, Any]()
UNDERGRADUATES = {"course": {"level": ["undergraduate"]}}
RESEARCH = {"course": {"level": ["postgraduate_research"]}}
DAY = timedelta(days=1)


def both_forms(cast: Cast) -> list[AppointmentType]:
    """The type as pages fetch it and as a booking does; both include the versions of the rule that matter."""
    found = find_type_with_rules(cast.type.slug)
    assert found
    return [AppointmentType.objects.with_rules().get(pk=cast.type.pk), found]


def test_the_day_of_the_appointment_decides(cast: Cast) -> None:
    schedule_rule(audience=cast.type.audience, rule=RESEARCH, effective_from=cast.day, by=cast.administrator)
    context = student_context(cast.student.pk)
    for type in both_forms(cast):
        with CaptureQueriesContext(connection) as queries:
            assert may_book_type(type, context, cast.day - DAY)
            assert may_book_type(type, context, cast.day).code == "not_eligible"
            assert may_book_type(type, context, cast.day + DAY).code == "not_eligible"
        assert len(queries) == 0


def test_an_allocation_uses_the_audience_of_its_day(cast: Cast) -> None:
    """Different limits for different audiences; the audience of a policy also changes on its day."""
    cast.policy.audience = AudienceFactory(rule=UNDERGRADUATES)
    cast.policy.limit = 1
    cast.policy.save()
    schedule_rule(audience=cast.policy.audience, rule=RESEARCH, effective_from=cast.day + DAY, by=cast.administrator)
    book_appointment(student=cast.student, choice=cast.choice(9), details=Details(), by=cast.student)
    context = student_context(cast.student.pk)
    for type in both_forms(cast):
        assert may_book_on(type, context, cast.day).code == "allocation_used"
        assert may_book_on(type, context, cast.day + DAY)


def test_existing_bookings_stay_but_cannot_move_past_the_change(cast: Cast) -> None:
    booking = book_appointment(student=cast.student, choice=cast.choice(9), details=Details(), by=cast.student)
    later = cast.day + DAY
    publish(cast.adviser, cast.type, cast.room, day=later)
    schedule_rule(audience=cast.type.audience, rule=RESEARCH, effective_from=later, by=cast.administrator)
    cast.type = AppointmentType.objects.with_rules().get(pk=cast.type.pk)
    moved = move_booking(booking=booking, choice=cast.choice(9, 40), by=cast.student)
    assert moved.occupies_time
    with pytest.raises(Refused) as refused:
        move_booking(booking=moved, choice=cast.choice(9, day=later), by=cast.student)
    assert refused.value.code == "not_eligible"


def test_past_days_can_be_evaluated(cast: Cast) -> None:
    audience, by = cast.type.audience, cast.administrator
    first = schedule_rule(audience=audience, rule=RESEARCH, effective_from=local_day(datetime.now(UTC)), by=by)
    audience.versions.filter(pk=first.pk).update(effective_from=date(2026, 10, 4))
    facts = student_context(cast.student.pk).facts
    assert may_use_on(audience, facts, date(2026, 10, 3))
    assert not may_use_on(audience, facts, date(2026, 10, 4))
    assert [version.rule for version in history(audience)] == [EVERYBODY, RESEARCH]


versions = st.dictionaries(
    st.integers(0, 8), st.sampled_from([EVERYBODY, NOBODY, UNDERGRADUATES, RESEARCH]), min_size=1, max_size=4
)


@settings(max_examples=30)
@given(coming=versions, passed=st.integers(0, 9), asked=st.integers(0, 9))
def test_three_forms_of_one_history_agree(coming: dict[int, Any], passed: int, asked: int) -> None:
    """The versions, the audience's cached copy and the query for everybody agree on any day, seen from any day.

    The copy is written when a version is scheduled, and not again when its day comes.
    """
    today = date(2026, 10, 20)
    stop_database_clock(at(today, time(12)))
    audience, by, student = AudienceFactory(rule=NOBODY), UserFactory(), StudentFactory()
    for days, rule in coming.items():
        schedule_rule(audience=audience, rule=rule, effective_from=today + timedelta(days=days), by=by)
    on = today + timedelta(days=max(asked, passed))
    audience = Audience.objects.get(pk=audience.pk)
    rule = rule_on(audience, on)
    assert audience.rule_on(on) == rule
    facts = student_context(student.pk).facts
    allowed = bool(may_use_on(audience, facts, on))
    assert people_in(rule, on, facts.today).filter(pk=student.pk).exists() is allowed
    keep_in_step(audience, today + timedelta(days=passed))
    assert Audience.objects.get(pk=audience.pk).rule_on(on) == rule


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        # The clocks go back in the night of 24 to 25 October 2026: local midnight is 23:00 UTC of the day before.
        (datetime(2026, 10, 24, 22, 59, tzinfo=UTC), True),
        (datetime(2026, 10, 24, 23, 0, tzinfo=UTC), False),
        (datetime(2026, 10, 25, 23, 59, tzinfo=UTC), False),
    ],
)
def test_the_day_begins_at_local_midnight(moment: datetime, allowed: bool) -> None:
    stop_database_clock(at(date(2026, 10, 20), time(12)))
    cast = assemble()
    changes = date(2026, 10, 25)
    schedule_rule(audience=cast.type.audience, rule=RESEARCH, effective_from=changes, by=cast.administrator)
    (type, _) = both_forms(cast)
    assert bool(may_book_at(type, student_context(cast.student.pk), moment)) is allowed


def test_deciding_for_every_type_costs_three_queries_however_many(cast: Cast) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            context = student_context(cast.student.pk)
            for type in AppointmentType.objects.offered().with_rules():
                may_book_on(type, context, cast.day)
        return len(queries)

    assert cost() == 3
    for number in range(19):
        AppointmentType.objects.create(
            slug=f"more-{number}",
            name="More",
            summary="More.",
            minutes=30,
            modes=["online"],
            audience=AudienceFactory(rule=UNDERGRADUATES),
        ).policies.add(cast.policy)
    assert cost() == 3
