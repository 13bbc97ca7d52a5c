"""What all parts of the demonstration depend on: the moment, the seed, the size, and where to report progress."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from accounts.rules.policy import policy_in_force
from eligibility.rules.calendar import AcademicCalendar
from eligibility.selectors.calendar import academic_calendar
from foundation.values.public_ids import ALPHABET, LENGTH
from foundation.values.times import local_day

SEED = 2026


def _silent(words: str) -> None:
    return None


@dataclass(frozen=True)
class Institution:
    """`now` is the moment around which all data is created. The same day and seed give the same institution."""

    now: datetime
    seed: int = SEED
    small: bool = False
    say: Callable[[str], None] = _silent
    turn: int = 0
    """How many bookings existed before; it changes the random streams, so that later additions differ."""

    @property
    def today(self) -> date:
        return local_day(self.now)

    def random(self, noun: str) -> Random:
        """A separate random stream for each part, so that changing one does not change the others."""
        return Random(f"{self.seed}:{noun}:{self.turn}")

    def some(self, count: int) -> int:
        """The number for the full institution, or a twentieth of it for the small one of the tests."""
        return max(count // 20, 3) if self.small else count

    def calendar(self) -> AcademicCalendar:
        return academic_calendar(policy_in_force(self.today).academic_year_ends)


def public_id(random: Random) -> str:
    return "".join(random.choices(ALPHABET, k=LENGTH))
