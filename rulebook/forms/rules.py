import json
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from eligibility.models.conditions import RuleProblem, parse
from foundation.web.days import DayField
from foundation.web.inputs import TextBox


def tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


class DraftField(forms.CharField):
    """A rule passed from page to page as JSON. It is parsed and validated each time."""

    widget = forms.HiddenInput

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def to_python(self, value: Any) -> Any:
        try:
            rule = json.loads(super().to_python(value) or "")
            parse(rule)
        except RuleProblem as problem:
            raise forms.ValidationError(str(problem)) from problem
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError("We could not read the rule. Enter it again.") from error
        return rule

    def validate(self, value: Any) -> None:
        """Accepts an empty rule, which matches nobody."""


NO_DAY = {"required": "Choose the day on which the rule starts."}


class BuilderForm(forms.Form):
    """The pressed button of the builder. `rulebook.editor.draft` reads the fields of the rule."""

    action = forms.CharField(required=False, strip=False)


class DraftForm(forms.Form):
    rule = DraftField()
    effective_from = DayField(
        label="Effective from",
        error_messages=NO_DAY,
        help_text="The rule starts at midnight on this day. Appointments already booked are not affected.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective_from"].widget.attrs["min"] = str(timezone.localdate())

    def draft_and_day(self) -> tuple[dict[str, Any] | None, date]:
        """The rule and day of the form, whether sent, invalid or new; the rule is None if it was lost."""
        read = {**self.initial}
        if self.is_bound:
            self.full_clean()
            read = self.cleaned_data
        return read.get("rule"), read.get("effective_from") or tomorrow()


class ScheduleForm(DraftForm):
    note = forms.CharField(
        label="Why?",
        max_length=300,
        widget=TextBox(attrs={"rows": 3}),
        help_text="For colleagues who read the history. Students do not see it.",
    )


class RollBackForm(forms.Form):
    effective_from = DayField(label="Effective from", error_messages=NO_DAY)


class NameForm(forms.Form):
    name = forms.CharField(
        label="For whom is it?",
        max_length=160,
        help_text="As students read it after “for”, in the middle of a sentence: “research postgraduates”.",
    )


class TryForm(forms.Form):
    q = forms.CharField(
        label="Name, university id or email address",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    on = DayField(label="For an appointment on", required=False)
