"""Forms for students. Whether a time is free and may be booked is for the operations to decide."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms

from appointments.forms.long_select import LongSelect
from appointments.models import AppointmentType, Booking
from appointments.operations.choice import Details
from appointments.selectors.student_times import MODE_WORDS, TimeFilter
from foundation.values.telephones import shown_number
from foundation.web.days import DayField, IsoMomentField
from foundation.web.inputs import TextBox, offer
from foundation.web.telephones import TelephoneField
from places.models import MeetingMode

RECORDING = "recording_permission"
ANSWER = "answer_"
LONGEST = 5000


class TimeFilterForm(forms.Form):
    """The filters above the times."""

    day = DayField(required=False, widget=forms.HiddenInput)
    mode = forms.ChoiceField(label="How would you like to meet?", required=False, widget=forms.RadioSelect)
    adviser = forms.ChoiceField(label="With", required=False, widget=LongSelect)

    def __init__(self, type: AppointmentType, advisers: list[tuple[str, str]], data: Mapping[str, Any]) -> None:
        super().__init__({**{"mode": "", "adviser": ""}, **{name: data.get(name, "") for name in self.base_fields}})
        modes = [(mode, MODE_WORDS[mode]) for mode in MeetingMode.values if mode in type.modes]
        offer(self, "mode", [("", "Any way"), *modes])
        offer(self, "adviser", [("", "Any adviser"), *advisers])
        if len(modes) < 2:
            self.fields["mode"].widget = forms.HiddenInput()

    def wish(self, booking: Booking | None = None) -> TimeFilter:
        """`booking` is the one being moved."""
        said = self.cleaned_data
        wish = TimeFilter(said.get("day"), said.get("mode", ""), said.get("adviser", ""))
        if booking is None:
            return wish
        is_same = wish.mode in ("", booking.mode) and wish.adviser in ("", booking.adviser.public_id)
        yours = booking.starts_at if is_same else None
        return replace(wish, booking=booking.pk, except_source=booking.public_id, yours=yours)


class ChosenTimeForm(forms.Form):
    """A chosen time in a URL: the start and, where given, the adviser, mode and location."""

    start = IsoMomentField()
    adviser = forms.SlugField(required=False, max_length=12)
    mode = forms.ChoiceField(required=False, choices=[("", ""), *MeetingMode.choices])
    location = forms.SlugField(required=False, max_length=12)


class DetailsForm(forms.Form):
    """What the adviser should know beforehand, then the type's own questions (their answers are stored by key)."""

    topic = forms.ChoiceField(label="What is it about?", required=False)
    help_wanted = forms.CharField(
        label="What would you like help with?",
        required=False,
        max_length=2000,
        widget=TextBox(attrs={"rows": 4}),
        help_text="A sentence or two helps your adviser to prepare.",
    )
    access_needs = forms.CharField(
        label="Is there anything we can do to make this work for you?",
        required=False,
        max_length=1000,
        widget=TextBox(attrs={"rows": 2}),
        help_text="For example step-free access, captions, or a quieter room. Your adviser sees this.",
    )
    phone = TelephoneField(
        label="Which number should we call?",
        help_text="Your adviser calls you at the start. You can change it until then.",
    )
    recording_permission = forms.BooleanField(
        label="I give permission for this appointment to be recorded",
        required=False,
        help_text="Leave this empty and it is not recorded. You can give or withdraw permission later.",
    )

    def __init__(self, type: AppointmentType, mode: str, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.questions = [question["key"] for question in type.questions]
        for question in reversed(type.questions):
            self.fields = {ANSWER + question["key"]: _answer_field(question), **self.fields}
        if type.topics:
            choices = [("", "Choose a topic"), *((topic, topic) for topic in type.topics)]
            offer(self, "topic", choices)
            self.fields = {"topic": self.fields.pop("topic"), **self.fields}
        else:
            del self.fields["topic"]
        if mode != MeetingMode.ONLINE:
            del self.fields[RECORDING]
        if mode != MeetingMode.TELEPHONE:
            del self.fields["phone"]
        else:
            self.fields = {"phone": self.fields.pop("phone"), **self.fields}

    @property
    def left_empty(self) -> list[str]:
        """Labels of the fields without an answer. Not giving the permission to record is an answer."""
        return [str(field.label) for field in self.visible_fields() if not field.value() and field.name != RECORDING]

    def typed(self) -> dict[str, str]:
        """What was sent for each field, valid or not, cut at the length of the longest text."""
        return {name: str(self.data.get(name, ""))[:LONGEST] for name in self.fields}

    def said(self) -> dict[str, str]:
        """The cleaned data as strings, ready to be posted again to this form or the next."""
        words = {name: value for name, value in self.cleaned_data.items() if isinstance(value, str)}
        return {**words, "recording_permission": "on"} if self.cleaned_data.get("recording_permission") else words

    def details(self) -> Details:
        said = self.cleaned_data
        return Details(
            topic=said.get("topic", ""),
            help_wanted=said["help_wanted"],
            access_needs=said["access_needs"],
            answers={key: said[ANSWER + key] for key in self.questions},
            recording_permission=said.get("recording_permission", False),
            phone=said.get("phone", ""),
        )


def _answer_field(question: Mapping[str, Any]) -> forms.CharField:
    return forms.CharField(
        label=question["label"],
        required=bool(question.get("required")),
        max_length=500,
        help_text=question.get("help", ""),
    )


def as_initial(details: Details) -> dict[str, Any]:
    """Initial values for the form from the details of an existing booking."""
    answers = {ANSWER + key: text for key, text in details.answers.items()}
    return {
        "topic": details.topic,
        "help_wanted": details.help_wanted,
        "access_needs": details.access_needs,
        "recording_permission": details.recording_permission,
        "phone": shown_number(details.phone),
        **answers,
    }
