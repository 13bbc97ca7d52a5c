"""Exports the configuration as a document that `shape.read` can read. Values equal to the defaults are left out."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

from appointments.models import AppointmentType
from eligibility.models import BEGINNING, AcademicPeriod, AllocationPolicy, Audience
from rulebook.file.sections import HEADER, SECTIONS, VERSION, FileSection
from rulebook.file.shape import FROM_THE_BEGINNING

ORDER = ("activity", "group", "name", "completed", "score_at_least", "attended_at_least", "within_days")
"""The order of a rule's keys in the file; the database does not preserve any."""


def document() -> dict[str, Any]:
    """Ten queries. Sorted by each section's key, so that the same configuration gives the same file."""
    return {HEADER: VERSION, **{section.name: list(_entries(section)) for section in SECTIONS}}


def _entries(section: FileSection) -> Iterator[dict[str, Any]]:
    rows = section.model._default_manager.all()
    rows = rows.order_by(*(("kind", "during") if section.model is AcademicPeriod else section.named_by))
    if section.model in (AllocationPolicy, AppointmentType):
        rows = rows.select_related("audience")
    if section.model is AppointmentType:
        rows = rows.prefetch_related("policies")
    if section.model is Audience:
        rows = rows.prefetch_related("versions")
    for row in rows:
        yield dict(_fields(section, row))


def _fields(section: FileSection, row: Any) -> Iterator[tuple[str, Any]]:
    for name in section.fields:
        if name == "rules":
            yield _rules(row)
            continue
        value = _value(row, name)
        if value != section.default(name):
            yield name, _said(value)


def _value(row: Any, name: str) -> Any:
    match name:
        case "first_day":
            return row.during.lower
        case "last_day":
            return row.during.upper - timedelta(days=1)
        case "audience":
            return row.audience.slug if row.audience else None
        case "policies":
            return sorted(policy.slug for policy in row.policies.all())
    return getattr(row, name)


def _said(value: Any) -> Any:
    if isinstance(value, time):
        return value.isoformat("seconds" if value.second else "minutes")
    return value.isoformat() if isinstance(value, date) else value


def _rules(audience: Audience) -> tuple[str, Any]:
    versions = sorted(audience.versions.all(), key=lambda version: version.effective_from)
    if not versions:
        return "rule", in_order(audience.rule)
    if len(versions) == 1 and versions[0].effective_from == BEGINNING and not versions[0].note:
        return "rule", in_order(versions[0].rule)
    return "rules", [
        {
            "from": FROM_THE_BEGINNING if version.effective_from == BEGINNING else version.effective_from.isoformat(),
            "rule": in_order(version.rule),
            **({"note": version.note} if version.note else {}),
        }
        for version in versions
    ]


def in_order(rule: Any) -> Any:
    if isinstance(rule, list):
        return [in_order(part) for part in rule]
    if not isinstance(rule, dict):
        return rule
    keys = sorted(rule, key=lambda key: (ORDER.index(key) if key in ORDER else len(ORDER), key))
    return {key: in_order(rule[key]) for key in keys}
