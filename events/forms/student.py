"""Forms for students and the public. Whether a place is free is for the operations to decide."""

from typing import Any

from django import forms

from events.models import Event, EventQuestion, EventType, QuestionKind
from events.operations.admit import RegistrationDetails
from events.selectors.search import EventSearch
from events.selectors.student_events import WAYS
from foundation.web.days import DayField
from foundation.web.inputs import TextBox

MINE = "mine"
SHORT, LONG = 200, 2000


class EventFilterForm(forms.Form):
    """What to show in the list; anything that is not known asks for nothing."""

    q = forms.CharField(label="Search", required=False, max_length=100)
    type = forms.ChoiceField(label="Type", required=False)
    mode = forms.ChoiceField(label="Attend", required=False, choices=[("", "Any way"), *WAYS.items()])
    first = DayField(label="From", required=False)
    mine = forms.BooleanField(label="Only what I may attend", required=False)
    show = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, is_student: bool) -> None:
        super().__init__(data)
        types = EventType.objects.filter(is_offered=True).values_list("slug", "name")
        self.fields["type"].choices = [("", "Any type"), *types]  # type: ignore[attr-defined]  # it is a choice field
        if not is_student:
            del self.fields[MINE]

    def search(self) -> EventSearch:
        self.is_valid()
        said = self.cleaned_data
        return EventSearch(
            words=said.get("q", ""),
            type=said.get("type", ""),
            mode=said.get("mode", ""),
            is_past=said.get("show", "") == "past",
            first=said.get("first"),
        )

    @property
    def is_mine(self) -> bool:
        return bool(self.cleaned_data.get(MINE))


class RegistrationForm(forms.Form):
    """The way to attend where there are two, the event's questions, access needs and the permission for employers."""

    access_needs = forms.CharField(
        label="Access needs",
        required=False,
        max_length=1000,
        widget=TextBox({"rows": 3}),
        help_text="What we should arrange for you. Only the organisers and the front desk see it.",
    )

    def __init__(
        self, event: Event, *args: Any, asks_mode: bool = True, is_student: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        fields: dict[str, forms.Field] = {}
        if asks_mode:
            fields["mode"] = self._mode()
        self.questions = list(event.questions.all())
        fields |= {question.public_id: _asked(question, is_student) for question in self.questions}
        fields |= self.fields
        if event.shares_with_employers:
            fields["shares_with_employers"] = self._sharing()
        self.fields = fields

    def _mode(self) -> forms.Field:
        modes = [(mode, WAYS[mode]) for mode in self.event.modes]
        if len(modes) == 1:
            return forms.ChoiceField(choices=modes, initial=modes[0][0], widget=forms.HiddenInput)
        return forms.ChoiceField(label="How will you attend?", choices=modes, widget=forms.RadioSelect)

    def _sharing(self) -> forms.Field:
        names = ", ".join(each.name for each in self.event.employers.all()) or "the employers taking part"
        return forms.BooleanField(
            label=f"Share my name, course and the answers for employers with {names}",
            required=False,
            help_text="You can attend without it.",
        )

    def details(self) -> RegistrationDetails:
        said = self.cleaned_data
        return RegistrationDetails(
            {question.public_id: said.get(question.public_id) or "" for question in self.questions},
            said["access_needs"],
            bool(said.get("shares_with_employers")),
        )


def _asked(question: EventQuestion, is_student: bool) -> forms.Field:
    shared: dict[str, Any] = {
        "label": question.label,
        "help_text": question.help,
        "required": question.is_required and is_student,
        "error_messages": {"required": f"Answer “{question.label}”."},
    }
    match question.kind:
        case QuestionKind.CHOICE:
            choices = [(each, each) for each in question.choices]
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **shared)
        case QuestionKind.YES_NO:
            return forms.ChoiceField(choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect, **shared)
        case QuestionKind.LONG_TEXT:
            return forms.CharField(max_length=LONG, widget=TextBox({"rows": 4}), **shared)
    return forms.CharField(max_length=SHORT, **shared)


class FeedbackForm(forms.Form):
    score = forms.TypedChoiceField(
        label="How was it?",
        coerce=int,
        widget=forms.RadioSelect,
        choices=[(5, "Very good"), (4, "Good"), (3, "All right"), (2, "Not so good"), (1, "Poor")],
    )
    text = forms.CharField(
        label="What could be better?", required=False, max_length=2000, widget=TextBox({"rows": 4}),
        help_text="The organisers read it without your name.",
    )  # fmt: skip
