"""Parsing days and moments that somebody sends, with a limited range of years so that later arithmetic cannot overflow.

`9999-12-31` plus a week is an OverflowError, and PostgreSQL's range ends later than Python's. Every form, serializer
and page address that takes a day uses a field or function of this module; `tests/architecture` checks it.
"""

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_date, parse_datetime

from foundation.values.month_days import is_month_day, month_day_in, spoken_month_day
from foundation.values.times import at
from foundation.web.inputs import DayInput, WallInput

YEARS = range(2000, 2101)
LONGEST = 40
OUT_OF_RANGE = f"Enter a year from {YEARS[0]} to {YEARS[-1]}."


def day_in(text: str) -> date | None:
    """`2026-12-02`; None for anything else and for a year out of range."""
    try:
        day = parse_date(text[:LONGEST])
    except ValueError:
        return None
    return day if day and day.year in YEARS else None


def moment_in(text: str) -> datetime | None:
    """`2026-12-02T09:00:00Z` as UTC; None for anything else, without an offset, or for a year out of range."""
    try:
        moment = parse_datetime(text[:LONGEST].replace(" ", "+"))
        return moment.astimezone(UTC) if moment and moment.tzinfo and moment.year in YEARS else None
    except (ValueError, OverflowError):
        return None


class DayField(forms.DateField):
    """A day from a date input, or as a person types it."""

    widget = DayInput
    default_error_messages = {"out_of_range": OUT_OF_RANGE}

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is not None and day.year not in YEARS:
            raise forms.ValidationError(self.error_messages["out_of_range"], code="out_of_range")
        return day


class MonthDayField(forms.CharField):
    """A day of each year as people write it, `1 August`; returned as `08-01`."""

    default_error_messages = {"invalid": "Enter a day and a month, such as 1 August."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return spoken_month_day(value) if isinstance(value, str) and is_month_day(value) else value

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        try:
            return month_day_in(text) if text else ""
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


class WallField(forms.Field):
    """A date and time in the institution's zone, returned as UTC. Of a time that occurs twice, the first is meant."""

    widget = WallInput
    default_error_messages = {"invalid": "Enter a day and a time.", "out_of_range": OUT_OF_RANGE}

    def to_python(self, value: Any) -> datetime | None:
        if not value:
            return None
        try:
            wall = parse_datetime(str(value)[:LONGEST])
        except ValueError:
            wall = None
        if wall is None or wall.tzinfo is not None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        if wall.year not in YEARS:
            raise forms.ValidationError(self.error_messages["out_of_range"], code="out_of_range")
        return at(wall.date(), wall.time())


class IsoMomentField(forms.Field):
    """An ISO 8601 moment with an offset, as in the values of free times."""

    widget = forms.HiddenInput
    default_error_messages = {"invalid": "This time cannot be read. Choose a time from the list."}

    def to_python(self, value: Any) -> datetime | None:
        if not value:
            return None
        moment = moment_in(str(value))
        if moment is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return moment
