"""Forms for careers staff."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundWidget

from accounts.models import Role, User
from eligibility.models import Group
from events.models import Event, EventEmployer, EventQuestion, EventReserve, EventSession, QuestionKind
from events.operations.edit_event import MOST_IN_A_SERIES, WeeklyRule
from events.operations.picture import MOST_BYTES, TOO_LARGE
from events.operations.publish import SessionTimes
from foundation.values.links import https_link
from foundation.values.times import at, local
from foundation.web.days import DayField, WallField
from foundation.web.inputs import ClockInput, TextBox
from places.models import Location, MeetingMode

DAY = timedelta(days=1)
SPARE_ROWS = 1
MOST_ROWS = 12
ROWS: dict[str, Any] = {"extra": SPARE_ROWS, "max_num": MOST_ROWS, "validate_max": True, "can_delete": True}
INCOMPLETE = {"missing_management_form": "Part of this form didn’t arrive. Reload the page and try again."}
BAR = "|"
IN_WORDS = {MeetingMode.IN_PERSON: "in the room", MeetingMode.ONLINE: "online"}


def wall(moment: datetime | None) -> datetime | None:
    """As the inputs show it: local time without its zone."""
    return local(moment).replace(tzinfo=None) if moment else None


class EventFieldsForm(forms.ModelForm):
    registration_opens_at = WallField(
        label="Registration opens", required=False, help_text="Empty: when it is published."
    )
    registration_closes_at = WallField(label="Registration closes", required=False, help_text="Empty: when it starts.")
    cancel_until = WallField(label="Free cancellation until", required=False, help_text="Empty: until it starts.")

    class Meta:
        model = Event
        fields = (
            "title",
            "type",
            "summary",
            "description",
            "audience",
            "online_link",
            "registration_opens_at",
            "registration_closes_at",
            "cancel_until",
            "is_employer_led",
            "counts_as",
            "shares_with_employers",
        )
        widgets = {"description": TextBox({"rows": 8}), "summary": TextBox({"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("registration_opens_at", "registration_closes_at", "cancel_until"):
            self.initial[name] = wall(getattr(self.instance, name))
        self.fields["audience"].empty_label = "Every student and graduate"  # type: ignore[attr-defined]  # a choice field
        self.fields["counts_as"].empty_label = "Nothing"  # type: ignore[attr-defined]  # a choice field
        if self.instance.series_id:
            self.fields["also_later"] = forms.BooleanField(
                label="Also change the later events of this series",
                required=False,
                help_text="Everything on this page except the days of registration and cancellation.",
            )

    def clean_online_link(self) -> str:
        text = self.cleaned_data["online_link"].strip()
        if not text:
            return ""
        try:
            return https_link(text)
        except ValueError as error:
            raise forms.ValidationError("Enter a link that starts with https://.", code="event_link") from error

    def _post_clean(self) -> None:
        """Constraints that need the places or the state are for the operation."""
        self._validate_constraints = False
        super()._post_clean()  # type: ignore[misc]  # Django’s own hook, not in the stubs


class SessionForm(forms.Form):
    """One session: a day, times and a place. Ending before it starts means the next day."""

    public_id = forms.CharField(required=False, widget=forms.HiddenInput)
    day = DayField(label="Day", required=False)
    starts = forms.TimeField(label="From", required=False, widget=ClockInput)
    ends = forms.TimeField(label="To", required=False, widget=ClockInput)
    title = forms.CharField(label="Name of the session", required=False, max_length=120)
    location = forms.ModelChoiceField(
        Location.objects.filter(mode=MeetingMode.IN_PERSON, is_open=True), label="Place", required=False,
        empty_label="None, or another address",
    )  # fmt: skip
    venue = forms.CharField(label="Other address", required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        given = [name for name in ("day", "starts", "ends") if said.get(name) is not None]
        if self.is_needed and len(given) < 3 and not self.errors:
            raise forms.ValidationError("Enter the day, from when and to when.", code="session_incomplete")
        if said.get("location") and said.get("venue"):
            raise forms.ValidationError("Choose a place or enter another address, not both.", code="session_place")
        return said

    @property
    def is_needed(self) -> bool:
        said = self.cleaned_data
        return any(said.get(name) for name in ("day", "starts", "ends", "venue", "location", "title"))

    def times(self) -> SessionTimes:
        return times_in(self.cleaned_data, self.cleaned_data["title"], self.cleaned_data["public_id"])


def times_in(said: Mapping[str, Any], title: str = "", public_id: str = "") -> SessionTimes:
    starts = at(said["day"], said["starts"])
    ends = at(said["day"] if said["ends"] > said["starts"] else said["day"] + DAY, said["ends"])
    return SessionTimes(starts, ends, said["location"], said["venue"], title, public_id)


def session_initial(session: EventSession) -> dict[str, Any]:
    starts, ends = local(session.starts_at), local(session.ends_at)
    return {
        "public_id": session.public_id,
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "title": session.title,
        "location": session.location,
        "venue": session.venue,
    }


class SessionRows(forms.BaseFormSet):
    default_error_messages = {**forms.BaseFormSet.default_error_messages, **INCOMPLETE}


SessionFormSet = forms.formset_factory(SessionForm, formset=SessionRows, **ROWS)


class PlacesForm(forms.Form):
    """In the room, online or both."""

    in_person = forms.IntegerField(label="Places in the room", required=False, min_value=1, max_value=100_000)
    online = forms.IntegerField(label="Places online", required=False, min_value=1, max_value=100_000)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and not said.get("in_person") and not said.get("online"):
            raise forms.ValidationError("Enter the places in the room, online or both.", code="event_places")
        return said


class EventCreateForm(EventFieldsForm):
    """A new event with its first session and its places."""

    day = DayField(label="Day")
    starts = forms.TimeField(label="From", widget=ClockInput)
    ends = forms.TimeField(label="To", widget=ClockInput)
    location = forms.ModelChoiceField(
        Location.objects.filter(mode=MeetingMode.IN_PERSON, is_open=True),
        label="Place",
        required=False,
        empty_label="None, or another address",
    )
    venue = forms.CharField(label="Other address", required=False, max_length=300)
    in_person = forms.IntegerField(label="Places in the room", required=False, min_value=1, max_value=100_000)
    online = forms.IntegerField(label="Places online", required=False, min_value=1, max_value=100_000)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("location") and said.get("venue"):
            self.add_error("venue", "Choose a place or enter another address, not both.")
        if not self.errors and not said.get("in_person") and not said.get("online"):
            self.add_error("in_person", "Enter the places in the room, online or both.")
        return said

    def event(self) -> Event:
        event: Event = self.instance
        event.places_in_person, event.places_online = self.cleaned_data["in_person"], self.cleaned_data["online"]
        return event


class PeopleForm(forms.Form):
    """Colleagues and employers. Employers are lines, so that any number can be typed or pasted."""

    organisers = forms.ModelMultipleChoiceField(
        User.objects.none(), label="Organisers", required=False, widget=forms.CheckboxSelectMultiple
    )
    employers = forms.CharField(
        label="Employers taking part",
        required=False,
        max_length=6000,
        widget=TextBox({"rows": 6}),
        help_text="One on each line: name | web page | note. Web page and note can be left out.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = User.objects.filter(
            is_active=True, roles__overlap=[Role.ADVISER, Role.CAREERS_MANAGER, Role.FRONT_DESK]
        )
        self.fields["organisers"].queryset = staff.order_by("given_name", "family_name")  # type: ignore[attr-defined]  # a choice field

    def clean_employers(self) -> list[EventEmployer]:
        lines = [line for line in self.cleaned_data["employers"].splitlines() if line.strip()]
        found = [_employer(line) for line in lines]
        names = [each.name for each in found]
        if twice := next((name for name in names if names.count(name) > 1), ""):
            raise forms.ValidationError(f"“{twice}” is there twice.", code="employer_twice")
        return found


def _employer(line: str) -> EventEmployer:
    name, link, note = [*(part.strip() for part in line.split(BAR, 2)), "", ""][:3]
    try:
        link = https_link(link) if link else ""
    except ValueError as error:
        raise forms.ValidationError(
            f"The web page of “{name}” must start with https://.", code="employer_link"
        ) from error
    if not name or len(name) > 120 or len(note) > 300:
        raise forms.ValidationError(
            "Enter a name of at most 120 characters and a note of at most 300.", code="too_long"
        )
    return EventEmployer(name=name, link=link, note=note)


def employer_lines(employers: Sequence[EventEmployer]) -> str:
    rows = [[each.name, each.link, each.note] for each in employers]
    return "\n".join(f" {BAR} ".join(row).rstrip(f" {BAR}") for row in rows)


class QuestionForm(forms.ModelForm):
    choices = forms.CharField(
        label="Answers to choose from", required=False, widget=TextBox({"rows": 2}), help_text="One on each line."
    )

    class Meta:
        model = EventQuestion
        fields = ("label", "kind", "help", "choices", "is_required", "for_employers")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["choices"] = "\n".join(self.instance.choices)

    def clean_choices(self) -> list[str]:
        return [line.strip()[:120] for line in self.cleaned_data["choices"].splitlines() if line.strip()]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        is_choice = said.get("kind") == QuestionKind.CHOICE
        if is_choice and len(said.get("choices") or []) < 2:
            self.add_error("choices", "Enter at least two answers to choose from.")
        elif not is_choice:
            said["choices"] = []
        return said


class QuestionRows(forms.BaseModelFormSet):
    default_error_messages = {**forms.BaseModelFormSet.default_error_messages, **INCOMPLETE}


QuestionFormSet = forms.modelformset_factory(EventQuestion, form=QuestionForm, formset=QuestionRows, **ROWS)


class ReservesForm(forms.Form):
    """How many places are kept for each group, in each way of attending; empty for none."""

    def __init__(self, event: Event, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = {(reserve.group_id, reserve.mode): reserve.places for reserve in event.reserves.all()}
        modes, groups = event.modes, list(Group.objects.all())
        self.asked = {f"{mode}_{group.pk}": (group, mode) for mode in modes for group in groups}
        for name, (group, mode) in self.asked.items():
            label = f"{group.name}, {IN_WORDS[mode]}" if len(modes) > 1 else group.name
            self.fields[name] = forms.IntegerField(
                label=label, required=False, min_value=0, max_value=100_000, initial=kept.get((group.pk, mode))
            )

    def reserves(self) -> list[EventReserve]:
        given = [(self.cleaned_data.get(name), *asked) for name, asked in self.asked.items()]
        return [EventReserve(group=group, mode=mode, places=many) for many, group, mode in given if many]


class EventCancelForm(forms.Form):
    reason = forms.CharField(label="Why is it cancelled?", max_length=300, help_text="Everybody registered reads this.")


class EventCopyForm(forms.Form):
    starts_at = WallField(label="Start")


class SeriesForm(forms.Form):
    """A weekly rule. The dates are shown before anything is made, and each can be left out."""

    title = forms.CharField(label="Name of the series", max_length=120)
    first = DayField(label="First day")
    last = DayField(label="Last day")
    starts = forms.TimeField(label="Start time", widget=ClockInput)
    days = forms.MultipleChoiceField(label="Days", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["days"].choices = [(day, day) for day in (data.getlist("days") if hasattr(data, "getlist") else [])]  # type: ignore[attr-defined,union-attr]  # a choice field, a QueryDict

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("first") and said.get("last"):
            if said["last"] < said["first"]:
                self.add_error("last", "Choose a day after the first.")
            elif WeeklyRule(said["first"], said["last"], time()).weeks > MOST_IN_A_SERIES:
                self.add_error("last", f"Choose at most {MOST_IN_A_SERIES} weeks.")
        return said

    def rule(self) -> WeeklyRule:
        said = self.cleaned_data
        return WeeklyRule(said["first"], said["last"], said["starts"])


class PictureForm(forms.Form):
    upload = forms.FileField(
        label="Picture", required=False, widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"})
    )
    alt = forms.CharField(
        label="What does it show?",
        required=False,
        max_length=200,
        help_text="For people who cannot see it. Empty: remove the picture.",
    )

    def clean_upload(self) -> UploadedFile | None:
        """Its size is known before it is read."""
        upload: UploadedFile | None = self.cleaned_data["upload"]
        if upload and (upload.size or 0) > MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE, code="picture_unreadable")
        return upload


class EventNoteForm(forms.Form):
    text = forms.CharField(label="Message", max_length=3000, widget=TextBox({"rows": 8}))


class AttendanceForm(forms.Form):
    """Who counts as missed: everybody without a check-in is proposed. Somebody who came is marked here too."""

    missed = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple, label="Missed")
    came = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple, label="Came")

    def __init__(self, *args: Any, absent: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.absent = list(absent)
        for name in ("missed", "came"):
            self.fields[name].choices = self.absent  # type: ignore[attr-defined]  # a choice field
        self.fields["missed"].initial = [public_id for public_id, _ in absent]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        both = {*said.get("missed", ())} & {*said.get("came", ())}
        if both:
            names = ", ".join(name for public_id, name in self.absent if public_id in both)
            raise forms.ValidationError(f"Choose missed or came, not both: {names}.", code="marked_twice")
        return said

    def rows(self) -> list[tuple[str, BoundWidget, BoundWidget]]:
        """Each person’s name and two checkboxes."""
        names = [name for _, name in self.absent]
        return list(zip(names, self["missed"].subwidgets, self["came"].subwidgets, strict=True))


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Reason", max_length=300)


class StudentSearchForm(forms.Form):
    q = forms.CharField(label="Name, number or email", required=False, max_length=100)
