"""Deleted in the first night after the last day, never before: whole runs with the clock moved."""

from __future__ import annotations

import random
from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import PolicySetting, Role, Status, User
from accounts.rules.policy import policy_from, policy_in_force
from eligibility.rules.calendar import AcademicCalendar
from eligibility.rules.retention_dates import CourseEnd, forgotten_if_ended_by, kept_until
from foundation.values.times import at, months_after
from queries.models import Category, Query, QueryStatus
from retention.models import RunState
from retention.schedule.clocks import PurgeDate, people_past_their_day, people_to_warn, people_without_clock
from retention.selectors.dates import dates_of
from tests.factories import StudentFactory, UserFactory
from tests.retention.nights import completed_night, course_of, is_here, leaver, run_night, stayers

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-4")]

DAY = timedelta(days=1)
NOON = time(12)


def stays_until(person: User, last: date) -> None:
    """Still there after the night that begins `last`, gone after the next."""
    stayers()
    completed_night(last)
    assert is_here(person)
    completed_night(last + DAY)
    assert not is_here(person)


@pytest.mark.parametrize(
    ("completed", "last"),
    [
        (date(2023, 6, 10), date(2026, 7, 31)),
        (date(2023, 9, 12), date(2027, 7, 31)),
        (date(2023, 7, 31), date(2026, 7, 31)),
        (date(2023, 8, 1), date(2027, 7, 31)),
        (date(2024, 2, 29), date(2027, 7, 31)),
        (date(2023, 12, 31), date(2027, 7, 31)),
    ],
)
def test_kept_up_to_the_last_day(completed: date, last: date) -> None:
    """10 June and 12 September 2023 are the policy's own examples."""
    stays_until(leaver(completed), last)


@pytest.mark.parametrize(
    ("setting", "value", "completed", "last"),
    [
        ("academic_year_ends", "10-25", date(2023, 6, 10), date(2026, 10, 25)),  # the clocks go back that night
        ("academic_year_ends", "10-24", date(2023, 6, 10), date(2026, 10, 24)),
        ("academic_year_ends", "03-27", date(2024, 1, 10), date(2027, 3, 27)),  # the clocks go forward that night
        ("academic_year_ends", "03-28", date(2024, 1, 10), date(2027, 3, 28)),
        ("academic_year_ends", "02-28", date(2025, 1, 10), date(2028, 2, 28)),  # followed by 29 February
        ("retention_years", 6, date(2023, 6, 10), date(2029, 7, 31)),
        ("retention_years", 0, date(2026, 6, 10), date(2026, 7, 31)),
    ],
)
def test_kept_up_to_the_last_day_by_other_settings(setting: str, value: Any, completed: date, last: date) -> None:
    PolicySetting.objects.create(key=setting, value=value, effective_from=date(2020, 1, 1))
    stays_until(leaver(completed), last)


def test_two_courses_the_last_one_counts() -> None:
    person = leaver(date(2020, 6, 10))
    course_of(person, status=Status.COMPLETED, completed_on=date(2023, 9, 12), started_on=date(2022, 9, 1))
    stays_until(person, date(2027, 7, 31))


def test_a_person_who_comes_back_starts_a_new_clock() -> None:
    person, other = leaver(date(2023, 6, 10)), leaver(date(2023, 6, 10))
    course = course_of(person, status=Status.CURRENT, started_on=date(2026, 1, 12))
    stayers()
    completed_night(date(2026, 8, 1))
    assert is_here(person)
    assert not is_here(other)
    course.status, course.completed_on = Status.COMPLETED, date(2027, 1, 20)
    course.save()
    completed_night(date(2030, 7, 31))
    assert is_here(person)
    completed_night(date(2030, 8, 1))
    assert not is_here(person)


def test_a_corrected_date_moves_the_clock() -> None:
    """As a feed might correct it, in the last night before deletion."""
    person = leaver(date(2023, 6, 10))
    person.enrolments.update(completed_on=date(2023, 9, 12))
    stays_until(person, date(2027, 7, 31))


def test_given_up_courses_run_from_the_day_they_left_the_feed() -> None:
    person = leaver(None)
    person.enrolments.update(left_feed_on=date(2023, 6, 10))
    stays_until(person, date(2026, 7, 31))


def test_a_setting_counts_from_its_day() -> None:
    """Six years from 1 August 2026; in the night before, still three."""
    gone, kept = leaver(date(2022, 6, 10)), leaver(date(2023, 6, 10))
    PolicySetting.objects.create(key="retention_years", value=6, effective_from=date(2026, 8, 1))
    stayers()
    completed_night(date(2026, 7, 31))
    assert (is_here(gone), is_here(kept)) == (False, True)
    completed_night(date(2026, 8, 1))
    assert is_here(kept)


def test_colleagues_and_people_without_a_clock_are_never_due() -> None:
    colleague = leaver(date(2010, 6, 10), family_name="Colleague")
    colleague.roles = [Role.GRADUATE, Role.ADVISER]
    colleague.save()
    nobody_knows = StudentFactory(course={"status": Status.WITHDRAWN})
    without_course = StudentFactory(course=False)
    left_behind = StudentFactory()
    left_behind.enrolments.update(left_feed_on=date(2020, 1, 1))
    interrupted = StudentFactory(course={"status": Status.INTERRUPTED})
    staff = UserFactory(roles=[Role.FRONT_DESK])
    completed_night(date(2040, 8, 1))
    everybody = (colleague, nobody_knows, without_course, left_behind, interrupted, staff)
    assert all(is_here(person) for person in everybody)
    assert set(people_without_clock()) == {nobody_knows, without_course, left_behind}


