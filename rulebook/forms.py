import json
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from eligibility.models.conditions import RuleProblem, parse
from eligibility.models.misses import MissRule, MissRulesWrong, parse_miss_rules
from foundation.web.days import DayField
from foundation.web.inputs import TextBox
from rulebook.editor.misses import unknown_types
from rulebook.file.problems import FileRefused
from rulebook.file.text import from_text, to_text


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


class MissRulesField(forms.CharField):
    """A list of miss rules, written as in a rules file. Every mistake is named with its place."""

    widget = TextBox({"rows": 18, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else to_text(value, as_json=False)

    def to_python(self, value: Any) -> Any:
        try:
            listed = from_text(super().to_python(value) or "", as_json=False)
            unknown = unknown_types(parse_miss_rules(listed))
        except FileRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        except MissRulesWrong as wrong:
            said = [f"{flaw.place}: {flaw.sentence}" if flaw.place else flaw.sentence for flaw in wrong.flaws]
            raise forms.ValidationError(said) from wrong
        if unknown:
            raise forms.ValidationError(unknown)
        return listed


class MissRulesForm(forms.Form):
    value = MissRulesField(
        label="Rules",
        help_text="Each rule says what counts, over which time, and what follows at each step. "
        "The page “Rules file” of the documentation explains every word.",
    )
    effective_from = DayField(
        label="Effective from",
        error_messages=NO_DAY,
        help_text="The rules start at midnight on this day. Past misses are then counted by them.",
    )
    note = forms.CharField(label="Why?", max_length=300, help_text="For colleagues who read the history.")

    @property
    def rules(self) -> tuple[MissRule, ...]:
        return parse_miss_rules(self.cleaned_data["value"])


class WithdrawForm(forms.Form):
    withdraw = DayField()
