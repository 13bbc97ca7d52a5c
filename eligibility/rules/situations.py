"""What is so for one student now: one sentence, at most one date, one button. No queries, no writes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from accounts.rules.policy import Policy
from eligibility.models import Strike, StrikeKind
from eligibility.models.conditions import Combined, Condition, OnCourse
from eligibility.rules.audiences import may_use
from eligibility.rules.facts import StudentFacts
from eligibility.rules.strikes import Thresholds, counter_of, counting, thresholds
from foundation.values.times import years_after

KIND_WORDS = {StrikeKind.APPOINTMENT: "appointment", StrikeKind.EVENT: "employer event", StrikeKind.OTHER: "session"}


@dataclass(frozen=True, slots=True)
class Situation:
    """`code` is stable for tests and programs. `url` and `label` are its one button."""

    code: str
    title: str
    text: str
    url: str
    label: str
    icon: str = "info"


@dataclass(frozen=True, slots=True)
class Counter:
    """How many absences of one kind count today, and what the next one would lead to."""

    kind: str
    count: int
    at: Thresholds

    @property
    def noun(self) -> str:
        word = KIND_WORDS[StrikeKind(self.kind)]
        return word if self.count == 1 else f"{word}s"

    @property
    def sentence(self) -> str:
        """For example `2 missed appointments count`."""
        return f"{self.count} missed {self.noun} {'counts' if self.count == 1 else 'count'}"

    @property
    def is_watched(self) -> bool:
        """Whether it reached the first step, so that the student is told what follows the next one."""
        return self.count >= self.at.review_at

    @property
    def next_words(self) -> str:
        if self.count >= self.at.hold_at:
            return "A careers manager decides whether to pause booking for a time, and tells you at once."
        if self.count + 1 >= self.at.hold_at:
            return "If you miss one more, a careers manager decides whether to pause booking for a time."
        if self.count >= self.at.review_at:
            return "A manager looks at it, to see whether something can be made easier."
        return f"At {self.at.review_at} a manager looks at how we can help. You can still book."


def counters(strikes: Iterable[Strike], today: date, policy: Policy) -> list[Counter]:
    """One for each kind of absence of which something counts today."""
    known = list(strikes)
    kinds = sorted({counter_of(strike.kind, policy) for strike in known})
    counted = [counter(known, kind, today, policy) for kind in kinds]
    return [each for each in counted if each.count]


def counter(strikes: Iterable[Strike], kind: str, today: date, policy: Policy) -> Counter:
    """`kind` is that of a review (`counter_of`)."""
    return Counter(kind, len(counting(strikes, kind, today, policy)), thresholds(kind, policy))


def wanted(condition: Condition) -> Iterator[Condition]:
    """The parts of a rule of which it asks that they are met, without those that must not be."""
    if not isinstance(condition, Combined):
        yield condition
    elif condition.how != "none":
        for part in condition.parts:
            yield from wanted(part)


def last_day_open(conditions: Iterable[Condition], facts: StudentFacts) -> date | None:
    """The last past day on which one of the rules was met that end some years after the course. None if there is none.

    Rules are compared as they are today.
    """
    days = [
        day
        for condition in conditions
        for asked in wanted(condition)
        if isinstance(asked, OnCourse) and asked.completed_within_years is not None
        for course in facts.courses
        if course.completed_on
        and (day := years_after(course.completed_on, asked.completed_within_years)) < facts.today
        and may_use(condition, facts, day)
    ]
    return max(days, default=None)
