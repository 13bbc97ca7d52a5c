"""The published policy, generated from the numbers and rules in force (ELIG-1)."""

from dataclasses import dataclass

from django.utils import timezone

from accounts.rules.policy import Policy, policy_in_force
from appointments.models import AppointmentType
from appointments.rules.ways_to_miss import as_it_can_happen
from appointments.rules.window_words import cancelling_sentence, window_sentences
from eligibility.models.conditions import RuleProblem
from eligibility.rules.miss_words import rule_sentences, rule_title
from eligibility.rules.words import words
from eligibility.selectors.miss_rules import miss_rules_in_force
from places.models import Confidentiality, Location


@dataclass(frozen=True, slots=True)
class PublishedType:
    """One row of “Eligibility for services”."""

    type: AppointmentType
    who: str
    how_many: tuple[str, ...]
    when: str

    @property
    def limits(self) -> str:
        """For example `1 in any 14 days, and at most 3 a semester`."""
        first, *rest = self.how_many
        return ", and at most ".join([first, *rest])


@dataclass(frozen=True, slots=True)
class PublishedPolicy:
    policy: Policy
    types: list[PublishedType]
    places: list[tuple[str, str, list[str]]]
    """Confidentiality level, its label, and the places that have it."""
    misses: list[tuple[str, list[str]]]
    """The title and the sentences of each miss rule in force."""

    @property
    def counts(self) -> bool:
        """Does missing an appointment use one of an allocation, for any type?"""
        return any(row.type.limits for row in self.types)

    @property
    def earlier(self) -> list[tuple[str, str]]:
        """Types that must be cancelled some time before the start, with the sentence about it."""
        types = (row.type for row in self.types)
        return [(type.name, cancelling_sentence(type)) for type in types if type.cancel_notice_minutes]

    @property
    def open_types(self) -> list[str]:
        return [row.type.name for row in self.types if not row.type.confidential_by_nature]


def published_policy() -> PublishedPolicy:
    """Five queries, for any number of types and places."""
    types = [type_rules(type) for type in AppointmentType.objects.offered().with_rules()]
    places: dict[str, list[str]] = {}
    for location in Location.objects.open():
        places.setdefault(location.confidentiality, []).append(location.name)
    levels = [(level.value, str(level.label), places[level]) for level in Confidentiality if level in places]
    names = {row.type.slug: row.type.name for row in types}
    rules = miss_rules_in_force(timezone.localdate())
    offered = [row.type for row in types]
    misses = [(rule_title(rule), rule_sentences(as_it_can_happen(rule, offered), names)) for rule in rules]
    return PublishedPolicy(policy_in_force(), types, levels, misses)


def type_rules(type: AppointmentType) -> PublishedType:
    how_many = tuple(_limit(policy.sentence, policy.audience) for policy in type.limits)
    return PublishedType(type, who_words(type), how_many or ("As many as needed",), " ".join(window_sentences(type)))


def who_words(type: AppointmentType) -> str:
    try:
        said = words(type.audience.condition)
    except RuleProblem:
        said = type.audience.name
    return f"{said[:1].upper()}{said[1:]}"


def _limit(sentence: str, audience: object) -> str:
    return f"{sentence} (for {audience})" if audience else sentence
