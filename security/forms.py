from django import forms

from foundation.web.days import DayField, WallField
from foundation.web.inputs import TextBox
from security.models import CaseEnding, OutcomeKind

EXAMPLE = "For example: somebody else knows my password; a friend books in my name."


def words(label: str, help_text: str = "", rows: int = 4, most: int = 2000, required: bool = True) -> forms.CharField:
    area = TextBox(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, widget=area, max_length=most, required=required)


class ConcernForm(forms.Form):
    happened = words("What happened?", EXAMPLE, rows=6, most=4000)
    whose = forms.CharField(
        label="Whose account is it about?",
        help_text="A name or an email address, if you know it.",
        max_length=200,
        required=False,
    )
    noticed = forms.CharField(label="When did you notice?", max_length=200, required=False)


class DismissForm(forms.Form):
    reason = words("Why is it no breach?", "We keep this with the lead.", rows=3)


class WhoForm(forms.Form):
    """A GET form that searches for the person the case is about."""

    who = forms.CharField(
        label="Who is it about?", help_text="Email address, University number or name.", max_length=100
    )


class CaseForm(forms.Form):
    summary = words(
        "What is suspected?",
        "Facts only: what was seen, when and by whom. For a student it becomes part of the reports.",
        rows=6,
        most=4000,
    )


class CaseNoteForm(forms.Form):
    words = words("What happened?", rows=3, most=4000)


class ReportForm(forms.Form):
    address = forms.EmailField(label="To", max_length=254, required=False)
    subject = forms.CharField(label="Subject", max_length=200)
    text = words("Text", rows=18, most=10_000)


class OutcomeForm(forms.Form):
    kind = forms.ChoiceField(label="What was the outcome?", choices=OutcomeKind, widget=forms.RadioSelect)
    on = DayField(label="Date")
    told_by = forms.CharField(label="Who told us?", help_text="A name and an office.", max_length=200)


class CaseCloseForm(forms.Form):
    ending = forms.ChoiceField(
        label="How does it end?",
        choices=[(each.value, each.label) for each in (CaseEnding.OUTCOMES, CaseEnding.NO_BREACH)],
        widget=forms.RadioSelect,
    )
    words = words("Summary", "A sentence or two.", rows=3)


class ReinstateForm(forms.Form):
    reason = words("Why is the account reinstated?", "Kept in the case; the person is not told this.", rows=3)


class ProposeForm(forms.Form):
    reason = words("Why should the account be terminated?", "A second officer reads this and decides.", rows=3)


class BreachForm(forms.Form):
    known_at = WallField(label="When did the University know?", help_text="When anyone in the University first knew.")


class NotifiedForm(forms.Form):
    notified_at = WallField(label="When was the ICO notified?")
    reference = forms.CharField(label="The ICO’s reference", max_length=80)
    late_because = words("If later than 72 hours: why?", rows=2, required=False)


class NotNeededForm(forms.Form):
    because = words("Why is no notification needed?", "For example: unlikely to be a risk to anybody.", rows=2)
