"""Data for an audience's pages: what uses it, its current, scheduled and past rules, and their differences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404

from eligibility.models import BEGINNING, Audience, AudienceRule
from eligibility.selectors.audience_history import history
from foundation.values.times import plain_day, spoken_day
from rulebook.editor.differences import differences, sentence


@dataclass(frozen=True, slots=True)
class Whom:
    """What uses an audience: names of appointment types and allocations."""

    types: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()


def whom(audience: Audience) -> Whom:
    """Two queries."""
    types = audience.appointmenttype_set.order_by("order", "name").values_list("name", flat=True)
    policies = audience.allocationpolicy_set.order_by("name").values_list("name", flat=True)
    return Whom(tuple(types), tuple(policies))


@dataclass(frozen=True, slots=True)
class AudienceRow:
    slug: str
    name: str
    words: str
    since: date | None
    is_empty: bool
    types: tuple[str, ...]
    policies: tuple[str, ...]
    scheduled: tuple[AudienceRule, ...]


def audience_rows(audiences: Sequence[Audience], today: date) -> list[AudienceRow]:
    """For audiences loaded with `for_list`; no further queries."""
    return [_audience_row(audience, today) for audience in audiences]


def for_list() -> Any:
    """Four queries for any number: audiences, their versions, and the types and allocations that use them."""
    return Audience.objects.order_by("name").prefetch_related("versions", "appointmenttype_set", "allocationpolicy_set")


def _audience_row(audience: Audience, today: date) -> AudienceRow:
    versions = _standing(audience.versions.all())
    current = _in_force(versions, today)
    rule = current.rule if current else audience.rule
    return AudienceRow(
        slug=audience.slug,
        name=audience.name,
        words=sentence(rule),
        since=current.effective_from if current and current.effective_from != BEGINNING else None,
        is_empty=not rule,
        types=tuple(type.name for type in audience.appointmenttype_set.all()),
        policies=tuple(policy.name for policy in audience.allocationpolicy_set.all()),
        scheduled=tuple(version for version in versions if version.effective_from > today),
    )


def _standing(versions: Iterable[AudienceRule]) -> list[AudienceRule]:
    """In the order in which they take effect."""
    return sorted(versions, key=lambda version: (version.effective_from, version.set_at, version.pk))


def _in_force(versions: Iterable[AudienceRule], on: date) -> AudienceRule | None:
    begun = [version for version in versions if version.effective_from <= on]
    return begun[-1] if begun else None


def version_of(audience: Audience, key: int) -> AudienceRule:
    """Raises Http404 for a version of another audience."""
    found = next((version for version in history(audience) if version.pk == key), None)
    if found is None:
        raise Http404
    return found


def day_words(version: AudienceRule) -> str:
    first = version.effective_from
    return "the beginning" if first == BEGINNING else plain_day(first)


@dataclass(frozen=True, slots=True)
class VersionRow:
    version: AudienceRule
    words: str
    differences: tuple[str, ...]
    can_return: bool

    @property
    def day(self) -> str:
        """`26 November 2026`, or “the beginning” for the rule before the first change."""
        return day_words(self.version)


@dataclass(frozen=True, slots=True)
class AudienceSummary:
    rule: dict[str, Any]
    words: str
    current: AudienceRule | None
    scheduled: tuple[VersionRow, ...]
    past: tuple[VersionRow, ...]
    whom: Whom

    @property
    def since(self) -> str:
        return day_words(self.current) if self.current else ""

    @property
    def latest(self) -> VersionRow | None:
        """The version set last, in force or scheduled."""
        rows = [*self.scheduled, *self.past]
        return max(rows, key=lambda row: (row.version.set_at, row.version.pk)) if rows else None


def audience_page(audience: Audience, today: date) -> AudienceSummary:
    """Three queries: versions, types, allocations. Past versions are listed latest first."""
    versions = history(audience)
    current = _in_force(versions, today)
    rule = current.rule if current else audience.rule
    rows: list[VersionRow] = []
    before: dict[str, Any] = {}
    for version in versions:
        changes = tuple(differences(before, version.rule))
        can_return = version.effective_from <= today and version is not current and version.rule != rule
        rows.append(VersionRow(version, sentence(version.rule), changes, can_return))
        before = version.rule
    return AudienceSummary(
        rule=rule,
        words=sentence(rule),
        current=current,
        scheduled=tuple(row for row in rows if row.version.effective_from > today),
        past=tuple(row for row in reversed(rows) if row.version.effective_from <= today),
        whom=whom(audience),
    )


def next_steps(page: AudienceSummary) -> list[dict[str, Any]]:
    """What happens after a rule is scheduled, for the confirmation page."""
    if page.latest is None:
        return []
    day = spoken_day(page.latest.version.effective_from)
    types = ", ".join(page.whom.types) or "No appointment type uses it yet."
    return [
        {"title": "The rule is scheduled", "done": True, "text": f"For {page.latest.words}."},
        {"title": f"It holds from {day}", "when": "From the beginning of the day, by itself", "text": types},
        {"title": "The page “Eligibility for services” says so from then on", "icon": "eye"},
        {"title": "Bookings that exist stand", "icon": "calendar-check", "text": "New ones go by the rule of the day."},
        {"title": "Until then you can withdraw it", "icon": "history", "text": "On the page of the rule."},
    ]
