"""Forms for careers staff. They check the shape of the input; the operations decide whether it is allowed."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms

from appointments.forms.long_select import LongSelect
from appointments.models import AppointmentType, Booking, DiaryTemplate, Weekday
from appointments.operations.cancel import CANNOT_HOLD_IT
from appointments.operations.choice import Details, Override
from appointments.rules.attendance import is_too_late, may_be_late, minutes_late_on_arrival
from appointments.rules.window_words import late_marking_sentence
from appointments.selectors.staff_pages import DiaryOwner
from foundation.values.counted import counted
from foundation.values.public_ids import new_public_id
from foundation.values.times import at
from foundation.web.days import DayField, IsoMomentField, WallField
from foundation.web.inputs import ClockInput, TextBox, offer
from foundation.web.telephones import TelephoneField
from places.models import Location, MeetingMode

ALL = "all"


class DayForm(forms.Form):
    """A day and an adviser to filter by; `advisers` are the ones to choose from."""

    day = DayField(required=False)
    adviser = forms.ChoiceField(required=False, label="Adviser", widget=LongSelect)

    def __init__(self, *args: Any, advisers: Iterable[DiaryOwner], everybody: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(adviser.public_id, adviser.name) for adviser in advisers]
        offer(self, "adviser", [(ALL, "All advisers"), *choices] if everybody else choices)


class AdviserForm(forms.Form):
    """Chooses whose diary to show and keeps the week."""

    week = DayField(required=False, widget=forms.HiddenInput)
    adviser = forms.ChoiceField(required=False, label="Diary of", widget=LongSelect)

    def __init__(self, *args: Any, advisers: Iterable[DiaryOwner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "adviser", [(adviser.public_id, adviser.name) for adviser in advisers])


QUICK_LATENESS = (5, 10, 15)
"""Minutes that can be chosen with one press."""
OTHER = "other"


class AppointmentCloseForm(forms.Form):
    """Attendance, note and next step on one form. Nothing is chosen beforehand, so Enter by mistake records nothing."""

    outcome = forms.ChoiceField(
        label="How did it go?",
        choices=[("attended", "Attended"), ("late", "Attended, late"), ("missed", "Missed")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it went."},
    )
    late_by = forms.ChoiceField(label="How late?", required=False, widget=forms.RadioSelect)
    minutes_late = forms.IntegerField(label="Minutes late", required=False, min_value=1)
    text = forms.CharField(
        label="Note",
        required=False,
        max_length=5000,
        widget=TextBox(attrs={"rows": 5}),
        help_text="Advisers and managers read this; students may ask to see it.",
    )
    next_step = forms.CharField(label="Next step", required=False, max_length=300)

    def __init__(self, *args: Any, booking: Booking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.booking = booking
        quick = [(str(each), self._quick_words(each)) for each in QUICK_LATENESS if each <= booking.minutes]
        offer(self, "late_by", [*quick, (OTHER, "Other")])
        self.fields["outcome"].help_text = late_marking_sentence(booking.type)
        if arrived := minutes_late_on_arrival(booking):
            self.initial = {"late_by": OTHER, "minutes_late": arrived, **self.initial}
            self.fields["minutes_late"].help_text = "From the arrival that the front desk recorded."

    def _quick_words(self, minutes: int) -> str:
        return f"{minutes} minutes{': missed' if is_too_late(self.booking, minutes) else ''}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("next_step") and not cleaned.get("text"):
            self.add_error("text", "Write a note to go with the next step.")
        if (late_by := cleaned.pop("late_by", "")) not in ("", OTHER):
            cleaned["minutes_late"] = int(late_by)
        if cleaned.get("outcome") != "late":
            cleaned["minutes_late"] = None
        elif "minutes_late" not in self.errors:
            stated = may_be_late(self.booking, cleaned.get("minutes_late"))
            if not stated:
                field = "minutes_late" if late_by == OTHER or cleaned.get("minutes_late") else "late_by"
                self.add_error(field, forms.ValidationError(stated.message, code=stated.code))
        return cleaned


class AppointmentNoteForm(forms.Form):
    text = forms.CharField(
        label="Note",
        max_length=5000,
        widget=TextBox(attrs={"rows": 5}),
        help_text="Advisers and managers read this; students may ask to see it.",
        error_messages={"required": "Write the note."},
    )
    next_step = forms.CharField(label="Next step", required=False, max_length=300)


class ReverseForm(forms.Form):
    reason = forms.CharField(
        label="Why are you undoing it?",
        max_length=300,
        error_messages={"required": "Enter why you are undoing the attendance."},
    )


class CancelForm(forms.Form):
    who = forms.ChoiceField(
        label="Who is cancelling?",
        choices=[
            ("service", "The service: it won’t count for the student"),
            ("student", "The student asked us to"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Say who cancels."},
    )
    told_reason = forms.CharField(
        label="Why, for the student",
        required=False,
        max_length=300,
        initial=CANNOT_HOLD_IT,
        help_text="We put this in their email if the service cancels.",
    )
    reason = forms.CharField(label="Reason", required=False, max_length=300, help_text="Only careers staff see this.")

    @property
    def by_service(self) -> bool:
        return bool(self.cleaned_data["who"] == "service")


class OfferForm(forms.ModelForm):
    """Times, types and locations: shared by weekly templates and one-off blocks."""

    class Meta:
        model = DiaryTemplate
        fields = ["weekday", "starts", "ends", "types", "locations"]
        widgets = {
            "starts": ClockInput(),
            "ends": ClockInput(),
            "types": forms.CheckboxSelectMultiple,
            "locations": forms.CheckboxSelectMultiple,
        }
        labels = {"types": "What can be booked", "locations": "Where"}
        error_messages = {
            "types": {"required": "Choose at least one type of appointment."},
            "locations": {"required": "Choose at least one place."},
            "starts": {"required": "Say from when."},
            "ends": {"required": "Say until when."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "weekday" in self.fields:
            offer(self, "weekday", [("", "Choose a day"), *Weekday.choices])
        types = cast(forms.ModelMultipleChoiceField, self.fields["types"])
        locations = cast(forms.ModelMultipleChoiceField, self.fields["locations"])
        types.queryset = AppointmentType.objects.offered()
        locations.queryset = Location.objects.open()
        locations.label_from_instance = _place_words  # type: ignore[method-assign,assignment]  # the hook that Django documents

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        modes = {place.mode for place in cleaned.get("locations") or []}
        for type in cleaned.get("types") or []:
            if modes and not modes & set(type.modes):
                self.add_error(
                    "locations",
                    forms.ValidationError(
                        f"{type.name} meets {type.mode_words}: choose a place for that.", code="place_unsuitable"
                    ),
                )
            if starts and ends and starts < ends and _length(starts, ends) < type.minutes:
                self.add_error(
                    "ends",
                    forms.ValidationError(
                        f"That is too short for {type.name} ({counted(type.minutes, 'minute')}).", code="too_short"
                    ),
                )
        return cleaned


def _length(starts: time, ends: time) -> int:
    return (ends.hour * 60 + ends.minute) - (starts.hour * 60 + starts.minute)


def _place_words(place: Location) -> str:
    return f"{place.name} ({place.get_confidentiality_display().lower()})"


class TemplateForm(OfferForm):
    class Meta(OfferForm.Meta):
        error_messages = {**OfferForm.Meta.error_messages, "weekday": {"required": "Choose the day of the week."}}


class TemplateEditForm(TemplateForm):
    booked_too = forms.BooleanField(
        label="Also change days with appointments",
        required=False,
        help_text="Otherwise these days keep their old hours. We show the appointments before you save.",
    )

    def offered(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("types", "locations", "booked_too")}


class BlockForm(OfferForm):
    """A one-off block: a date instead of a weekday."""

    day = DayField(label="Day", error_messages={"required": "Choose the day."})
    release_at = WallField(
        label="Bookable from",
        required=False,
        help_text="When students first see these times. Leave empty to use the appointment type’s rules.",
    )

    class Meta(OfferForm.Meta):
        fields = ["starts", "ends", "types", "locations"]

    field_order = ["day", "starts", "ends", "types", "locations", "release_at"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", "The end must be later than the start.")
        return cleaned

    def _post_clean(self) -> None:
        """Skips validation of the model: the operation makes a block, and there is no template to check."""


class PublishForm(forms.Form):
    first = DayField(label="From", error_messages={"required": "Say from which day."})
    last = DayField(label="Until", help_text="Inclusive.", error_messages={"required": "Say until which day."})


class TimeOutForm(forms.Form):
    first_day = DayField(label="First day", error_messages={"required": "Choose the first day."})
    starts = forms.TimeField(
        label="From", required=False, widget=ClockInput(), help_text="Leave empty for the whole day."
    )
    last_day = DayField(label="Last day", required=False, help_text="Leave empty for one day.")
    ends = forms.TimeField(
        label="Until", required=False, widget=ClockInput(), help_text="Leave empty for the end of the day."
    )
    reason = forms.CharField(required=False, max_length=120, help_text="Only careers staff see this.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first = cleaned.get("first_day")
        if first and cleaned.get("last_day") and cleaned["last_day"] < first:
            self.add_error("last_day", "The last day cannot be before the first.")
        return cleaned

    def span(self) -> tuple[datetime, datetime]:
        cleaned = self.cleaned_data
        first: date = cleaned["first_day"]
        last: date = cleaned["last_day"] or first
        ends = at(last, cleaned["ends"]) if cleaned["ends"] else at(last + timedelta(days=1), time.min)
        return at(first, cleaned["starts"] or time.min), ends


class SearchForm(forms.Form):
    q = forms.CharField(
        label="Name, university id or email",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class TimesForm(forms.Form):
    """Filters for times, sent in the query string."""

    adviser = forms.ChoiceField(required=False, label="Adviser", widget=LongSelect)
    mode = forms.ChoiceField(required=False, label="How to meet")
    first = DayField(required=False, widget=forms.HiddenInput)
    day = DayField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, advisers: Iterable[tuple[str, str]] = (), type: AppointmentType, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "adviser", [("", "Any adviser"), *advisers])
        named = [(mode.value, mode.label) for mode in MeetingMode if mode.value in type.modes]
        offer(self, "mode", [("", "Any way"), *named])


class PlaceForm(forms.Form):
    """Adviser and place at a chosen start and, where the rules refuse, the reason for overriding them."""

    start = IsoMomentField()
    place = forms.ChoiceField(
        label="Adviser and place",
        error_messages={"invalid_choice": "That has just been taken. Choose another."},
    )
    reason = forms.CharField(label="Why are you overriding the rules?", max_length=300, required=False)
    counts = forms.ChoiceField(
        label="Does it count against the allocation?",
        choices=[("yes", "It counts"), ("no", "It does not count")],
        widget=forms.RadioSelect,
        initial="yes",
        required=False,
    )

    def __init__(self, *args: Any, places: Mapping[str, str], against_rules: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "place", list(places.items()))
        if against_rules:
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = "Say why you are overriding the rules."
        else:
            del self.fields["reason"], self.fields["counts"]

    def override(self) -> Override | None:
        if "reason" not in self.fields:
            return None
        return Override(self.cleaned_data["reason"], counts=self.cleaned_data["counts"] != "no")


class StaffBookingForm(PlaceForm):
    topic = forms.ChoiceField(required=False, choices=[])
    help_wanted = forms.CharField(
        label="What help is needed?", required=False, max_length=2000, widget=TextBox(attrs={"rows": 4})
    )
    access_needs = forms.CharField(
        required=False,
        max_length=1000,
        widget=TextBox(attrs={"rows": 2}),
        help_text="The adviser and the front desk see this. Leave it empty to use what the student has told us.",
    )
    phone = TelephoneField(
        label="Number to call",
        required=False,
        help_text="For a telephone appointment. Leave it empty to use the number in the student’s profile.",
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, initial=new_public_id)

    def __init__(self, *args: Any, type: AppointmentType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "topic", [("", "Not said"), *((topic, topic) for topic in type.topics)])
        if not type.topics:
            del self.fields["topic"]
        if MeetingMode.TELEPHONE not in type.modes:
            del self.fields["phone"]
        self.asked = [question["key"] for question in type.questions]
        for question in type.questions:
            self.fields[f"answer_{question['key']}"] = forms.CharField(
                label=question["label"],
                help_text=question.get("help", ""),
                required=bool(question.get("required")),
                max_length=500,
                error_messages={"required": f"{question['label']}: this is needed."},
            )
        last = ["help_wanted", "access_needs", "reason", "counts"]
        self.order_fields([name for name in self.fields if name not in last] + last)

    def details(self) -> Details:
        cleaned = self.cleaned_data
        return Details(
            topic=cleaned.get("topic", ""),
            help_wanted=cleaned["help_wanted"],
            access_needs=cleaned["access_needs"],
            answers={key: cleaned[f"answer_{key}"] for key in self.asked if cleaned[f"answer_{key}"]},
            phone=cleaned.get("phone", ""),
        )

    def about(self) -> list[forms.BoundField]:
        """The visible fields except the place and those for overriding the rules."""
        return [field for field in self.visible_fields() if field.name not in ("place", "reason", "counts")]
