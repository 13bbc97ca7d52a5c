"""Which way round a file writes its dates. One file has one way; ours is the day first."""

import re
from collections.abc import Iterable

from foundation.values.unseen_signs import without_unseen

SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/\d{4}", re.ASCII)
MONTHS, DAYS = 12, 31


class DateOrder:
    """`month_first` is the first line with a date such as 09/15/2026, which can only be read month first.

    Dates of that file that can be read both ways, such as 09/01/2026, may then be anything.
    """

    def __init__(self) -> None:
        self.month_first: int | None = None

    def reads_both_ways(self, number: int, cells: Iterable[str]) -> bool:
        """Whether a date of line `number` can be read both ways."""
        both = False
        for cell in cells:
            found = SLASHED.fullmatch(without_unseen(cell).strip()) if "/" in cell else None
            if found is None:
                continue
            first, second = int(found[1]), int(found[2])
            if first <= MONTHS < second <= DAYS and self.month_first is None:
                self.month_first = number
            both |= first != second and max(first, second) <= MONTHS
        return both

    @property
    def reason(self) -> str:
        """Why rows whose date can be read both ways are refused. Empty if the file writes the day first."""
        if self.month_first is None:
            return ""
        return f"Line {self.month_first} writes the month first, so a date here may be either. Write 2026-09-15."
