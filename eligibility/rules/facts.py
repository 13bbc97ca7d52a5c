"""The facts about one student at one moment, as plain values for rules."""

from dataclasses import dataclass
from datetime import date, datetime

from accounts.rules.policy import Policy
from eligibility.models.hold import again_words
from eligibility.models.misses import MissRule
from eligibility.rules.calendar import AcademicCalendar
from eligibility.rules.misses import MissCount, MissFact, state
from foundation.values.times import local_day


@dataclass(frozen=True, slots=True)
class CourseFact:
    programme: str
    school: str
    faculty: str
    level: str
    mode: str
    status: str
    fee_status: str
    year_of_study: int
    placement_year: bool
    completed_on: date | None
    expected_end_on: date | None = None

    @property
    def ends_on(self) -> date | None:
        return self.completed_on or self.expected_end_on


@dataclass(frozen=True, slots=True)
class ActivityFact:
    completed_on: date | None
    score: int | None
    count: int


@dataclass(frozen=True, slots=True)
class UseFact:
    policy_id: int
    source_id: str
    on: date
    ends_at: datetime
    period_key: str
    ordinal: int
    grant_id: int | None = None
    grant_ordinal: int | None = None
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class GrantFact:
    policy_id: int
    extra: int
    starts_on: date
    expires_on: date
    id: int = 0


@dataclass(frozen=True, slots=True)
class HoldFact:
    message: str
    first: date
    after: date
    covers: tuple[str, ...] = ("appointments", "events")
    appealed_at: datetime | None = None
    appeal_answered_at: datetime | None = None
    stays_open: tuple[str, ...] = ()
    """Slugs of the types that this hold does not cover."""

    def covers_on(self, what: str, day: date, type: str = "") -> bool:
        """`what`: appointments or events. `type` is the slug of an appointment type."""
        return what in self.covers and self.first <= day < self.after and type not in self.stays_open

    @property
    def sentence(self) -> str:
        return f"{self.message} {again_words(self.after, self.covers)}"


@dataclass(frozen=True, slots=True)
class StudentFacts:
    """`now` is the database's clock when the facts were read."""

    student_id: int
    now: datetime
    is_active: bool
    declares_disability: bool
    courses: tuple[CourseFact, ...]
    activities: dict[str, ActivityFact]
    uses: tuple[UseFact, ...]
    grants: tuple[GrantFact, ...]
    holds: tuple[HoldFact, ...]
    groups: frozenset[str] = frozenset()
    misses: tuple[MissFact, ...] = ()

    @property
    def today(self) -> date:
        return local_day(self.now)


@dataclass(frozen=True, slots=True)
class Context:
    """Everything needed to decide about one student, read in one query and therefore consistent."""

    facts: StudentFacts
    calendar: AcademicCalendar
    policy: Policy
    miss_rules: tuple[MissRule, ...] = ()

    @property
    def miss_counts(self) -> list[MissCount]:
        """What counts today, for each miss rule."""
        return state(self.facts.misses, self.miss_rules, self.facts.today, self.calendar)
