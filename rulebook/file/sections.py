"""The file's sections, ordered so that each comes after those it refers to, and their fields."""

from dataclasses import dataclass
from typing import Any

from django.db import models

from accounts.models import PolicySetting
from appointments.models import AppointmentType
from eligibility.models import AcademicPeriod, Activity, AllocationPolicy, Audience, Group, MissPolicy

VERSION = 1
HEADER = "careerconnect_rules"


@dataclass(frozen=True, slots=True)
class FileSection:
    """`fields` in the order of the file. Those in `special` are not plain fields of the model."""

    name: str
    model: type[models.Model]
    fields: tuple[str, ...]
    special: tuple[str, ...] = ()
    named_by: tuple[str, ...] = ("slug",)
    """The fields that identify an entry."""

    def default(self, name: str) -> Any:
        """The value if the file gives none; `...` if the file must give one."""
        if name in self.special:
            return {"audience": ... if self.model is AppointmentType else None, "policies": []}.get(name, ...)
        field: Any = self.model._meta.get_field(name)
        if field.has_default():
            return field.get_default()
        if field.null:
            return None
        return "" if field.blank else ...


SECTIONS = (
    FileSection(
        "settings", PolicySetting, ("key", "value", "effective_from", "note"), named_by=("key", "effective_from")
    ),
    FileSection("groups", Group, ("slug", "name")),
    FileSection(
        "activities", Activity, ("slug", "name", "kind", "highest_score", "link", "shown_to_students", "lower_replaces")
    ),
    FileSection(
        "periods",
        AcademicPeriod,
        ("slug", "kind", "name", "first_day", "last_day"),
        ("first_day", "last_day"),
    ),
    FileSection("audiences", Audience, ("slug", "name", "rules"), ("rules",)),
    FileSection(
        "policies",
        AllocationPolicy,
        ("slug", "name", "limit", "unit", "period", "rolling_days", "audience"),
        ("audience",),
    ),
    FileSection(
        "types",
        AppointmentType,
        (
            "slug",
            "name",
            "summary",
            "description",
            "is_offered",
            "order",
            "colour",
            "audience",
            "policies",
            "minutes",
            "turnaround_minutes",
            "capacity",
            "modes",
            "confidential_by_nature",
            "notice_minutes",
            "horizon_days",
            "release_time",
            "release_working_days",
            "release_days",
            "release_weekday",
            "term_only",
            "cancel_notice_minutes",
            "late_cancelling",
            "late_after_minutes",
            "late_after_percent",
            "open_on_hold",
            "topics",
            "questions",
            "document_wanted",
        ),
        ("audience", "policies"),
    ),
    FileSection("misses", MissPolicy, ("effective_from", "value", "note"), named_by=("effective_from",)),
)
