"""Parts of forms that several apps use: browsers' own inputs for days and times, and forms that share a page."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from foundation.values.unseen_signs import without_unseen


class CleanEmailField(forms.EmailField):
    """Without what nobody sees, which comes along when an address is pasted."""

    def to_python(self, value: Any) -> str | None:
        return super().to_python(without_unseen(value) if isinstance(value, str) else value)


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class WallInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class OneOfSeveral(forms.Form):
    """Several stand on one page: each has ids of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"{type(self).__name__.lower()}_%s"
        super().__init__(*args, **kwargs)


def offer(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Give a field of a form its choices."""
    cast(forms.ChoiceField, form.fields[name]).choices = list(choices)
