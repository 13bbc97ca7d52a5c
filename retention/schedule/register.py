"""The only register of personal data.

It has every class, what starts its period, how long it lasts, what happens then and which operation does it (DATA-4,
MAIL-1), and what the person reads about it (DATA-3). `tests/retention/test_schedule.py` fails for a table that is not
here.
"""

from __future__ import annotations

from retention.schedule.data_class import DataClass, Shown
from retention.schedule.of_a_person import OF_A_PERSON
from retention.schedule.own_clocks import FOR_GOOD, WITH_THEIR_OWN_CLOCK

SCHEDULE: tuple[DataClass, ...] = OF_A_PERSON + WITH_THEIR_OWN_CLOCK + FOR_GOOD
BY_KEY: dict[str, DataClass] = {each.key: each for each in SCHEDULE}
SHOWN: tuple[tuple[DataClass, Shown], ...] = tuple(
    sorted(((each, shown) for each in SCHEDULE for shown in each.shown), key=lambda entry: entry[1].place)
)
"""Entries of “What we hold about you”, in the order of the page."""

COUNTED_BY: dict[str, str] = {}
for _each in reversed(SCHEDULE):
    COUNTED_BY.update({table.model: _each.key for table in _each.tables})


def count_rows(each: DataClass) -> int:
    """The number of rows in its tables, of all people. A table shared by several classes counts for the first."""
    return sum(table.manager.count() for table in each.tables if COUNTED_BY[table.model] == each.key)