def test_a_run_that_would_forget_a_large_share_stops_and_asks() -> None:
    person, _ = leaver(date(2023, 6, 10)), stayers(2)
    query = query_resolved(person, date(2026, 1, 1))
    run = run_night(date(2026, 8, 1))
    assert run.state == RunState.ASKING
    assert "1 of 3 people: 33 %" in run.asks_because
    assert is_here(person)
    assert not Query.objects.filter(pk=query.pk).exists()  # data with its own period does not wait for the person's


def query_resolved(person: User | None, day: date, **fields: Any) -> Query:
    moment = at(day, NOON)
    return Query.objects.create(
        person=person, category=Category.GENERAL, subject="About it", state=QueryStatus.RESOLVED, opened_at=moment,
        last_at=moment, due_on=day, resolved_at=moment, **fields,
    )  # fmt: skip


@pytest.mark.policy("MAIL-1")
@pytest.mark.parametrize(
    ("resolved", "last"),
    [
        (date(2026, 12, 30), date(2027, 2, 28)),
        (date(2026, 12, 31), date(2027, 2, 28)),
        (date(2027, 1, 1), date(2027, 3, 1)),
        (date(2027, 12, 30), date(2028, 2, 29)),
        (date(2026, 8, 25), date(2026, 10, 25)),  # the clocks go back that night
        (date(2027, 1, 28), date(2027, 3, 28)),  # the clocks go forward that night
    ],
)
def test_a_resolved_query_is_kept_two_months(resolved: date, last: date) -> None:
    query, unknown = query_resolved(StudentFactory(), resolved), query_resolved(None, resolved, from_address="a@b.test")
    completed_night(last)
    assert Query.objects.count() == 2
    completed_night(last + DAY)
    assert not Query.objects.filter(pk__in=[query.pk, unknown.pk]).exists()


@pytest.mark.policy("MAIL-1")
def test_a_query_opened_again_starts_again() -> None:
    query = query_resolved(StudentFactory(), date(2026, 3, 1))
    Query.objects.filter(pk=query.pk).update(state=QueryStatus.OPEN, resolved_at=None)
    completed_night(date(2026, 6, 1))
    assert Query.objects.exists()
    Query.objects.filter(pk=query.pk).update(state=QueryStatus.RESOLVED, resolved_at=at(date(2026, 6, 10), NOON))
    completed_night(date(2026, 8, 10))
    assert Query.objects.exists()
    completed_night(date(2026, 8, 11))
    assert not Query.objects.exists()


DAYS = st.dates(date(2015, 1, 1), date(2029, 12, 31))


@given(
    ended=DAYS,
    night=st.dates(date(2015, 1, 1), date(2035, 12, 31)),
    years=st.integers(0, 10),
    ends=st.sampled_from([(7, 31), (2, 28), (12, 31), (8, 31), (10, 25)]),
)
def test_the_rule_and_its_cut_off_date_agree(ended: date, night: date, years: int, ends: tuple[int, int]) -> None:
    """The rule for one person, and the date with which the database is queried."""
    calendar = AcademicCalendar(year_ends=ends)
    until = kept_until([CourseEnd(Status.COMPLETED, ended)], years, calendar)
    assert until is not None
    assert (until < night) == (ended <= forgotten_if_ended_by(night, years, calendar))


@given(night=st.dates(date(2020, 1, 1), date(2032, 12, 31)), months=st.integers(0, 30), back=st.integers(0, 1100))
def test_months_are_counted_the_same_from_both_sides(night: date, months: int, back: int) -> None:
    resolved = night - timedelta(days=back)
    due = at(resolved, NOON) < PurgeDate(night, policy_from({})).months_ago(months)
    assert due == (months_after(resolved, months) < night)


@pytest.mark.parametrize("seed", range(6))
def test_the_rule_and_the_database_agree(seed: int) -> None:
    """For people with any courses: those due by SQL are those past their day by the rule."""
    drawn = random.Random(seed)
    people = [StudentFactory(course=False) for _ in range(12)]
    for person in people:
        for number in range(drawn.randint(0, 3)):
            status = drawn.choice([Status.CURRENT, Status.COMPLETED, Status.COMPLETED, Status.WITHDRAWN])
            completed = date(drawn.randint(2019, 2024), drawn.randint(1, 12), drawn.randint(1, 28))
            course_of(
                person, status=status, started_on=date(2015 + number, 9, 1),
                completed_on=completed if status == Status.COMPLETED else None,
                left_feed_on=completed if status == Status.WITHDRAWN and drawn.random() < 0.5 else None,
                expected_end_on=drawn.choice([None, completed]),
            )  # fmt: skip
    policy = policy_in_force()
    for day in (date(2024, 7, 31), date(2024, 8, 1), date(2026, 12, 1), date(2027, 8, 1)):
        night = PurgeDate(day, policy)
        past = {person.pk for person in people if (until := dates_of(person, policy).kept_until) and until < day}
        assert set(people_past_their_day(night).values_list("pk", flat=True)) == past
        soon = {
            person.pk
            for person in people
            if (until := dates_of(person, policy).kept_until) and until <= day + timedelta(days=60)
        }
        assert set(people_to_warn(night).values_list("pk", flat=True)) == soon
