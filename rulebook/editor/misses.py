"""The page of miss rules: entries in sentences, and how many students a draft puts at which step."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.rules.policy import policy_in_force
from appointments.models import AppointmentType
from eligibility.models import MissPolicy, Strike
from eligibility.models.misses import SHIPPED, MissRule, parse_miss_rules, type_names
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


@dataclass(frozen=True, slots=True)
class StepCount:
    """How many students are at a step: under the rules now in force on that day, and under the draft."""

    words: str
    now: int
    then: int


@dataclass(frozen=True, slots=True)
class MissPage:
    current: MissEntry
    scheduled: list[MissEntry]
    past: list[MissEntry]
    version: str
    value: list[Any]
    """The rules in force, to start a draft from."""


def names_of_types() -> dict[str, str]:
    return dict(AppointmentType.objects.values_list("slug", "name"))


def in_words(rules: Iterable[MissRule], names: dict[str, str]) -> list[RuleWords]:
    return [RuleWords(rule_title(rule), rule_sentences(rule, names)) for rule in rules]


def unknown_types(rules: tuple[MissRule, ...]) -> list[str]:
    """One query. A sentence for each type that the rules name and that does not exist."""
    names = names_of_types()
    unknown = [(place, slug) for place, slug in type_names(rules) if slug not in names]
    return [f"{place}: There is no appointment type “{slug}”." for place, slug in unknown]


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
        value=begun[-1].value if begun else SHIPPED,
    )


def _entry(row: MissPolicy, names: dict[str, str]) -> MissEntry:
    return MissEntry(row.effective_from, in_words(row.rules, names), row.note, row.set_by.name if row.set_by else "")


def step_counts(before: Sequence[MissRule], draft: Sequence[MissRule], on: date) -> list[StepCount]:
    """Four queries for any number of students. Of the misses known today, those that count on the day `on`."""
    calendar = academic_calendar(policy_in_force().academic_year_ends)
    students = misses_of(Strike.objects.counting().values_list("student", flat=True).distinct())
    now, then = (_at_steps(students.values(), rules, on, calendar) for rules in (before, draft))
    return [StepCount(words, now[words], then[words]) for words in dict.fromkeys([*now, *then])]


def _at_steps(
    students: Iterable[list[MissFact]], rules: Sequence[MissRule], on: date, calendar: AcademicCalendar
) -> Counter[str]:
    counts: Counter[str] = Counter({_step_words(rule, step.at): 0 for rule in rules for step in rule.steps})
    for misses in students:
        for miss_count in state(misses, rules, on, calendar):
            if miss_count.step:
                counts[_step_words(miss_count.rule, miss_count.step.at)] += 1
    return counts


def _step_words(rule: MissRule, at: int) -> str:
    return f"{rule_title(rule)} ({rule.slug}), from {at}"
