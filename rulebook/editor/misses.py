"""The page of miss rules: entries in sentences, and how many students a draft affects."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.rules.policy import policy_in_force
from appointments.models import AppointmentType
from eligibility.models import MissPolicy, Strike
from eligibility.models.misses import SHIPPED, MissFlaw, MissRule, MissStep, parse_miss_rules, type_names
from eligibility.rules.calendar import AcademicCalendar
from eligibility.rules.miss_words import rule_sentences, rule_title
from eligibility.rules.misses import MissFact, state
from eligibility.selectors.calendar import academic_calendar
from eligibility.selectors.miss_rules import miss_rules_version, misses_of


@dataclass(frozen=True, slots=True)
class RuleWords:
    title: str
    sentences: list[str]


@dataclass(frozen=True, slots=True)
class MissEntry:
    """`day` is empty for the rules that are shipped."""

    day: date | None
    words: list[RuleWords]
    note: str = ""
    by: str = ""


EFFECTS: dict[str, Callable[[MissStep], bool]] = {
    "A careers manager looks at": lambda step: step.review,
    "A careers manager decides about a hold": lambda step: bool(step.hold and not step.hold.by_itself),
    "On hold without a person deciding": lambda step: bool(step.hold and step.hold.by_itself),
    "Can book only some days ahead": lambda step: step.horizon_days is not None,
}
"""What a step does with the students who reach it, beside emails."""
COUNTED = "With a miss that counts"


@dataclass(frozen=True, slots=True)
class EffectRow:
    """How many students: under the rules that would otherwise apply on that day, and under the draft."""

    words: str
    now: int
    then: int


@dataclass(frozen=True, slots=True)
class MissPage:
    current: MissEntry
    scheduled: list[MissEntry]
    past: list[MissEntry]
    version: str
    values: dict[date | None, list[Any]]
    """The rules by their first day, to start a draft from; without a day, those that are shipped."""

    def later_than(self, on: date) -> list[MissEntry]:
        """Entries that replace rules from that day."""
        return [entry for entry in self.scheduled if entry.day and entry.day > on]


def names_of_types() -> dict[str, str]:
    return dict(AppointmentType.objects.values_list("slug", "name"))


def in_words(rules: Iterable[MissRule], names: Mapping[str, str]) -> list[RuleWords]:
    return [RuleWords(rule_title(rule), rule_sentences(rule, names)) for rule in rules]


def unknown_types(rules: tuple[MissRule, ...], names: Mapping[str, str]) -> list[MissFlaw]:
    """Appointment types that the rules name and that do not exist."""
    unknown = [(place, slug) for place, slug in type_names(rules) if slug not in names]
    return [MissFlaw(place, f"There is no appointment type “{slug}”.") for place, slug in unknown]


def miss_page(today: date) -> MissPage:
    """Two queries: entries and types."""
    rows, names = list(MissPolicy.objects.select_related("set_by").order_by("effective_from")), names_of_types()
    begun = [row for row in rows if row.effective_from <= today]
    entries = {row.effective_from: _entry(row, names) for row in rows}
    shipped = MissEntry(None, in_words(parse_miss_rules(SHIPPED), names))
    return MissPage(
        current=entries[begun[-1].effective_from] if begun else shipped,
        scheduled=[entries[row.effective_from] for row in rows if row.effective_from > today],
        past=[entries[row.effective_from] for row in reversed(begun[:-1])],
        version=miss_rules_version(rows),
        values={None: SHIPPED} | {row.effective_from: row.value for row in rows},
    )


def _entry(row: MissPolicy, names: Mapping[str, str]) -> MissEntry:
    return MissEntry(row.effective_from, in_words(row.rules, names), row.note, row.set_by.name if row.set_by else "")


def effects(before: Sequence[MissRule], draft: Sequence[MissRule], on: date) -> list[EffectRow]:
    """Four queries for any number of students. Of the misses known today, those that count on the day `on`."""
    calendar = academic_calendar(policy_in_force().academic_year_ends)
    students = misses_of(Strike.objects.counting().values_list("student", flat=True).distinct())
    now, then = (_affected(students.values(), rules, on, calendar) for rules in (before, draft))
    return [EffectRow(words, now[words], then[words]) for words in (COUNTED, *EFFECTS)]


def _affected(
    students: Iterable[list[MissFact]], rules: Sequence[MissRule], on: date, calendar: AcademicCalendar
) -> Counter[str]:
    """Each student once in each row, however many rules affect them."""
    counts: Counter[str] = Counter()
    for misses in students:
        reached = [each for each in state(misses, rules, on, calendar) if each.count]
        steps = [each.step for each in reached if each.step]
        counts.update([COUNTED] if reached else [])
        counts.update(words for words, has in EFFECTS.items() if any(has(step) for step in steps))
    return counts
