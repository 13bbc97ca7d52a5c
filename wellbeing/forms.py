from typing import Any

from django import forms

from foundation.web.days import DayField
from foundation.web.inputs import OneOfSeveral, TextBox
from wellbeing.models import Disclosure, Seriousness, StepKind


def _text(label: str, rows: int = 4, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=4000, widget=TextBox({"rows": rows}), **more)


class RaiseForm(forms.Form):
    facts = _text("What have you seen or heard?", help_text="Write facts only. Don’t guess or diagnose.")
    tried = _text("What has been tried already?", 2, required=False)
    seriousness = forms.ChoiceField(label="How serious is it?", choices=Seriousness.choices, widget=forms.RadioSelect)
    origin = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)


class StepForm(OneOfSeveral):
    kind = forms.ChoiceField(
        label="What was done",
        choices=[
            (StepKind.CONTACT, "I was in contact with the student"),
            (StepKind.NOTE, "A note"),
            (StepKind.ESCALATED, "I have escalated it"),
        ],
        widget=forms.RadioSelect,
    )
    words = _text("Details", 3)
    next_on = DayField(label="Review date")


class ConcernReasonForm(OneOfSeveral):
    reason = _text("Reason", 3)


class DisclosureForm(forms.ModelForm):
    student_told = forms.TypedChoiceField(
        label="Has the student been told?",
        choices=[("yes", "Yes, or they will be at once"), ("no", "No")],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )

    class Meta:
        model = Disclosure
        fields = ["to", "to_whom", "address", "shared", "why", "student_told", "not_told_because"]
        labels = {
            "to": "Who it goes to",
            "to_whom": "Name or role there",
            "address": "Email address",
            "shared": "What you are sharing",
            "why": "Reason for the record",
            "not_told_because": "Why the student was not told",
        }
        help_texts = {"shared": "Share the least that is needed."}
        widgets = {"shared": TextBox({"rows": 5}), "why": TextBox({"rows": 3})}
