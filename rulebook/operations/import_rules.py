"""Imports a file into the configuration. What the file does not mention is not changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from psycopg2.extras import DateRange

from accounts.models import PolicySetting, User
from accounts.operations.record_audit import Subject, record_audit, subject_of
from accounts.policy.registry import SETTINGS
from appointments.operations.tell_who_must_move import tell_who_must_move
from eligibility.models import AcademicPeriod, AllocationPolicy, Audience, MissPolicy
from foundation.outcomes.refusals import in_one_transaction
from foundation.values.counted import counted
from foundation.values.times import database_now, local_day
from rulebook.file.meaning import DAY, instance, problems_from, problems_of
from rulebook.file.problems import FileProblem, FileRefused
from rulebook.file.shape import FileEntry, RuleFile
from rulebook.operations.import_versions import import_versions

OWN_PAGE = "Information governance changes this setting on the page Your words in the privacy notice."
ERASES = "This setting deletes data. Information governance changes it on the page Retention settings."


@dataclass(frozen=True, slots=True)
class RuleDifference:
    """`what`: new, changed or removed. `fields`: what has changed, in the file's words."""

    path: str
    what: str
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.path}: {self.what}" + (f" ({', '.join(self.fields)})" if self.fields else "")


@in_one_transaction
def import_rules(*, file: RuleFile, by: User | None, dry_run: bool = False) -> list[RuleDifference]:
    """Imports everything or nothing in one transaction; repeating it changes nothing. Locks each row that it compares.

    Raises FileRefused with every problem. The past is not rewritten: a changed rule needs a date from today on. Future
    rules of audiences in the file are replaced by those in the file. Existing bookings stay booked; those that can no
    longer take place are counted, and we tell their students.
    """
    if wrong := problems_of(file):
        raise FileRefused(wrong)
    today = local_day(database_now())
    differences: list[RuleDifference] = []
    problems: list[FileProblem] = []
    _step_aside(file.sections["periods"])
    for entries in file.sections.values():
        for entry in sorted(entries, key=lambda each: not each.is_removed):  # others may take its days
            try:
                with transaction.atomic():
                    differences += _import_entry(entry, today, by)
            except FileRefused as refused:
                problems += refused.problems
            except ValidationError as error:
                problems += problems_from(entry, error)
    if problems:
        raise FileRefused(problems)
    hit = tell_who_must_move(by=by) if differences else []
    if hit:
        differences.append(RuleDifference("appointments", f"{counted(len(hit), 'appointment')} to rearrange"))
    if dry_run:
        transaction.set_rollback(True)
    return differences


def _step_aside(entries: list[FileEntry]) -> None:
    """Takes the periods that the file moves out of the calendar, so that two can change places. Importing sets their
    days.
    """
    for entry in entries:
        found: Any = _found(entry)
        if entry.is_removed:
            continue
        wanted = DateRange(entry.values["first_day"], entry.values["last_day"] + DAY)
        if found is not None and found.during != wanted:
            entry.moved_from = found.during
            day = date.min + timedelta(days=found.pk)
            AcademicPeriod.objects.filter(pk=found.pk).update(during=DateRange(day, day + DAY))


def _import_entry(entry: FileEntry, today: date, by: User | None) -> Iterable[RuleDifference]:
    existing: Any = _found(entry)
    if entry.is_removed:
        return _remove(entry, existing, by)
    if entry.moved_from is not None:
        existing.during = entry.moved_from
    before = _plain(entry, existing) if existing else {}
    row: Any = instance(entry, existing)
    if "audience" in entry.values:
        slug = entry.values["audience"]
        row.audience = Audience.objects.get(slug=slug) if slug else None
    changed = [name for name, value in _plain(entry, row).items() if existing is None or before[name] != value]
    if changed and isinstance(row, PolicySetting) and not SETTINGS[row.key].in_django_admin:
        raise FileRefused([FileProblem(f"{entry.path}.key", ERASES if SETTINGS[row.key].erases else OWN_PAGE)])
    if entry.section.model is MissPolicy and changed:
        row.set_by = by
    if existing is not None and "value" in changed and row.effective_from < today:
        sentence = "Another value held from then on, and that is not rewritten: give this one a day from today on."
        raise FileRefused([FileProblem(f"{entry.path}.value", sentence)])
    if existing is None or changed:
        row.full_clean()
        row.save()
    if "rules" in entry.values:
        changed += import_versions(row, entry, today, is_new=existing is None, by=by)
    if "policies" in entry.values:
        changed += _policies(row, entry.values["policies"])
    if existing is not None and not changed:
        return []
    record_audit(
        actor=by,
        action="changed" if existing else "added",
        on=Subject(subject_of(row).name, str(getattr(row, "slug", row.pk))),  # the file uses slugs
        from_file=True,
        fields=", ".join(changed) if existing else "",
    )
    return [RuleDifference(entry.path, "changed" if existing else "new", tuple(changed) if existing else ())]


def _remove(entry: FileEntry, period: AcademicPeriod | None, by: User | None) -> list[RuleDifference]:
    if period is None:
        return []
    record_audit(actor=by, action="deleted", on=Subject(subject_of(period).name, period.slug), from_file=True)
    period.delete()
    return [RuleDifference(entry.path, "removed")]


def _found(entry: FileEntry) -> models.Model | None:
    rows = entry.section.model._default_manager.select_for_update(of=("self",))
    return rows.filter(**{name: entry.values[name] for name in entry.section.named_by}).first()


def _plain(entry: FileEntry, row: Any) -> dict[str, Any]:
    """The row's comparable values, under their names in the file."""
    values = {name: getattr(row, name) for name in entry.section.fields if name not in entry.section.special}
    if entry.section.name == "periods":
        during: DateRange = row.during
        values["first_day"], values["last_day"] = during.lower, during.upper
    if "audience" in entry.section.special:
        values["audience"] = row.audience_id
    return values


def _policies(row: Any, slugs: list[str]) -> list[str]:
    if set(row.policies.values_list("slug", flat=True)) == set(slugs):
        return []
    row.policies.set(AllocationPolicy.objects.filter(slug__in=slugs))
    return ["policies"]


def problems_here(file: RuleFile) -> list[FileProblem]:
    """Every problem with the file, found by importing it and rolling back."""
    try:
        import_rules(file=file, by=None, dry_run=True)
    except FileRefused as refused:
        return refused.problems
    return []
