"""Serializer fields for days and moments, limited to the years that `foundation.web.days` allows."""

from datetime import UTC, date, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.web.days import LONGEST, OUT_OF_RANGE, YEARS


@extend_schema_field({"type": "string", "format": "date-time", "example": "2026-12-02T09:00:00Z"})
class JsonMomentField(serializers.Field[datetime, Any, str, Any]):
    """RFC 3339 with an offset: without one, a time could mean two different moments."""

    default_error_messages = {
        "invalid": "Write a moment as 2026-12-02T09:00:00Z.",
        "naive": "Give the offset from UTC too, as in 2026-12-02T09:00:00Z.",
        "out_of_range": OUT_OF_RANGE,
    }

    def to_internal_value(self, data: Any) -> datetime:
        moment = self._parsed(data)
        if moment is None:
            self.fail("invalid")
        if moment.tzinfo is None:
            self.fail("naive")
        if moment.year not in YEARS:
            self.fail("out_of_range")
        return moment.astimezone(UTC)

    def _parsed(self, data: Any) -> datetime | None:
        try:
            return parse_datetime(data) if isinstance(data, str) and len(data) <= LONGEST else None
        except (ValueError, OverflowError):
            return None

    def to_representation(self, value: datetime) -> str:
        return spoken_utc(value)


@extend_schema_field({"type": "string", "format": "date-time", "example": "2026-12-02T09:00:00+00:00"})
class JsonOffsetMomentField(JsonMomentField):
    """Writes `2026-12-02T09:00:00+00:00`, the format of documents and the alumni list since their first version."""

    def to_representation(self, value: datetime) -> str:
        return value.astimezone(UTC).isoformat()


def spoken_utc(moment: datetime) -> str:
    """`2026-12-02T09:00:00Z`, with microseconds only if they are not zero."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


class JsonDayField(serializers.DateField):
    default_error_messages = {"out_of_range": OUT_OF_RANGE}

    def to_internal_value(self, value: Any) -> date:
        day: date = super().to_internal_value(value)
        if day.year not in YEARS:
            self.fail("out_of_range")
        return day
