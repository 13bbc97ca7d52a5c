from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from accounts.models import User
from eligibility.models import BEGINNING, Audience
from eligibility.operations.schedule_rule import keep_in_step
from foundation.values.times import database_now, plain_day
from rulebook.file.problems import FileProblem, FileRefused
from rulebook.file.shape import FileEntry, Version

Kept = dict[date, tuple[object, str]]
"""First day → rule and note."""

HELD_THEN = "Another rule held here then, and that is not rewritten: give this rule a day from today on."
BEGINS_TODAY = "Another rule begins to hold here today: give this rule a later day."


def import_versions(audience: Audience, entry: FileEntry, today: date, *, is_new: bool, by: User | None) -> list[str]:
    """The changes in words.

    The caller has locked the audience. Raises FileRefused if the file would change the past.
    """
    wanted: list[Version] = entry.values["rules"]
    existing: Kept = {}
    if not is_new:
        existing = {row.effective_from: (row.rule, row.note) for row in audience.versions.all()}
        if not existing and audience.rule:
            existing = {BEGINNING: (audience.rule, "")}
    if existing and (problems := list(_against_the_past(wanted, existing, today))):
        raise FileRefused(problems)
    said: Kept = {version.first: (version.rule, version.note) for version in wanted}
    kept = {first: held for first, held in existing.items() if first <= today}
    if {**kept, **said} == existing:
        return []
    _write(audience, {**kept, **said}, today, by)
    days = sorted(first for first in {*existing, *said} if {**kept, **said}.get(first) != existing.get(first))
    return [f"rule from {'the beginning' if first == BEGINNING else plain_day(first)}" for first in days]


def _against_the_past(wanted: list[Version], existing: Kept, today: date) -> Iterator[FileProblem]:
    for version in wanted:
        held = existing.get(version.first)
        if version.first < today and (held is None or held[0] != version.rule):
            yield FileProblem(version.path, HELD_THEN)
        elif version.first == today and held is not None and held[0] != version.rule:
            yield FileProblem(version.path, BEGINS_TODAY)
    begun = [version for version in wanted if version.first <= today]
    latest = max((first for first in existing if first <= today), default=BEGINNING)
    if begun and begun[-1].first < latest:
        words = f"Here another rule holds since {plain_day(latest)}, of which the file does not know."
        yield FileProblem(begun[-1].path, f"{words} Give this rule a day from today on.")


def _write(audience: Audience, versions: Kept, today: date, by: User | None) -> None:
    rows = list(versions)
    audience.versions.exclude(effective_from__in=rows).delete()
    if rows == [BEGINNING] and not versions[BEGINNING][1]:
        audience.rule, audience.coming = versions[BEGINNING][0], []
        audience.save(update_fields=["rule", "coming"])
        return
    for first, (rule, note) in versions.items():
        now = database_now()
        row = audience.versions.filter(effective_from=first).first()
        if row is None:
            audience.versions.create(effective_from=first, rule=rule, note=note, set_by=by, set_at=now)
        elif (row.rule, row.note) != (rule, note):
            row.rule, row.note, row.set_by, row.set_at = rule, note, by, now
            row.save(update_fields=["rule", "note", "set_by", "set_at"])
    keep_in_step(audience, today)
