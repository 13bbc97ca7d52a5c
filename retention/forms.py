from typing import Any

from django import forms

from accounts.policy.registry import SETTINGS
from foundation.web.days import DayField
from foundation.web.inputs import OneOfSeveral, TextBox, offer
from messaging.models import ContactChannel, Purpose
from retention.models import Package, Redaction, RequestChannel, RequestOutcome, RightKind
from retention.schedule.of_a_person import OF_A_PERSON
from retention.selectors.several_people import MOST_LINES

KINDS = [
    (RightKind.ACCESS, "A copy of what you hold about me"),
    (RightKind.PORTABILITY, "Data I gave you, to take to another service"),
    (RightKind.RECTIFICATION, "Correct something that is wrong or missing"),
    (RightKind.ERASURE, "Delete my data"),
    (RightKind.RESTRICTION, "Store my data but don’t use it for now"),
    (RightKind.OBJECTION, "Object to how you use it"),
    (RightKind.COMPLAINT, "Complain about how you use it"),
]
NEEDS_WORDS = {RightKind.RECTIFICATION, RightKind.OBJECTION, RightKind.COMPLAINT, RightKind.RESTRICTION}
OBJECTED = [(Purpose.MARKETING, "Careers news"), (Purpose.ALUMNI, "Contact from the alumni office")]


def _words(label: str, rows: int = 4, most: int = 4000, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=TextBox({"rows": rows}), **more)


