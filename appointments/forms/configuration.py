"""Forms for types and locations in Django's admin."""

from typing import Any

from django import forms

from accounts.admin.audited import SHORT_NAME, ConfigurationForm
from appointments.models import AppointmentType
from foundation.web.inputs import TextBox
from places.models import MeetingMode


class LinesField(forms.Field):
    """A list of strings, entered one per line."""

    widget = TextBox(attrs={"rows": 5, "cols": 60})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        lines = value if isinstance(value, list) else str(value or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        for line in value:
            if len(line) > 80:
                raise forms.ValidationError("Keep each line within 80 characters.")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


class AppointmentTypeForm(ConfigurationForm):
    constraint_fields = {"type_minutes": "minutes", "type_release": "release_working_days", "type_modes": "modes"}
    modes = forms.MultipleChoiceField(
        label="How people meet", choices=MeetingMode.choices, widget=forms.CheckboxSelectMultiple
    )
    topics = LinesField(required=False, help_text="One on each line; students choose one of them.")

    class Meta:
        model = AppointmentType
        fields = "__all__"
        labels = SHORT_NAME
        widgets = {"policies": forms.CheckboxSelectMultiple}
