"""The shape of what the API reads and, for its schema, of what it answers (answers are built in `api.shapes`)."""

from datetime import date, timedelta
from typing import Any

from rest_framework import serializers

from appointments.models import BookingStatus, Confidentiality, MeetingMode
from foundation.api.base_view import PUBLIC_ID_PATTERN, PageInput, Reason
from foundation.api.json_days import JsonDayField, JsonMomentField
from foundation.values.public_ids import LENGTH

Input = serializers.Serializer[Any]
Output = serializers.Serializer[Any]

MOST_DAYS = 31


class IdField(serializers.RegexField):
    """A public id."""

    default_error_messages = {"invalid": f"An id has {LENGTH} lower-case letters and figures."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(PUBLIC_ID_PATTERN, trim_whitespace=False, **kwargs)


class TypeField(serializers.SlugField):
    """A type's public id or slug."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=60, help_text="Public id or slug of the appointment type.", **kwargs)


# What is asked.


class DaysInput(PageInput):
    """`from` and `to`: local days, inclusive, at most 31 of them."""

    def get_fields(self) -> dict[str, Any]:
        span = {
            "from": JsonDayField(required=False, help_text="First local day."),
            "to": JsonDayField(required=False, help_text=f"Last local day, inclusive; {MOST_DAYS} days at most."),
        }
        return {**span, **super().get_fields()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        check_days(attrs.get("from"), attrs.get("to"))
        return attrs


def check_days(first: date | None, last: date | None) -> None:
    if first and last and last < first:
        raise serializers.ValidationError({"to": "The last day cannot be before the first."}, "days_reversed")
    if first and last and last - first >= timedelta(days=MOST_DAYS):
        raise serializers.ValidationError({"to": f"Ask for {MOST_DAYS} days at most."}, "too_many_days")


class FreeTimesInput(DaysInput):
    type = TypeField()
    adviser = IdField(required=False, help_text="Only this adviser.")
    mode = serializers.ChoiceField(MeetingMode.choices, required=False, help_text="Only this way to meet.")
    student = IdField(required=False, help_text="Careers staff: the student that the times are for.")


class BookingsInput(PageInput):
    when = serializers.ChoiceField(
        ["upcoming", "past"], required=False, help_text="Upcoming: the next first; past and all: the latest first."
    )
    student = IdField(required=False, help_text="Careers staff: only this student's.")


class TypesInput(PageInput):
    student = IdField(required=False, help_text="Careers staff: the student that `may_book` is asked for.")


class OneTypeInput(serializers.Serializer[Any]):
    student = IdField(required=False, help_text="Careers staff: the student that `may_book` is asked for.")


class DiaryInput(DaysInput):
    adviser = IdField(
        required=False, help_text="Only this adviser; without it advisers see their own, others everybody's."
    )


class TimeInput(Input):
    """Where and when: the fields of a free time."""

    start = JsonMomentField()
    adviser = IdField()
    mode = serializers.ChoiceField(MeetingMode.choices)
    location = IdField()


class OverrideInput(Input):
    reason = serializers.CharField(max_length=300)
    counts = serializers.BooleanField(default=True, help_text="Whether it counts against the allocation.")


class BookingInput(TimeInput):
    """The five fields of a free time, and what the adviser should know beforehand."""

    type = TypeField()
    topic = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    help_wanted = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    access_needs = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    answers = serializers.DictField(
        child=serializers.CharField(max_length=500, allow_blank=True),
        required=False,
        default=dict,
        help_text="By key of the type's questions.",
    )
    recording_permission = serializers.BooleanField(default=False, help_text="Online only; off unless given (APPT-3).")
    student = IdField(required=False, help_text="Careers staff: the student it is for.")
    override = OverrideInput(required=False, help_text="Careers staff: set a limit aside, with a reason.")


class MoveInput(TimeInput):
    """The fields of a free time of the same type."""

    type = TypeField(required=False)
    override = OverrideInput(required=False, help_text="Careers staff: set a limit aside, with a reason.")


class CancelInput(Input):
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    by_service = serializers.BooleanField(
        default=False, help_text="Careers staff: the service calls it off, which never counts against the student."
    )


class AttendanceInput(Input):
    outcome = serializers.ChoiceField(["arrived", "attended", "late", "missed"])
    minutes_late = serializers.IntegerField(
        min_value=1, max_value=480, required=False, help_text="With `late`; left out: since the start."
    )


class ReverseInput(Input):
    reason = serializers.CharField(max_length=300)


# What is answered.


class BookingTextOutput(Output):
    """For people: names, and how confidential it is there (APPT-1, APPT-2, APPT-3)."""

    when = serializers.CharField()
    type = serializers.CharField()
    minutes = serializers.IntegerField()
    adviser = serializers.CharField()
    location = serializers.CharField()
    building = serializers.CharField(allow_blank=True)
    directions = serializers.CharField(allow_blank=True)
    confidentiality = serializers.ChoiceField(Confidentiality.choices)
    confidentiality_label = serializers.CharField()
    confidentiality_note = serializers.CharField()
    recording = serializers.CharField(allow_blank=True)


class FreeTimeOutput(Output):
    """A booking is made from exactly the first five members."""

    type = IdField()
    start = JsonMomentField()
    adviser = IdField()
    mode = serializers.ChoiceField(MeetingMode.choices)
    location = IdField()
    shown = BookingTextOutput()


class BookedTextOutput(BookingTextOutput):
    student = serializers.CharField()


class BookingOutput(Output):
    id = IdField()
    student = IdField()
    type = IdField()
    start = JsonMomentField()
    end = JsonMomentField()
    adviser = IdField()
    mode = serializers.ChoiceField(MeetingMode.choices)
    location = IdField()
    status = serializers.ChoiceField(BookingStatus.choices)
    counts = serializers.BooleanField(help_text="Whether it counts against the allocation.")
    may_change = serializers.BooleanField(help_text="Whether it can still be moved or cancelled.")
    topic = serializers.CharField(allow_blank=True)
    help_wanted = serializers.CharField(allow_blank=True)
    access_needs = serializers.CharField(
        required=False, allow_blank=True, help_text="The student, their adviser and the front desk only."
    )
    answers = serializers.DictField(child=serializers.CharField(allow_blank=True))
    recording_permission = serializers.BooleanField()
    booked_at = JsonMomentField()
    arrived_at = JsonMomentField(allow_null=True)
    minutes_late = serializers.IntegerField(allow_null=True)
    sequence = serializers.IntegerField(help_text="Rises with each change, as in its calendar file.")
    override_reason = serializers.CharField(required=False, allow_blank=True, help_text="Careers staff only.")
    status_reason = serializers.CharField(required=False, allow_blank=True, help_text="Careers staff only.")
    shown = BookedTextOutput()


class Question(Output):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # what a question calls it; nothing renders this
    help = serializers.CharField(required=False, allow_blank=True)
    required = serializers.BooleanField(required=False)  # type: ignore[assignment]  # a serializer has one of that name too


class AllocationLeft(Output):
    name = serializers.CharField()
    period = serializers.CharField(help_text="`a semester`, `in any 14 days` …")
    limit = serializers.IntegerField()
    used = serializers.IntegerField()
    left = serializers.IntegerField()
    again_on = serializers.DateField(allow_null=True, help_text="The first day with one left, where none is left now.")
    sentence = serializers.CharField()


class TypeOutput(Output):
    id = IdField()
    slug = serializers.CharField()
    name = serializers.CharField()
    summary = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    minutes = serializers.IntegerField()
    places = serializers.IntegerField(help_text="More than one: a group session.")
    modes = serializers.ListField(child=serializers.ChoiceField(MeetingMode.choices))
    topics = serializers.ListField(child=serializers.CharField())
    questions = Question(many=True)
    opens = serializers.CharField(help_text="How far ahead it can be booked, in words.")
    confidential_by_nature = serializers.BooleanField(help_text="False: never confidential, wherever it is held.")
    may_book = serializers.BooleanField(allow_null=True, help_text="Null: careers staff asked for no student.")
    reasons = Reason(many=True, help_text="Why not; empty where it may be booked.")
    first_day = serializers.DateField(allow_null=True, help_text="The first local day on which the rules allow one.")
    allocation = AllocationLeft(many=True, help_text="What is left as of today; empty: as many as needed.")


class PersonOutput(Output):
    id = IdField()
    name = serializers.CharField()


class BlockOutput(Output):
    id = IdField()
    start = JsonMomentField()
    end = JsonMomentField()
    types = serializers.ListField(child=IdField())
    locations = serializers.ListField(child=IdField())
    bookable_from = JsonMomentField(allow_null=True)


class TimeOutOutput(Output):
    id = IdField()
    start = JsonMomentField()
    end = JsonMomentField()
    reason = serializers.CharField(allow_blank=True)


class DiaryOutput(Output):
    """One adviser's diary of the days asked for, cancelled bookings left out."""

    adviser = PersonOutput()
    blocks = BlockOutput(many=True)
    bookings = BookingOutput(many=True)
    time_out = TimeOutOutput(many=True)


class Page(Output):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class FreeTimePage(Page):
    results = FreeTimeOutput(many=True)


class BookingPageOutput(Page):
    results = BookingOutput(many=True)


class TypePage(Page):
    results = TypeOutput(many=True)


class DiaryPageOutput(Page):
    results = DiaryOutput(many=True)
