"""The demonstration is open on the day on which it is filled, also on a bank holiday."""

from datetime import date

import pytest

from demo.seeding.calendar import open_on
from eligibility.models import PeriodKind

GOOD_FRIDAY, SUNDAY, MONDAY, AFTER = (date(2027, 3, day) for day in (26, 28, 29, 31))


@pytest.mark.parametrize(
    ("kind", "first", "after", "left"),
    [
        (PeriodKind.CLOSURE, GOOD_FRIDAY, AFTER, [(GOOD_FRIDAY, SUNDAY), (MONDAY, AFTER)]),
        (PeriodKind.CLOSURE, SUNDAY, MONDAY, []),
        (PeriodKind.CLOSURE, MONDAY, AFTER, [(MONDAY, AFTER)]),
        (PeriodKind.TERM, GOOD_FRIDAY, AFTER, [(GOOD_FRIDAY, AFTER)]),
    ],
)
def test_today_is_taken_out_of_closures(
    kind: PeriodKind, first: date, after: date, left: list[tuple[date, date]]
) -> None:
    assert [span[2:] for span in open_on(SUNDAY, (kind, "Easter", first, after))] == left
