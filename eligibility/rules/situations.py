"""What is so for one student now: one sentence, at most one date, one button. No queries, no writes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from accounts.rules.policy import Policy
from eligibility.models import Strike, StrikeKind
from eligibility.models.conditions import Combined, Condition
from eligibility.rules.strikes import Thresholds, consequence_words, counter_of, counting, thresholds

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
        now = consequence_words(self.at.step(self.count))
        if self.at.review_at <= self.count == self.at.hold_at - 1:
            return f"{now} If you miss one more, they decide whether to pause booking for a time."
        return now or f"At {self.at.review_at} a manager looks at how we can help. You can still book."


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
