from datetime import date, timedelta
from typing import Any

from django import forms

from eligibility.models import ReviewOutcome, StrikeKind
from eligibility.operations.holds import HoldTerms
from foundation.web.days import DayField

KEEP, CANCEL = "keep", "cancel"


def _words(label: str, most: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea({"rows": 3}), **more)


class HoldForm(forms.Form):
    first = DayField(label="First day")
    last = DayField(label="Last day")
    bookings = forms.ChoiceField(
        label="Appointments booked already",
        choices=[
            (KEEP, "Keep: they take place"),
            (CANCEL, "Cancel: given back to the allocation, and the student is told"),
        ],
        widget=forms.RadioSelect,
    )
    message = _words("What the student reads", 300, help_text="Kindly, and without blame: why, and what would help.")
    reason = _words("Why, for the record", 300, help_text="For managers. The student can ask to see it.")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        proposed = {
            "first": today,
            "last": today + timedelta(days=27),
            "bookings": KEEP,
            "message": "You have missed several appointments, and we would like to talk with you before the next.",
        }
        super().__init__(*args, **{**kwargs, "initial": proposed | (kwargs.get("initial") or {})})

    def terms(self) -> HoldTerms:
        said = self.cleaned_data
        keeps = said["bookings"] == KEEP
        return HoldTerms(said["first"], said["last"], said["reason"], said["message"], keeps_bookings=keeps)


class BecauseForm(forms.Form):
    because = _words("Why", 300)


class CloseReviewForm(forms.Form):
    outcome = forms.ChoiceField(
        label="What you decide",
        choices=[
            (ReviewOutcome.CONTACTED, "I have been in touch with the student"),
            (ReviewOutcome.NO_ACTION, "Nothing needs doing"),
        ],
        widget=forms.RadioSelect,
    )
    words = _words("What you found, and why", 500)


class AbsenceForm(forms.Form):
    kind = forms.ChoiceField(
        label="What was missed",
        choices=[(StrikeKind.EVENT, "An employer event"), (StrikeKind.OTHER, "Another session")],
        widget=forms.RadioSelect,
    )
    about = forms.CharField(label="Its name", max_length=200)
    on = DayField(label="Day")
