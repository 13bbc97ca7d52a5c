"""What the appointment API reads and returns. Output is rendered from `selectors.api_answers`."""

from datetime import date, timedelta
from typing import Any

from rest_framework import serializers

from appointments.models import BookingStatus
from appointments.selectors.api_answers import BookingAnswer
from foundation.api.base_view import IdField, PageInput, PageOutput, Reason
from foundation.api.json_days import JsonDayField, JsonMomentField
from places.models import Confidentiality, MeetingMode

Input = serializers.Serializer[Any]
Output = serializers.Serializer[Any]

MOST_DAYS = 31


class TypeField(serializers.SlugField):
    """A type's public id or slug."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=60, help_text="Public id or slug of the appointment type.", **kwargs)


# Input.


class DaysInput(PageInput):
    """`from` and `to`: local days, inclusive, at most 31 days."""

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
    phone = serializers.CharField(
        max_length=40,
        required=False,
        allow_blank=True,
        default="",
        help_text="The number to call, by telephone only; left out: the one in the profile.",
    )
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
    told_reason = serializers.CharField(
        max_length=300,
        required=False,
        allow_blank=True,
        default="",
        help_text="With `by_service`: what the student reads as the reason.",
    )


class AttendanceInput(Input):
    outcome = serializers.ChoiceField(["arrived", "attended", "late", "missed"])
    minutes_late = serializers.IntegerField(
        min_value=1, max_value=480, required=False, help_text="Needed with `late`: at most the length."
    )


class ReverseInput(Input):
    reason = serializers.CharField(max_length=300)


# Output.


class BookingTextOutput(Output):
    """For people to read: names, and how confidential the place is (APPT-1, APPT-2, APPT-3)."""

    when = serializers.CharField()
    adviser = serializers.CharField(source="adviser_name")
    type = serializers.CharField(source="type.name")
    minutes = serializers.IntegerField(source="type.minutes")
    location = serializers.CharField(source="location.name")
    building = serializers.CharField(source="location.building", allow_blank=True)
    directions = serializers.CharField(source="location.directions", allow_blank=True)
    confidentiality = serializers.ChoiceField(Confidentiality.choices, source="privacy.level")
    confidentiality_label = serializers.CharField(source="privacy.label")
    confidentiality_note = serializers.CharField(source="privacy.sentence")
    recording = serializers.CharField(source="privacy.recording", allow_blank=True)


class FreeTimeOutput(Output):
    """Send the first five members to book this time."""

    type = IdField(source="time.type")
    start = JsonMomentField(source="time.starts_at")
    adviser = IdField(source="time.adviser")
    mode = serializers.ChoiceField(MeetingMode.choices, source="time.mode")
    location = IdField(source="time.location")
    shown = BookingTextOutput(source="*")


class BookedTextOutput(BookingTextOutput):
    student = serializers.CharField(source="booking.student.name")

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        return {"when": fields["when"], "student": fields["student"], **fields}


IN_CONFIDENCE = "Of a confidential type: the student and advisers only."


class BookingOutput(Output):
    id = IdField(source="booking.public_id")
    student = IdField(source="booking.student.public_id")
    type = IdField(source="booking.type.public_id")
    start = JsonMomentField(source="booking.starts_at")
    end = JsonMomentField(source="booking.ends_at")
    adviser = IdField(source="booking.adviser.public_id")
    mode = serializers.ChoiceField(MeetingMode.choices, source="booking.mode")
    location = IdField(source="booking.location.public_id")
    status = serializers.ChoiceField(BookingStatus.choices, source="booking.status")
    counts = serializers.BooleanField(source="booking.consumes", help_text="Whether it counts against the allocation.")
    may_change = serializers.BooleanField(help_text="Whether it can still be moved or cancelled.")
    topic = serializers.CharField(source="booking.topic", required=False, allow_blank=True, help_text=IN_CONFIDENCE)
    help_wanted = serializers.CharField(
        source="booking.help_wanted", required=False, allow_blank=True, help_text=IN_CONFIDENCE
    )
    answers = serializers.DictField(
        source="booking.answers",
        required=False,
        child=serializers.CharField(allow_blank=True),
        help_text=IN_CONFIDENCE,
    )
    recording_permission = serializers.BooleanField(source="booking.recording_permission")
    phone = serializers.CharField(source="booking.phone", allow_blank=True, help_text="The number to call.")
    booked_at = JsonMomentField(source="booking.booked_at")
    arrived_at = JsonMomentField(source="booking.arrived_at", allow_null=True)
    minutes_late = serializers.IntegerField(source="booking.minutes_late", allow_null=True)
    sequence = serializers.IntegerField(
        source="booking.sequence", help_text="Rises with each change, as in its calendar file."
    )
    access_needs = serializers.CharField(
        required=False, allow_blank=True, help_text="The student, their adviser and the front desk only."
    )
    override_reason = serializers.CharField(
        source="booking.override_reason", required=False, allow_blank=True, help_text="Careers staff only."
    )
    status_reason = serializers.CharField(
        source="booking.status_reason", required=False, allow_blank=True, help_text="Careers staff only."
    )
    shown = BookedTextOutput(source="*")

    def to_representation(self, instance: BookingAnswer) -> dict[str, Any]:
        members: dict[str, Any] = super().to_representation(instance)
        for name in instance.hidden:
            del members[name]
        return members


class Question(Output):
    key = serializers.CharField()
    help = serializers.CharField(required=False, allow_blank=True)
    label = serializers.CharField()  # type: ignore[assignment]  # `label` is also an attribute of a field
    required = serializers.BooleanField(required=False)  # type: ignore[assignment]  # `required` is also an attribute of a field


class AllocationLeft(Output):
    name = serializers.CharField(source="policy.name")
    period = serializers.CharField(source="policy.period_words", help_text="`a semester`, `in any 14 days` …")
    limit = serializers.IntegerField()
    used = serializers.IntegerField()
    left = serializers.IntegerField()
    again_on = serializers.DateField(allow_null=True, help_text="The first day with one left, where none is left now.")
    sentence = serializers.CharField()


class TypeOutput(Output):
    id = IdField(source="type.public_id")
    slug = serializers.CharField(source="type.slug")
    name = serializers.CharField(source="type.name")
    summary = serializers.CharField(source="type.summary")
    description = serializers.CharField(source="type.description", allow_blank=True)
    minutes = serializers.IntegerField(source="type.minutes")
    places = serializers.IntegerField(source="type.capacity", help_text="More than one: a group session.")
    modes = serializers.ListField(source="type.modes", child=serializers.ChoiceField(MeetingMode.choices))
    topics = serializers.ListField(source="type.topics", child=serializers.CharField())
    questions = Question(source="type.questions", many=True)
    opens = serializers.CharField(help_text="How far ahead it can be booked, in words.")
    confidential_by_nature = serializers.BooleanField(
        source="type.confidential_by_nature", help_text="False: never confidential, wherever it is held."
    )
    may_book = serializers.BooleanField(
        allow_null=True, help_text="Null: careers staff asked for no student, or must not know."
    )
    reasons = Reason(many=True, help_text="Why not; empty where it may be booked.")
    first_day = serializers.DateField(allow_null=True, help_text="The first local day on which the rules allow one.")
    allocation = AllocationLeft(many=True, help_text="What is left as of today; empty: as many as needed.")


class PersonOutput(Output):
    id = IdField(source="public_id")
    name = serializers.CharField()


class TimeOutOutput(Output):
    id = IdField(source="public_id")
    start = JsonMomentField(source="during.lower")
    end = JsonMomentField(source="during.upper")
    reason = serializers.CharField(allow_blank=True)


class BlockOutput(Output):
    id = IdField(source="public_id")
    start = JsonMomentField(source="during.lower")
    end = JsonMomentField(source="during.upper")
    types = serializers.ListField(source="type_ids", child=IdField())
    locations = serializers.ListField(source="location_ids", child=IdField())
    bookable_from = JsonMomentField(source="release_at", allow_null=True)


class DiaryOutput(Output):
    """One adviser's diary for the days requested, without cancelled bookings."""

    adviser = PersonOutput(source="diary.adviser")
    blocks = BlockOutput(source="diary.blocks", many=True)
    bookings = BookingOutput(many=True)
    time_out = TimeOutOutput(source="diary.time_out", many=True)


class FreeTimePage(PageOutput):
    results = FreeTimeOutput(many=True)


class BookingPageOutput(PageOutput):
    results = BookingOutput(many=True)


class TypePage(PageOutput):
    results = TypeOutput(many=True)


class DiaryPageOutput(PageOutput):
    results = DiaryOutput(many=True)
