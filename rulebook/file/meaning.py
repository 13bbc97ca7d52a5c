"""Checks that a file makes sense in this database: known names, rules that can be met, values within limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from psycopg2.extras import DateRange

from appointments.models import AppointmentType
from eligibility.models import AcademicPeriod, AllocationPolicy, Audience
from eligibility.models.conditions import RuleProblem, parse
from eligibility.models.misses import MissRulesWrong, parse_miss_rules, type_names
from eligibility.rules.sanity import flaws
from eligibility.selectors.known_names import KnownNames, known_names, unknown_names
from foundation.web.field_errors import what_it_must_be
from rulebook.file.problems import FileProblem
from rulebook.file.shape import FileEntry, RuleFile, Version

DAY = timedelta(days=1)


def problems_of(file: RuleFile) -> list[FileProblem]:
    """Every problem that can be found without writing. A fixed number of queries, and one or two for each entry."""
    found = list(file.problems)
    known = _known_in(known_names(), file)
    audiences = file.keys("audiences") | set(Audience.objects.values_list("slug", flat=True))
    policies = file.keys("policies") | set(AllocationPolicy.objects.values_list("slug", flat=True))
    types = file.keys("types") | set(AppointmentType.objects.values_list("slug", flat=True))
    for entries in file.sections.values():
        for entry in entries:
            found += _of_fields(entry)
            found += _of_links(entry, audiences, policies)
            for version in entry.values.get("rules", []):
                found += _of_rule(version, known)
    for entry in file.sections["misses"]:
        found += _of_misses(entry, types)
    return [*found, *_of_periods(file.sections["periods"])]


def periods_not_in(file: RuleFile) -> list[str]:
    """Slugs of periods that stay although the file has a calendar without them; none if it has no calendar."""
    named = file.keys("periods")
    besides = AcademicPeriod.objects.exclude(slug__in=named).order_by("during")
    return list(besides.values_list("slug", flat=True)) if named else []


def _known_in(known: KnownNames, file: RuleFile) -> KnownNames:
    """The known names and those that the file itself defines."""
    added = {
        entry.key: (entry.values["kind"], entry.values["highest_score"])
        for entry in file.sections["activities"]
        if {"kind", "highest_score"} <= set(entry.values)
    }
    return replace(known, activities={**known.activities, **added}, groups=known.groups | file.keys("groups"))


def instance(entry: FileEntry, onto: models.Model | None = None) -> models.Model:
    """A new or existing row with the entry's plain fields set."""
    row: Any = onto or entry.section.model()
    for name in entry.section.fields:
        if name in entry.values and name not in entry.section.special:
            setattr(row, name, entry.values[name])
    if {"first_day", "last_day"} <= set(entry.values):
        row.during = DateRange(entry.values["first_day"], entry.values["last_day"] + DAY)
    return row


def _of_fields(entry: FileEntry) -> Iterator[FileProblem]:
    missing = {name for name in entry.section.fields if name not in entry.values}
    first, last = entry.values.get("first_day"), entry.values.get("last_day")
    if first and last and last < first:
        yield FileProblem(f"{entry.path}.last_day", "The last day is before the first.")
        return
    others = {field.name for field in entry.section.model._meta.fields} - set(entry.section.fields)
    row = instance(entry)
    try:
        row.clean_fields(exclude=missing | others | set(entry.section.special))
        if "value" not in missing and entry.section.name != "misses":
            row.clean()
        if not missing and entry.section.named_by == ("slug",):
            row.validate_constraints(exclude=others | {"audience", "slug"})
    except ValidationError as error:
        yield from problems_from(entry, error)


def problems_from(entry: FileEntry, error: ValidationError) -> Iterator[FileProblem]:
    for name, errors in error.error_dict.items():
        path = entry.path if name == NON_FIELD_ERRORS else f"{entry.path}.{name}"
        for each in errors:
            yield FileProblem(path, what_it_must_be(each) or each.messages[0])


def _of_links(entry: FileEntry, audiences: set[str], policies: set[str]) -> Iterator[FileProblem]:
    audience = entry.values.get("audience")
    if audience is not None and audience not in audiences:
        yield FileProblem(f"{entry.path}.audience", f"There is no audience “{audience}”, here or in the file.")
    for slug in entry.values.get("policies", []):
        if slug not in policies:
            yield FileProblem(f"{entry.path}.policies", f"There is no policy “{slug}”, here or in the file.")


def _of_rule(version: Version, known: KnownNames) -> Iterator[FileProblem]:
    try:
        condition = parse(version.rule)
    except RuleProblem as problem:
        yield FileProblem(version.path, str(problem))
        return
    for flaw in [*flaws(condition), *unknown_names(condition, known)]:
        yield FileProblem(f"{version.path}.{flaw.path}" if flaw.path else version.path, flaw.sentence)


def _of_misses(entry: FileEntry, types: set[str]) -> Iterator[FileProblem]:
    """Every unknown word with its place, and appointment types that do not exist."""
    try:
        rules = parse_miss_rules(entry.values.get("value", []))
    except MissRulesWrong as wrong:
        for flaw in wrong.flaws:
            yield FileProblem(f"{entry.path}.value{flaw.place}", flaw.sentence)
        return
    for place, slug in type_names(rules):
        if slug not in types:
            sentence = f"There is no appointment type “{slug}”, here or in the file."
            yield FileProblem(f"{entry.path}.value{place}", sentence)


def _of_periods(entries: Iterable[FileEntry]) -> Iterator[FileProblem]:
    """Checks the file's periods against each other. Those in the database are checked when they are saved."""
    read = [entry for entry in entries if {"kind", "first_day", "last_day"} <= set(entry.values)]
    read.sort(key=lambda entry: (entry.values["kind"], entry.values["first_day"]))
    for before, after in pairwise(read):
        same = before.values["kind"] == after.values["kind"]
        if same and after.values["first_day"] <= before.values["last_day"]:
            other = before.values.get("name", before.key)
            yield FileProblem(after.path, f"It overlaps “{other}”: periods of a kind do not share a day.")