class RequestForm(forms.Form):
    """A request made by the person."""

    kind = forms.ChoiceField(label="Request", choices=KINDS, widget=forms.RadioSelect)
    purposes = forms.MultipleChoiceField(
        label="What do you object to?",
        choices=OBJECTED,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="We stop these at once. For anything else, tell us below.",
    )
    words = _words(
        "Details", required=False, help_text="What is wrong, what you object to, or what else we should know."
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        objects_to_a_purpose = said.get("kind") == RightKind.OBJECTION and said.get("purposes")
        if said.get("kind") in NEEDS_WORDS and not said.get("words") and not objects_to_a_purpose:
            self.add_error("words", "Enter what it is about.")
        if said.get("kind") != RightKind.OBJECTION:
            said["purposes"] = []
        return said


class OwnRequestForm(RequestForm):
    """`sure` is sent by the page that says what deleting does."""

    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    @property
    def must_be_sure(self) -> bool:
        """Whether a person who asks for deletion has not been told yet what it does."""
        return self.cleaned_data["kind"] == RightKind.ERASURE and not self.cleaned_data["sure"]

    @property
    def asked(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "sure"}


class RecordForm(RequestForm):
    """A request that an officer records because it came in another way."""

    received_on = DayField(label="Date received", help_text="The deadline counts from this day.")
    how = forms.ChoiceField(
        label="How it reached us", choices=[each for each in RequestChannel.choices if each[0] != RequestChannel.PAGE]
    )


class RequestMessageForm(forms.Form):
    words = _words("Your message", 3, help_text="Add something, or answer what we asked.")


class FindForm(forms.Form):
    who = forms.CharField(label="Name, number or email address", max_length=120)


class RequestWordsForm(OneOfSeveral):
    words = _words("Message to the person")


class PauseForm(RequestWordsForm):
    words = _words(
        "What we need from them", help_text="We email this to the person and pause the deadline until they answer."
    )


class ExtendForm(RequestWordsForm):
    words = _words(
        "Why it takes longer", help_text="We email this to the person. You must tell them within the first month."
    )


class RequestNoteForm(RequestWordsForm):
    words = _words("Internal note", 3, help_text="Only information governance sees this.")


class RequestCloseForm(OneOfSeveral):
    outcome = forms.ChoiceField(
        label="How it was answered",
        choices=[
            (RequestOutcome.DONE, "Done"),
            (RequestOutcome.PARTLY, "Done in part"),
            (RequestOutcome.REFUSED, "Not done"),
        ],
        widget=forms.RadioSelect,
    )
    words = _words(
        "Message to the person",
        help_text="Say what you did, or why not, and that they can complain to us and to the Information Commissioner.",
    )


class RestrictForm(RequestWordsForm):
    words = _words("Message to the person", 3, help_text="Say what is restricted, and what we will still do.")


class LiftForm(RequestWordsForm):
    words = _words("Why are you lifting it?", 3, help_text="The person is told before anything is done with it again.")


class EraseForm(RequestWordsForm):
    words = _words(
        "For the person, where something has to stay", required=False, help_text="What stays, why, and until when."
    )  # fmt: skip


class PartForm(forms.Form):
    """Several of these forms are on one page: the part that each is about is its prefix."""

    included = forms.ChoiceField(
        label="Include it?",
        choices=[("yes", "Yes, include it"), ("no", "No, leave it out")],
        widget=forms.RadioSelect,
    )
    because = forms.CharField(
        label="If you leave it out, why (the person sees this)", required=False, max_length=500,
        help_text="For example: it would put somebody’s health at risk, or it is about another person.",
    )  # fmt: skip


class NamesForm(forms.Form):
    """The names found, each with a checkbox to redact it, and further words that the officer enters."""

    black_out = forms.MultipleChoiceField(
        label="Black out", required=False, choices=[], widget=forms.CheckboxSelectMultiple
    )  # fmt: skip
    more = _words("Other words to black out", 2, 2000, required=False, help_text="One on each line.")

    def __init__(self, *args: Any, package: Package, decided: list[Redaction], **kwargs: Any) -> None:
        black = {each.words for each in decided if each.black_out}
        found = [each["words"] for each in package.candidates]
        known = {each.words for each in decided}
        first = [
            each["words"] for each in package.candidates if not each["is_colleague"] and each["words"] not in known
        ]
        kwargs.setdefault("initial", {"black_out": [*black, *first]})
        super().__init__(*args, **kwargs)
        self.words = list(dict.fromkeys([*found, *sorted(known)]))
        offer(self, "black_out", [(words, words) for words in self.words])

    def decided(self) -> tuple[list[str], list[str]]:
        """The words to redact, and those to leave."""
        said = self.cleaned_data
        more = [line.strip() for line in said["more"].splitlines() if line.strip()]
        black = [*said["black_out"], *more]
        return black, [words for words in self.words if words not in black]


class BlackOutForm(forms.Form):
    """Words to black out in a part of a copy: names found in it to tick, and words to enter."""

    found = forms.MultipleChoiceField(
        label="Names of others in this part", required=False, choices=[], widget=forms.CheckboxSelectMultiple
    )
    words = _words(
        "Words to black out", 2, 2000, required=False,
        help_text="Copy them from the text, one entry on each line. We black them out wherever they occur in the copy.",
    )  # fmt: skip

    def __init__(self, *args: Any, names: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "found", [(words, words) for words in names])
        if not names:
            del self.fields["found"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        typed = [line.strip() for line in said.get("words", "").splitlines() if line.strip()]
        said["all"] = list(dict.fromkeys([*said.get("found", []), *typed]))
        if not said["all"]:
            self.add_error("words", "Enter the words to black out.")
        if any(len(each) > LONGEST for each in typed):
            self.add_error("words", f"Enter at most {LONGEST} characters on each line.")
        return said


LONGEST = 200
"""Characters of one entry, as in the database."""


class SettingForm(forms.Form):
    """A change of a setting that deletes data. `sure` is sent by the page that shows the effect."""

    key = forms.ChoiceField(
        label="Setting", choices=[(key, item.label) for key, item in SETTINGS.items() if item.erases]
    )
    value = forms.CharField(label="New value", max_length=20, help_text="A number, “yes” or “no”, or a month and day.")
    effective_from = DayField(label="First day", help_text="A day after today.")
    note = forms.CharField(label="Why", max_length=300)
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "key" in said and "value" in said:
            setting = SETTINGS[said["key"]]
            said["value"] = _typed(said["value"].strip(), type(setting.default))
            problem = setting.problem(said["value"])
            if problem:
                self.add_error("value", problem)
        return said

    @property
    def change(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "sure"}

    @property
    def sent_again(self) -> dict[str, Any]:
        """What the page with the effect sends."""
        return {name: self.data.get(name, "") for name in self.fields} | {"sure": "on"}


def _typed(said: str, kind: type) -> int | str | bool:
    """The value in the type of the setting; unchanged if it cannot be."""
    if kind is bool:
        return {"yes": True, "true": True, "no": False, "false": False}.get(said.lower(), said)
    return int(said) if kind is int and said.isascii() and said.isdecimal() else said


class NoticeWordsForm(forms.Form):
    notice_introduction = _words(
        "Introduction", 6, 2000, required=False, help_text="Shown first. Leave a line empty to begin a new paragraph."
    )
    notice_contact = _words(
        "Contact paragraph", 4, 2000, required=False, help_text="For example your data protection officer. Plain text."
    )
    effective_from = DayField(label="First day", help_text="A day after today.")


class LegalHoldForm(forms.Form):
    classes = forms.MultipleChoiceField(
        label="What to keep",
        choices=[(each.key, each.name) for each in OF_A_PERSON if each.key not in ("people", "courses")],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Choose none to keep everything. We always keep who it is about.",
    )
    reason = _words("Reason", 3, 500, help_text="Record the claim, its reference and who asked for it.")
    expires_on = DayField(label="End date", help_text="We’ll remind you before this day.")


class SeveralHoldsForm(LegalHoldForm):
    """`people`: the ids of the people whom the page with the effect has named; they alone get a hold."""

    field_order = ("who",)
    who = _words("Who", 8, 6000, help_text="A University number, email address or full name on each line.")
    people = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def clean_who(self) -> str:
        if len(self.lines) > MOST_LINES:
            raise forms.ValidationError(f"Enter at most {MOST_LINES} people at once.")
        return str(self.cleaned_data["who"])

    @property
    def lines(self) -> list[str]:
        said = self.cleaned_data["who"].splitlines()
        return list(dict.fromkeys(line.strip()[:120] for line in said if line.strip()))

    @property
    def sent_again(self) -> list[tuple[str, str]]:
        """What the page with the effect sends, without the ids."""
        said = {name: self.data.getlist(name) for name in self.fields if name != "people"}  # type: ignore[attr-defined]
        return [(name, value) for name, values in said.items() for value in values]


class LiftHoldsForm(forms.Form):
    holds = forms.MultipleChoiceField(label="Which holds?", choices=[], widget=forms.CheckboxSelectMultiple)
    because = forms.CharField(label="Why are you lifting them?", max_length=500)

    def __init__(self, *args: Any, holds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "holds", holds)


class ExtendHoldForm(OneOfSeveral):
    expires_on = DayField(label="End date")


class LiftHoldForm(OneOfSeveral):
    because = forms.CharField(label="Why are you lifting it?", max_length=500)


class StopForm(OneOfSeveral):
    because = forms.CharField(label="Why stop it?", max_length=200)


PURPOSES = [
    (Purpose.MARKETING, "Careers news", "Events, vacancies and tips from the careers service."),
    (Purpose.ALUMNI, "The alumni office", "Staying in touch with the University after you graduate."),
]


class PermissionForm(forms.Form):
    """Checkboxes for each purpose and channel; none is ticked by default."""

    def __init__(self, *args: Any, held: dict[tuple[str, str], bool], with_alumni: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = [each for each in PURPOSES if with_alumni or each[0] != Purpose.ALUMNI]
        for purpose, label, help_text in self.asked:
            self.fields[purpose] = forms.MultipleChoiceField(
                label=label, help_text=help_text, required=False, choices=ContactChannel.choices,
                widget=forms.CheckboxSelectMultiple,
                initial=[channel for channel in ContactChannel.values if held.get((purpose, channel))],
            )  # fmt: skip

    def said(self) -> dict[tuple[str, str], bool]:
        return {
            (str(purpose), channel): channel in self.cleaned_data[purpose]
            for purpose, _, _ in self.asked
            for channel in ContactChannel.values
        }
