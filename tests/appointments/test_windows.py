"""When a type can be booked: some days ahead, from each working day, from one day a week; also when the clocks change
(ELIG-1)."""

import subprocess
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from appointments.models import AppointmentType, LateCancelling
from appointments.rules.window_words import (
    cancelling_sentence,
    missing_sentence,
    needs_notice,
    opening_words,
    window_sentences,
)
from appointments.rules.windows import booking_window, may_start_at
from eligibility.models import AllocationPolicy
from eligibility.rules.calendar import AcademicCalendar, Span
from foundation.values.times import at

pytestmark = pytest.mark.policy("ELIG-1")

BANK_HOLIDAY = Span("closure:1", "Bank holiday", date(2027, 3, 29), date(2027, 3, 30))
CALENDAR = AcademicCalendar(closures=(BANK_HOLIDAY,))
FRIDAY, MONDAY = 4, 0


def weekly(weekday: int, days: int, opens: time = time(12)) -> AppointmentType:
    return AppointmentType(name="Talk", horizon_days=days, release_time=opens, release_weekday=weekday)


def daily(days: int, opens: time = time(17, 30)) -> AppointmentType:
    return AppointmentType(name="Talk", release_time=opens, release_working_days=days)


def last_day(type: AppointmentType, *now: int) -> date:
    return booking_window(type, at(date(*now[:3]), time(*now[3:])), CALENDAR).last_day


@pytest.mark.parametrize(
    ("now", "last"),
    [
        ((2026, 11, 20, 11, 59), date(2026, 11, 22)),
        ((2026, 11, 20, 12, 0), date(2026, 11, 29)),
        ((2026, 11, 26, 23, 59), date(2026, 11, 29)),
        ((2026, 11, 27, 11, 59), date(2026, 11, 29)),
        ((2026, 11, 27, 12, 0), date(2026, 12, 6)),
        # The clocks go back on Sunday 25 October 2026 and forward on Sunday 28 March 2027: noon stays noon.
        ((2026, 10, 30, 11, 59), date(2026, 11, 1)),
        ((2026, 10, 30, 12, 0), date(2026, 11, 8)),
        ((2027, 4, 2, 11, 59), date(2027, 4, 4)),
        ((2027, 4, 2, 12, 0), date(2027, 4, 11)),
    ],
)
def test_on_fridays_at_noon_for_the_whole_next_week(now: tuple[int, ...], last: date) -> None:
    assert last_day(weekly(FRIDAY, 9), *now) == last


def test_on_monday_morning_for_this_week() -> None:
    type = weekly(MONDAY, 6, time(9))
    assert last_day(type, 2026, 11, 23, 8, 59) == date(2026, 11, 22)
    assert last_day(type, 2026, 11, 23, 9, 0) == date(2026, 11, 29)


def test_each_morning_for_the_same_day() -> None:
    """Nothing opens before nine, or on a closed day."""
    type = daily(0, time(9))
    early, late = at(date(2026, 11, 24), time(8, 59)), at(date(2026, 11, 24), time(9))
    assert not may_start_at(type, at(date(2026, 11, 24), time(10)), early, CALENDAR)
    assert may_start_at(type, at(date(2026, 11, 24), time(10)), late, CALENDAR)
    assert may_start_at(type, at(date(2026, 11, 25), time(10)), late, CALENDAR).code == "too_far_ahead"
    assert last_day(type, 2027, 3, 29, 12, 0) == date(2027, 3, 26)


@pytest.mark.parametrize(
    ("now", "last"),
    [
        ((2026, 10, 23, 17, 29), date(2026, 10, 27)),
        ((2026, 10, 23, 17, 30), date(2026, 10, 28)),
        ((2026, 10, 25, 1, 30), date(2026, 10, 28)),
        ((2026, 10, 26, 17, 30), date(2026, 10, 29)),
        ((2027, 3, 26, 17, 29), date(2027, 3, 31)),
        ((2027, 3, 26, 17, 30), date(2027, 4, 1)),
        ((2027, 3, 28, 12, 0), date(2027, 4, 1)),
    ],
)
def test_each_evening_for_three_working_days(now: tuple[int, ...], last: date) -> None:
    """Across the weekends of both clock changes, and a bank holiday."""
    assert last_day(daily(3), *now) == last


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28)])
def test_days_ahead_are_local_days_whatever_they_last(day: date) -> None:
    type = AppointmentType(name="Talk", horizon_days=1)
    first, last = at(day, time(0, 0)), at(day, time(23, 59))
    assert booking_window(type, first, CALENDAR).last_day == day + timedelta(days=1)
    assert booking_window(type, last, CALENDAR).last_day == day + timedelta(days=1)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 10, 25), 25), (date(2027, 3, 28), 23), (date(2026, 11, 1), 24)])
