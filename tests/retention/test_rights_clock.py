"""When a request is due (DATA-2): one calendar month, the next working day, pauses, two further months."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.values.times import months_after
from retention.rules.clock import ClockFacts, due_on, first_day_due, is_working_day, may_extend, may_pause

pytestmark = [pytest.mark.policy("DATA-2")]


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 9, 3), date(2026, 10, 5)),  # 3 October is a Saturday
        (date(2026, 3, 31), date(2026, 4, 30)),  # no 31 April
        (date(2026, 1, 30), date(2026, 3, 2)),  # 28 February 2026 is a Saturday
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2026, 11, 25), date(2026, 12, 29)),  # Christmas, the weekend, Boxing Day's substitute on Monday
        (date(2026, 3, 3), date(2026, 4, 7)),  # Good Friday to Easter Monday
        (date(2026, 4, 4), date(2026, 5, 5)),  # the early May bank holiday
        (date(2026, 7, 31), date(2026, 9, 1)),  # the summer bank holiday, 31 August
        (date(2026, 12, 1), date(2027, 1, 4)),  # New Year's Day and the weekend after it
        (date(2022, 5, 2), date(2022, 6, 6)),  # two bank holidays of the Platinum Jubilee
        (date(2026, 10, 25), date(2026, 11, 25)),
    ],
)
def test_one_month_and_the_next_working_day(received: date, due: date) -> None:
    assert due_on(ClockFacts("access", received)) == due


def test_holidays_of_other_nations_are_working_days() -> None:
    assert is_working_day(date(2026, 11, 30))  # St Andrew's Day
    assert is_working_day(date(2026, 7, 13))  # a holiday in Northern Ireland


def test_a_pause_moves_the_day_and_an_extension_adds_two_months() -> None:
    received = date(2026, 9, 1)
    assert due_on(ClockFacts("access", received)) == date(2026, 10, 1)
    assert due_on(ClockFacts("access", received, days_paused=5)) == date(2026, 10, 6)
    assert due_on(ClockFacts("access", received, is_extended=True)) == date(2026, 12, 1)
    assert due_on(ClockFacts("access", received, 5, True)) == date(2026, 12, 7)  # 6 December is a Sunday


def test_a_complaint_is_acknowledged_within_thirty_days_and_then_answered() -> None:
    received = date(2026, 9, 1)
    assert due_on(ClockFacts("complaint", received)) == date(2026, 10, 1)
    assert due_on(ClockFacts("complaint", date(2026, 2, 1))) == date(2026, 3, 3)
    assert due_on(ClockFacts("complaint", date(2026, 2, 1), acknowledged=True)) == date(2026, 3, 2)


def test_an_extension_is_told_within_the_first_month() -> None:
    facts = ClockFacts("access", date(2026, 9, 1))
    assert may_extend(facts, date(2026, 10, 1))
    assert may_extend(facts, date(2026, 10, 2)).code == "extension_late"
    assert may_extend(ClockFacts("access", date(2026, 9, 1), 3), date(2026, 10, 2))
    assert may_extend(ClockFacts("access", date(2026, 9, 1), is_extended=True), date(2026, 9, 2)).code == (
        "extended_already"
    )


def test_an_overdue_or_paused_clock_cannot_be_paused() -> None:
    facts = ClockFacts("access", date(2026, 9, 1))
    assert may_pause(facts, date(2026, 10, 1))
    assert may_pause(facts, date(2026, 10, 2)).code == "pause_late"
    stopped = ClockFacts("access", date(2026, 9, 1), paused_on=date(2026, 9, 4))
    assert may_pause(stopped, date(2026, 9, 5)).code == "paused_already"


@given(st.dates(date(2015, 1, 1), date(2039, 12, 31)), st.integers(0, 60))
def test_always_a_working_day_and_never_early(received: date, paused: int) -> None:
    due = first_day_due(ClockFacts("access", received, paused))
    month = months_after(received, 1) + timedelta(days=paused)
    assert is_working_day(due)
    assert month <= due <= month + timedelta(days=5)
