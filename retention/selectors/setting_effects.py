"""What a change of a setting that deletes data would do on its first night."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from accounts.models import PolicySetting
from accounts.policy.registry import SETTINGS
from accounts.rules.policy import policy_in_force
from foundation.values.counted import counted
from foundation.values.times import plain_day
from retention.schedule.clocks import PurgeDate, people_past_their_day
from retention.schedule.register import SCHEDULE

BY_PEOPLE = {"retention_years", "academic_year_ends"}
BEFORE_RUNS = {
    "retention_warning_days": "People who have been warned keep the day we told them.",
    "retention_large_share_percent": "From that night, this share decides whether a run waits for approval.",
    "retention_needs_approval": "From that night, this decides whether every run waits for approval.",
    "retention_late_hours": "From that night, this decides when we alert you that no run has finished.",
}
"""Settings that delete nothing themselves: what they do instead."""


def effect_words(key: str, value: int | str | bool, day: date) -> list[str]:
    """Counts today's data as if the night of `day` were now. Two or more queries."""
    old = PurgeDate(day, policy_in_force(day))
    changed: dict[str, Any] = {key: value}
    new = PurgeDate(day, replace(old.policy, **changed))
    now = f"{SETTINGS[key].label}: {getattr(old.policy, key)} now, {value} from {plain_day(day)}."
    if key in BEFORE_RUNS:
        return [now, BEFORE_RUNS[key]]
    return [now, *(_people(old, new) if key in BY_PEOPLE else _rows(key, old, new))]


def _people(old: PurgeDate, new: PurgeDate) -> list[str]:
    more = people_past_their_day(new).count() - people_past_their_day(old).count()
    days = new.policy.retention_warning_days
    if more == 0:
        return ["It changes nobody’s last day that night."]
    if more < 0:
        return [f"That night: {counted(-more, 'person', 'people')} fewer would be past their last day."]
    said = counted(more, "person", "people")
    first = plain_day(new.day + timedelta(days=days + 1))
    return [
        f"That night: {said} more would be past their last day.",
        f"We email them that night and delete nothing of theirs before {first}.",
    ]


def _rows(key: str, old: PurgeDate, new: PurgeDate) -> list[str]:
    words = []
    for each in SCHEDULE:
        if each.period == key and each.rows is not None:
            more = each.rows(new).order_by().count() - each.rows(old).order_by().count()
            words.append(f"{each.name}: {abs(more):,} {'more' if more > 0 else 'fewer'} that night.")
    return words


@dataclass(frozen=True, slots=True)
class ErasingSetting:
    """`since` is None for a default. `coming`: changes that are confirmed and not in force yet."""

    key: str
    label: str
    value: object
    since: date | None
    coming: list[PolicySetting]


def erasing_settings(today: date) -> list[ErasingSetting]:
    """One query."""
    keys = [key for key, setting in SETTINGS.items() if setting.erases]
    rows = list(PolicySetting.objects.filter(key__in=keys).order_by("effective_from"))
    found = []
    for key in keys:
        begun = [row for row in rows if row.key == key and row.effective_from <= today]
        coming = [row for row in rows if row.key == key and row.effective_from > today]
        value, since = (begun[-1].value, begun[-1].effective_from) if begun else (SETTINGS[key].default, None)
        found.append(ErasingSetting(key, SETTINGS[key].label, value, since, coming))
    return found
