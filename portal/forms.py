from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms

from eligibility.models import ReviewOutcome, StrikeKind
from eligibility.operations.holds import HoldTerms
from eligibility.selectors.grants import PossibleGrant
from foundation.web.days import DayField
from foundation.web.inputs import TextBox
from portal.selectors.absences import ProposedHold

KEEP, CANCEL = "keep", "cancel"


def _words(label: str, most: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=TextBox({"rows": 3}), **more)


MISSED_SEVERAL = "You have missed several appointments, and we would like to talk with you before the next."


class HoldForm(forms.Form):
    first = DayField(label="First day")
    last = DayField(label="Last day")
    bookings = forms.ChoiceField(
        label="What happens to booked appointments",
        choices=[
            (KEEP, "Keep them"),
            (CANCEL, "Cancel them. They don’t count, and we email the student."),
        ],
        widget=forms.RadioSelect,
    )
    message = _words("Message to the student", 300, help_text="Be kind: say why, and what would help.")
    reason = _words("Reason for the record", 300, help_text="Only managers see this. The student can ask to see it.")

    def __init__(self, *args: Any, today: date, proposed: ProposedHold | None = None, **kwargs: Any) -> None:
        self.proposed = proposed or ProposedHold(today + timedelta(days=27), "", ())
        initial = {
            "first": today,
            "last": self.proposed.last,
            "bookings": KEEP,
            "message": self.proposed.message or MISSED_SEVERAL,
        }
        if self.proposed.until_lifted:
            initial["last"] = None
        super().__init__(*args, **{**kwargs, "initial": initial | (kwargs.get("initial") or {})})
        if self.proposed.until_lifted:
            self.fields["last"].required = False
            self.fields["last"].help_text = "Leave it empty to hold until you lift it, after a talk."

    def terms(self) -> HoldTerms:
        said = self.cleaned_data
        return HoldTerms(
            said["first"],
            said["last"] or self.proposed.last,
            said["reason"],
            said["message"],
            keeps_bookings=said["bookings"] == KEEP,
            stays_open=self.proposed.stays_open,
            proposed=self.proposed.last,
        )


class BecauseForm(forms.Form):
    because = _words("Reason", 300)


class ExcuseForm(BecauseForm):
    """Offers one more appointment, if the missed one used an allocation."""

    one_more = forms.BooleanField(label="Give one more appointment", required=False)

    def __init__(self, *args: Any, possible: Sequence[PossibleGrant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if possible:
            said = " ".join(each.sentence for each in possible)
            self.fields["one_more"].help_text = f"{said} We email the student."
        else:
            del self.fields["one_more"]


class CloseReviewForm(forms.Form):
    outcome = forms.ChoiceField(
        label="Decision",
        choices=[
            (ReviewOutcome.CONTACTED, "I have been in touch with the student"),
            (ReviewOutcome.NO_ACTION, "No action needed"),
        ],
        widget=forms.RadioSelect,
    )
    words = _words("What you found and why", 500)


class AbsenceForm(forms.Form):
    kind = forms.ChoiceField(
        label="What was missed",
        choices=[(StrikeKind.EVENT, "An employer event"), (StrikeKind.OTHER, "Another session")],
        widget=forms.RadioSelect,
    )
    about = forms.CharField(label="Name of the event or session", max_length=200)
    on = DayField(label="Day")