def test_notice_is_elapsed_time(day: date, hours: int) -> None:
    """24 hours of notice are 24 elapsed hours, also on days of 23 or 25 hours."""
    type = AppointmentType(name="Talk", horizon_days=9, notice_minutes=24 * 60)
    now, same_time = at(day, time(0, 30)), at(day + timedelta(days=1), time(0, 30))
    assert (same_time - now) == timedelta(hours=hours)
    assert bool(may_start_at(type, same_time, now, CALENDAR)) is (hours >= 24)


def test_it_is_said_in_words(snapshot: SnapshotAssertion) -> None:
    assert [opening_words(each) for each in (weekly(FRIDAY, 9), daily(0, time(9)), daily(3))] == snapshot


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, ""), (45, "45 minutes"), (60, "1 hour"), (90, "90 minutes"), (1440, "24 hours")]
)
def test_notice_is_in_every_sentence_of_it(minutes: int, said: str) -> None:
    type = AppointmentType(name="Talk", horizon_days=9, notice_minutes=minutes, cancel_notice_minutes=minutes)
    type.limits = []
    assert all(said in text for text in (*window_sentences(type), cancelling_sentence(type)))
    assert said in needs_notice(type)
    assert ("notice" in window_sentences(type)[0]) == bool(minutes)
    assert ("at least" in cancelling_sentence(type)) == bool(minutes)


@pytest.mark.parametrize(("minutes", "said"), [(0, ""), (1, "1 minute late"), (10, "10 minutes late")])
def test_lateness_is_said_where_it_counts(minutes: int, said: str) -> None:
    type = AppointmentType(late_after_minutes=minutes)
    type.limits = []
    text = missing_sentence(type)
    assert said in text
    assert ("late" in text) == bool(minutes)


@pytest.mark.parametrize("limits", [[], [AllocationPolicy(limit=1, period="week")]])
@pytest.mark.parametrize("late", LateCancelling.values)
def test_what_late_changes_cost_is_said_only_where_they_cost_it(limits: list[AllocationPolicy], late: str) -> None:
    type = AppointmentType(cancel_notice_minutes=60, late_cancelling=late)
    type.limits = limits
    assert ("counts" in cancelling_sentence(type)) == (late != "refused" and (bool(limits) or late == "miss"))
    assert ("missed" in cancelling_sentence(type)) == (late == "miss")
    assert ("not later" in cancelling_sentence(type)) == (late == "refused")
    assert ("missed" in missing_sentence(type)) != bool(limits)


@pytest.mark.parametrize(
    ("now", "last"),
    [
        # On Friday at 08:00 Saturday’s times open, not Monday’s. Noon stays noon when the clocks change.
        ((2026, 11, 27, 7, 59), date(2026, 11, 27)),
        ((2026, 11, 27, 8, 0), date(2026, 11, 28)),
        ((2026, 11, 29, 7, 59), date(2026, 11, 29)),
        ((2026, 11, 29, 8, 0), date(2026, 11, 30)),
        ((2026, 10, 25, 7, 59), date(2026, 10, 25)),
        ((2026, 10, 25, 8, 0), date(2026, 10, 26)),
        ((2027, 3, 28, 7, 59), date(2027, 3, 28)),
        ((2027, 3, 28, 8, 0), date(2027, 3, 29)),
    ],
)
def test_calendar_days_are_released_every_day(now: tuple[int, ...], last: date) -> None:
    type = AppointmentType(name="Talk", release_time=time(8), release_days=1)
    assert last_day(type, *now) == last
    assert "the next 1 day" in opening_words(type)


def test_term_is_said_where_it_matters() -> None:
    assert len(window_sentences(AppointmentType(term_only=True))) == 2
    assert len(window_sentences(AppointmentType(term_only=False))) == 1


WINDOW = r"release_(time|weekday|working_days)|horizon_days|notice_minutes|late_after_minutes"
WORDED_IN = "appointments/rules/window_words.py"


def test_windows_are_worded_in_one_place() -> None:
    """Pages, messages and selectors use the sentences and never the numbers in them."""
    rooms = ["templates", *(f"*/{room}/*.py" for room in ("views", "api", "notices", "selectors", "editor")), WORDED_IN]
    asked = ["git", "grep", "-lE", WINDOW, "--", *rooms]
    found = subprocess.run(asked, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    which_ask_for_notice = "portal/selectors/published_policy.py"
    which_loads_it_for_cards = "appointments/selectors/student_bookings.py"
    which_edit_what_follows_a_miss = {"rulebook/editor/misses.py", "templates/rule_editor/parts/miss_step.html"}
    expected = {WORDED_IN, which_ask_for_notice, which_loads_it_for_cards, *which_edit_what_follows_a_miss}
    assert set(found.stdout.split()) == expected


def test_a_past_start_is_refused() -> None:
    now: datetime = at(date(2026, 11, 24), time(9))
    assert may_start_at(weekly(MONDAY, 6), now, now, CALENDAR).code == "in_the_past"
