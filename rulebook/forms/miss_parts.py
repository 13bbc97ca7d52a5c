"""The form of miss rules: each rule is a form, each of its steps is one, and hidden fields list them in order.

What the fields say is checked by `parse_miss_rules`, as in a rules file; its sentences are shown at the fields.
"""

from collections.abc import Mapping
from typing import Any, Self

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.text import capfirst

from eligibility.models.misses import HoldEnd, MissRule, MissStep, Per, StepHold
from eligibility.rules.miss_words import HOW, KINDS
from foundation.web.days import MonthDayField
from foundation.web.field_errors import subject
from foundation.web.inputs import TextBox, offer
from foundation.web.typed_before import values_of

Sent = MultiValueDict[str, str]
Value = dict[str, Any]

SINCE = "since"
RESTARTS = {
    Per.TERM: "Each term",
    Per.SEMESTER: "Each semester",
    Per.ACADEMIC_YEAR: "Each academic year",
    SINCE: "On a day of the year",
    Per.DAYS: "After so many days",
    Per.EVER: "Never",
}
NO_EMAIL, USUAL, LETTER = "", "usual", "letter"
EMAILS = {NO_EMAIL: "No email", USUAL: "The usual email", LETTER: "A formal letter by email"}
HOLDS = {
    "": "No hold",
    HoldEnd.DAYS: "For so many days",
    HoldEnd.MONTHS: "For so many months",
    HoldEnd.DAY: "Until a day of the year",
    HoldEnd.PERIOD: "Until counting starts again",
    HoldEnd.LIFTED: "Until a manager lifts it",
}
FIELD_OF = {
    "per": "restart", "per.days": "days", "per.since": "since", "slug": "kinds", "steps": "kinds", "message": "words",
    "letter": "words", "hold.days": "length", "hold.months": "length", "hold.until": "hold", "hold.message": "reads",
    "hold.stays_open": "stays_open",
}  # fmt: skip
"""By the place of a mistake within a rule or step: its field, where the name differs."""


def in_capitals(choices: Mapping[Any, str]) -> list[tuple[Any, str]]:
    return [(value, capfirst(words)) for value, words in choices.items()]


