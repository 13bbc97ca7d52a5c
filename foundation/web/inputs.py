"""Form widgets for days and times, and helpers for forms, shared by several apps."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from foundation.values.unseen_signs import without_unseen


class CleanEmailField(forms.EmailField):
    """Removes invisible characters, which often come with a pasted address."""

    def to_python(self, value: Any) -> str | None:
        return super().to_python(without_unseen(value) if isinstance(value, str) else value)


class TextBox(forms.Textarea):
    """A box for several lines. Browsers send a line end as two characters; it counts, and is kept, as one."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        said = super().value_from_datadict(data, files, name)
        return said.replace("\r\n", "\n") if isinstance(said, str) else said


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
    """A form for pages with several forms: the form's name prefixes its field ids."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"{type(self).__name__.lower()}_%s"
        super().__init__(*args, **kwargs)


def offer(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Sets the choices of a form field."""
    cast(forms.ChoiceField, form.fields[name]).choices = list(choices)
