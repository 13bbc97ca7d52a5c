"""What the events API reads and returns. Output is rendered from `selectors.api_answers`."""

from typing import Any

from rest_framework import serializers

from eligibility.models import WaitingState
from events.models import EventState, HowCheckedIn, QuestionKind, RegistrationStatus
from events.selectors.api_answers import RegistrationReading
from foundation.api.base_view import IdField, PageInput, PageOutput, Reason
from foundation.api.json_days import JsonMomentField
from places.models import MeetingMode

Given = serializers.Serializer[Any]
Shown = serializers.Serializer[Any]

WAYS = [(mode.value, mode.label) for mode in (MeetingMode.IN_PERSON, MeetingMode.ONLINE)]


class EventsInput(PageInput):
    when = serializers.ChoiceField(["upcoming", "past"], default="upcoming", help_text="Past: the latest first.")
    type = serializers.SlugField(required=False, max_length=60, help_text="Only this type of event, by its slug.")
    mode = serializers.ChoiceField(WAYS, required=False, help_text="Only events that can be attended in this way.")
    q = serializers.CharField(required=False, max_length=100, help_text="Words of the title, summary or employers.")


class RegistrationsInput(PageInput):
    event = IdField(required=False, help_text="Only of this event.")
    student = IdField(required=False, help_text="Careers staff: only this student’s.")


class RegistrationOverrideInput(Given):
    reason = serializers.CharField(max_length=300)


class RegistrationInput(Given):
    event = IdField()
    mode = serializers.ChoiceField(WAYS)
    answers = serializers.DictField(
        child=serializers.CharField(max_length=2000, allow_blank=True),
        required=False,
        default=dict,
        help_text="By id of the event’s questions.",
    )
    access_needs = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    shares_with_employers = serializers.BooleanField(
        default=False, help_text="Employers taking part may read name, course and the answers for employers."
    )
    student = IdField(required=False, help_text="Careers staff: the student it is for.")
    override = RegistrationOverrideInput(required=False, help_text="Careers staff: override a rule, with a reason.")


class WaitInput(Given):
    event = IdField()
    mode = serializers.ChoiceField(WAYS)
    student = IdField(required=False, help_text="Careers staff: the student it is for.")


class AcceptInput(Given):
    answers = serializers.DictField(
        child=serializers.CharField(max_length=2000, allow_blank=True), required=False, default=dict
    )
    access_needs = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    shares_with_employers = serializers.BooleanField(default=False)


class CheckInInput(Given):
    session = IdField(required=False, help_text="Left out: the session that is on now or next.")


class EventTypeOutput(Shown):
    slug = serializers.CharField()
    name = serializers.CharField()
    is_employer_led = serializers.BooleanField()


class EventSessionOutput(Shown):
    id = IdField(source="public_id")
    title = serializers.CharField(allow_blank=True)
    start = JsonMomentField(source="starts_at")
    end = JsonMomentField(source="ends_at")
    place = serializers.CharField(source="place_words", allow_blank=True)


class EmployerOutput(Shown):
    name = serializers.CharField()
    link = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)


class EventQuestionOutput(Shown):
    id = IdField(source="public_id")
    kind = serializers.ChoiceField(QuestionKind.choices)
    question = serializers.CharField(source="label")
    help = serializers.CharField(allow_blank=True)
    choices = serializers.ListField(child=serializers.CharField())
    is_required = serializers.BooleanField()
    for_employers = serializers.BooleanField(help_text="Employers read the answer of people who agree.")


class WayOutput(Shown):
    mode = serializers.ChoiceField(WAYS)
    places = serializers.IntegerField(source="places.total")
    free = serializers.IntegerField(source="places.open", help_text="People who wait come first.")
    waiting = serializers.IntegerField(source="places.on_list")
    may_register = serializers.BooleanField(allow_null=True, help_text="Null: nobody’s eligibility was asked for.")
    reasons = Reason(many=True, help_text="Why not; empty if the rules allow it.")


class EventOutput(Shown):
    id = IdField(source="event.public_id")
    type = EventTypeOutput(source="event.type")
    title = serializers.CharField(source="event.title")
    summary = serializers.CharField(source="event.summary")
    state = serializers.ChoiceField(EventState.choices, source="event.state")
    start = JsonMomentField(source="event.starts_at")
    end = JsonMomentField(source="event.ends_at")
    sessions = EventSessionOutput(source="event.sessions.all", many=True)
    is_open = serializers.BooleanField(help_text="Whether registration is open.")
    opens_at = JsonMomentField(source="event.registration_opens_at", allow_null=True)
    closes_at = JsonMomentField(source="event.closes_at")
    free_until = JsonMomentField(source="event.free_until", help_text="Cancelling later counts as missing it.")
    ways = WayOutput(many=True)


class EventDetailOutput(EventOutput):
    description = serializers.CharField(source="event.description", allow_blank=True, help_text="Markdown.")
    employers = EmployerOutput(source="event.employers.all", many=True)
    questions = EventQuestionOutput(source="event.questions.all", many=True)


class RegistrationOutput(Shown):
    id = IdField(source="registration.public_id")
    event = IdField(source="registration.event.public_id")
    student = IdField(source="registration.student.public_id")
    title = serializers.CharField(source="registration.event.title")
    start = JsonMomentField(source="registration.event.starts_at")
    end = JsonMomentField(source="registration.event.ends_at")
    mode = serializers.ChoiceField(WAYS, source="registration.mode")
    status = serializers.ChoiceField(RegistrationStatus.choices, source="registration.status")
    registered_at = JsonMomentField(source="registration.registered_at")
    may_cancel = serializers.BooleanField()
    join_link = serializers.CharField(allow_blank=True, help_text="Online only, shortly before the start.")
    asked_again_at = JsonMomentField(
        source="registration.asked_again_at", allow_null=True, help_text="When we asked whether they still come."
    )
    still_coming_at = JsonMomentField(source="registration.still_coming_at", allow_null=True)
    override_reason = serializers.CharField(allow_blank=True, required=False, help_text="Careers staff only.")

    def to_representation(self, instance: RegistrationReading) -> dict[str, Any]:
        members: dict[str, Any] = super().to_representation(instance)
        if not instance.reader.is_careers_staff:
            del members["override_reason"]
        return members


class WaitingOutput(Shown):
    id = IdField(source="entry.public_id")
    event = IdField(source="event.public_id")
    title = serializers.CharField(source="event.title")
    mode = serializers.ChoiceField(WAYS, source="entry.lane")
    state = serializers.ChoiceField(WaitingState.choices, source="entry.state")
    number = serializers.IntegerField(source="entry.number", help_text="The order of joining; never changes.")
    place = serializers.IntegerField(help_text="1: next.")
    is_offered = serializers.BooleanField(help_text="A place is kept: accept it or leave the list.")
    offer_ends_at = JsonMomentField(source="entry.offer_ends_at", allow_null=True)


class CheckInOutput(Shown):
    """`is_new` is false if the person had been checked in before, at `at`."""

    registration = IdField(source="check_in.registration.public_id")
    session = IdField(source="check_in.session.public_id")
    at = JsonMomentField(source="check_in.at")
    how = serializers.ChoiceField(HowCheckedIn.choices, source="check_in.how")
    is_new = serializers.BooleanField()


class EventPage(PageOutput):
    results = EventOutput(many=True)


class RegistrationPage(PageOutput):
    results = RegistrationOutput(many=True)


class WaitingPage(PageOutput):
    results = WaitingOutput(many=True)
