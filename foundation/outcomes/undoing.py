"""Undo: for some seconds, the person who changed a row can put it back as it was.

The row itself says what was done last, by whom, until when that can be undone, and the fields before and after. It can
be undone only while those fields are as they were left, so undoing never takes away what somebody did since.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime

Values = dict[str, Any]
"""By attribute name of the field, as JSON."""


class Undoable(models.Model):
    """`undo` is None or the last change. Only ids, states and times: nothing that anybody wrote."""

    undo = models.JSONField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def values_of(self, names: Iterable[str]) -> Values:
        return {name: _plain(getattr(self, name)) for name in names}

    def put_back(self, values: Mapping[str, Any]) -> None:
        """Sets the fields. Does not save."""
        fields = {field.attname: field for field in self._meta.concrete_fields}
        for name, value in values.items():
            setattr(self, name, fields[name].to_python(value))

    @property
    def noted(self) -> Values:
        """The last change; empty if there is none to undo."""
        return self.undo or {}

    @property
    def undo_ends(self) -> datetime | None:
        """Until when the last change can be undone; None if it cannot."""
        return parse_datetime(self.noted["until"]) if self.noted and not self.noted.get("undone") else None

    @property
    def is_as_left(self) -> bool:
        """Has nobody changed the fields since?"""
        return "before" in self.noted and self.values_of(self.noted["before"]) == self.noted["after"]

    @property
    def can_be_undone(self) -> bool:
        ends = self.undo_ends
        return ends is not None and timezone.now() < ends and self.is_as_left


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value
