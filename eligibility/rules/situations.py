"""What is so for one student now: one sentence, at most one date, one button. No queries, no writes."""

from collections.abc import Iterator
from dataclasses import dataclass

from eligibility.models.conditions import Combined, Condition


@dataclass(frozen=True, slots=True)
class Situation:
    """`code` is stable for tests and programs. `url` and `label` are its one button."""

    code: str
    title: str
    text: str
    url: str
    label: str
    icon: str = "info"


def wanted(condition: Condition) -> Iterator[Condition]:
    """The parts of a rule of which it asks that they are met, without those that must not be."""
    if not isinstance(condition, Combined):
        yield condition
    elif condition.how != "none":
        for part in condition.parts:
            yield from wanted(part)
