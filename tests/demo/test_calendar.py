"""The demonstration's academic years, for any year in which it may be opened."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from dateutil.easter import easter as easter_of

from demo.seeding.calendar import academic_year
from eligibility.models import PeriodKind

YEARS = range(2020, 2050)


def spans(year: int, kind: PeriodKind) -> list[tuple[date, date]]:
    return sorted((first, after) for each, _, first, after in academic_year(year) if each == kind)


@pytest.mark.parametrize("year", YEARS)
def test_periods_of_a_kind_never_overlap(year: int) -> None:
    for kind in PeriodKind:
        two_years = spans(year, kind) + spans(year + 1, kind)
        assert all(first < after for first, after in two_years)
        assert all(one[1] <= two[0] for one, two in pairwise(two_years))


@pytest.mark.parametrize("year", YEARS)
def test_each_semester_teaches_for_twelve_weeks_inside_itself(year: int) -> None:
    (one, two), terms = spans(year, PeriodKind.SEMESTER), spans(year, PeriodKind.TERM)
    taught = [sum((after - first).days for first, after in terms if one[0] <= first < one[1]) for one in (one, two)]
    assert taught == [84, 84]
    assert all(one[0] <= first and after <= two[1] for first, after in terms)


@pytest.mark.parametrize("year", YEARS)
def test_every_bank_holiday_in_england_is_a_closure(year: int) -> None:
    closed = {first + timedelta(days=n) for first, after in spans(year, PeriodKind.CLOSURE) for n in range(
        (after - first).days)}  # fmt: skip
    easter = easter_of(year + 1)
    holidays = {date(year, 12, 25), date(year, 12, 26), date(year + 1, 1, 1)}
    holidays |= {easter - timedelta(days=2), easter + timedelta(days=1)}
    assert holidays <= closed
    new_year = date(year + 1, 1, 1)
    substitute = new_year + timedelta(days=(7 - new_year.weekday()) % 7 if new_year.weekday() >= 5 else 0)
    assert substitute in closed


@pytest.mark.parametrize(
    ("year", "day"), [(2024, (3, 31)), (2025, (4, 20)), (2026, (4, 5)), (2027, (3, 28)), (2038, (4, 25))]
)
def test_easter(year: int, day: tuple[int, int]) -> None:
    sunday = date(year, *day)
    closure = next((first, after) for _, name, first, after in academic_year(year - 1) if name == "Easter closure")
    assert closure == (sunday - timedelta(days=2), sunday + timedelta(days=3))


def test_summer_and_extra_bank_holidays_are_closures() -> None:
    closed = {first for first, _ in spans(2021, PeriodKind.CLOSURE)}
    assert {date(2021, 8, 30), date(2022, 5, 2), date(2022, 6, 2), date(2022, 6, 3)} <= closed  # the Platinum Jubilee
    assert (date(2027, 12, 24), date(2028, 1, 4)) in spans(2027, PeriodKind.CLOSURE)  # New Year’s Day was a Saturday