class MissPartForm(forms.Form):
    """A rule or a step. `types`: names of appointment types by slug."""

    first = ""
    """The field of mistakes that belong to no field."""
    folded: tuple[str, ...] = ()
    """Fields in the part of the page that is open only if one of them says something or is wrong."""

    def __init__(self, data: Sent | None = None, *, types: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.sent: Sent = data or MultiValueDict()
        self.type_names = types
        for name in ("types", "stays_open"):
            if name in self.fields:
                lost = set(self[name].value() or ()).difference(types)
                offer(self, name, [*types.items(), *((slug, f"{slug} (no longer exists)") for slug in sorted(lost))])

    def as_typed(self) -> Self:
        """The same form, with what was typed and without errors."""
        hidden = {each.name: each.value() for each in self.hidden_fields()}
        return type(self)(types=self.type_names, initial=hidden | values_of(self, self.sent), prefix=self.prefix)

    @property
    def more_is_said(self) -> bool:
        wrong = self.is_bound and bool(self.errors)
        return wrong or any(self[name].value() for name in self.folded)

    def clear_unless(self, wanted: bool, name: str, sentence: str) -> None:
        """Refuses a value that would have no effect."""
        if not wanted and self.cleaned_data.get(name) not in ("", None, [], False):
            self.add_error(name, sentence)

    def note_flaw(self, place: str, sentence: str) -> None:
        place = place.removeprefix(".").partition("[")[0]
        name = FIELD_OF.get(place, place)
        name = name if name in self.fields else self.first
        label = str(self.fields[name].label)
        self.add_error(name, sentence.replace("This is", f"{subject(label)} must be", 1))


class MissRuleForm(MissPartForm):
    first, folded = "kinds", ("noun", "types")

    slug = forms.SlugField(max_length=60, widget=forms.HiddenInput)
    noun = forms.CharField(
        label="What do students read as missed?",
        max_length=60,
        required=False,
        help_text="One of them, such as “mock interview”: “2 missed mock interviews count”. "
        "If empty, we write appointment, employer event or session.",
    )
    kinds = forms.MultipleChoiceField(
        label="Which sessions count?",
        choices=[(kind, capfirst(words)) for kind, words in KINDS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    types = forms.MultipleChoiceField(
        label="Only these appointment types",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="If you choose none, all types count.",
    )
    what = forms.MultipleChoiceField(
        label="What counts as a miss?",
        choices=[(how, capfirst(words)) for how, words in HOW.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    restart = forms.ChoiceField(label="When does counting start again?", choices=list(RESTARTS.items()))
    since = MonthDayField(
        label="Day of the year",
        required=False,
        help_text="Such as 1 August. With “After so many days”, counting also starts again on this day.",
    )
    days = forms.IntegerField(
        label="Number of days", required=False, help_text="How long each absence counts, with “After so many days”."
    )
    wait_hours = forms.IntegerField(
        label="Hours before we email the student", help_text="So that a mistake can be corrected first."
    )

    def clean(self) -> None:
        said = self.cleaned_data
        restart = said.get("restart")
        self.clear_unless(restart == Per.DAYS, "days", "Delete the number of days, or choose “After so many days”.")
        self.clear_unless(restart in (SINCE, Per.DAYS), "since", "Delete the day of the year, or choose it above.")
        if restart == SINCE and not said.get("since") and "since" not in self.errors:
            self.add_error("since", "Enter the day of the year.")
        if restart == Per.DAYS and said.get("days") is None and "days" not in self.errors:
            self.add_error("days", "Enter the number of days.")

    def said(self, steps: list[Value]) -> Value:
        """The rule as in a rules file."""
        said = self.cleaned_data
        value: Value = {"slug": said["slug"]}
        value |= {name: said[name] for name in ("noun", "types") if said[name]}
        for name in ("kinds", "what"):
            offered: Any = self.fields[name]
            value |= {name: said[name]} if len(said[name]) < len(offered.choices) else {}
        value["per"] = {name: said[name] for name in ("days", "since") if said[name] not in (None, "")} or said[
            "restart"
        ]
        return value | {"wait_hours": said["wait_hours"], "steps": steps}


class MissStepForm(MissPartForm):
    first, folded = "at", ("words", "horizon_days", "hold", "length", "until", "by_itself", "stays_open", "reads")

    at = forms.IntegerField(label="Number of misses")
    email = forms.ChoiceField(label="Email to the student", choices=list(EMAILS.items()), required=False)
    words = forms.CharField(
        label="Words to add to the email, or the letter",
        max_length=2000,
        required=False,
        widget=TextBox({"rows": 3}),
    )
    review = forms.BooleanField(label="A careers manager looks at it", required=False)
    horizon_days = forms.IntegerField(
        label="They can book only so many days ahead", required=False, help_text="0: on the day only."
    )
    hold = forms.ChoiceField(label="Hold", choices=list(HOLDS.items()), required=False)
    length = forms.IntegerField(label="Number of days or months", required=False)
    until = MonthDayField(label="Day of the year", required=False, help_text="Such as 1 August.")
    by_itself = forms.BooleanField(
        label="Place the hold without a person deciding",
        required=False,
        help_text="If not ticked, a careers manager decides each time.",
    )
    stays_open = forms.MultipleChoiceField(
        label="Types they can still book", required=False, widget=forms.CheckboxSelectMultiple
    )
    reads = forms.CharField(label="What the student reads about the hold", max_length=300, required=False)

    def clean(self) -> None:
        said = self.cleaned_data
        hold = said.get("hold")
        self.clear_unless(bool(said.get("email")), "words", "Choose an email for these words, or delete them.")
        if said.get("email") == LETTER and not said.get("words") and "words" not in self.errors:
            self.add_error("words", "Write the letter.")
        lasts, until = hold in (HoldEnd.DAYS, HoldEnd.MONTHS), hold == HoldEnd.DAY
        self.clear_unless(lasts, "length", "Delete the number, or choose a hold of days or months.")
        self.clear_unless(until, "until", "Delete the day, or choose a hold until a day of the year.")
        for name in ("by_itself", "stays_open", "reads"):
            self.clear_unless(bool(hold), name, "This is about a hold. Choose one, or clear this.")
        if lasts and said.get("length") is None and "length" not in self.errors:
            self.add_error("length", "Enter the number of days or months.")
        if until and not said.get("until") and "until" not in self.errors:
            self.add_error("until", "Enter the day of the year.")

    def said(self) -> Value:
        said = self.cleaned_data
        words = said["words"]
        value: Value = {"at": said["at"]}
        value |= {USUAL: {"message": words or True}, LETTER: {"letter": words}}.get(said["email"], {})
        value |= {"review": True} if said["review"] else {}
        value |= {"horizon_days": said["horizon_days"]} if said["horizon_days"] is not None else {}
        return value | ({"hold": self.said_of_hold()} if said["hold"] else {})

    def said_of_hold(self) -> Value:
        said = self.cleaned_data
        end = said["hold"]
        value: Value = (
            {end: said["length"]} if end in (HoldEnd.DAYS, HoldEnd.MONTHS) else {"until": said["until"] or end}
        )
        value |= {name: said[name] for name in ("stays_open", "by_itself") if said[name]}
        return value | ({"message": said["reads"]} if said["reads"] else {})


def initial_of_rule(rule: MissRule, noun: str) -> Value:
    restart = SINCE if rule.since and not rule.days else rule.per
    several = {"kinds": sorted(rule.kinds), "what": sorted(rule.what), "types": sorted(rule.types)}
    counting = {"restart": restart, "since": rule.since, "days": rule.days or None, "wait_hours": rule.wait_hours}
    return {"slug": rule.slug, "noun": noun, **several, **counting}


def initial_of_step(step: MissStep) -> Value:
    email = LETTER if step.letter else USUAL if step.emails else NO_EMAIL
    first = {"at": step.at, "email": email, "words": step.letter or step.message, "review": step.review}
    return {**first, "horizon_days": step.horizon_days, **(initial_of_hold(step.hold) if step.hold else {})}


def initial_of_hold(hold: StepHold) -> Value:
    ends = {"hold": hold.end, "length": hold.length or None, "until": hold.day}
    return {**ends, "by_itself": hold.by_itself, "stays_open": list(hold.stays_open), "reads": hold.message}
