"""What the appointment endpoints share: finding students and bookings by id, and offering other times after a lost
race."""

import re
from collections.abc import Iterator
from typing import Any

from django.http import Http404
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access.api_permissions import UsesAppointments
from accounts.access.permissions import signed_in
from accounts.models import User
from appointments.models import AppointmentType, Booking
from appointments.operations.choice import Choice, Details, Override
from appointments.selectors.api_answers import free_time_answers
from appointments.selectors.booking_targets import BookingTargets, find_named
from appointments.serializers import FreeTimeOutput
from foundation.api.base_view import BaseAPIView, rendered
from foundation.api.versions import name_seen_versions
from foundation.outcomes.refusals import Refused
from foundation.values.public_ids import ALPHABET, LENGTH
from places.models import MeetingMode

PUBLIC_ID = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")
WORDS = {"type": "appointment type", "adviser": "adviser", "location": "location", "student": "student"}


class AppointmentsAPIView(BaseAPIView):
    """`choice` is set once a request has named a time, so that a refusal can offer others near it."""

    area = "appointments"
    permission_classes = [UsesAppointments]
    choice: Choice | None = None

    def handle_exception(self, error: Exception) -> Response:
        if isinstance(error, Refused) and error.alternatives and self.choice:
            near = free_time_answers(error.alternatives, self.choice.type)
            error.alternatives = [rendered(FreeTimeOutput, each) for each in near]
        return super().handle_exception(error)

    def chosen(self, said: dict[str, Any], student: str = "") -> tuple[BookingTargets, Choice]:
        """Three queries. Sets `choice`; refuses unknown ids."""
        named = find_named(type=said["type"], adviser=said["adviser"], location=said["location"], student=student)
        if named is None:
            raise unknown("type")
        if named.adviser is None:
            raise unknown("adviser")
        if named.location is None:
            raise unknown("location")
        self.choice = Choice(named.type, said["start"], named.adviser, said["mode"], named.location)
        return named, self.choice

    def student_and_choice(self, user: User, said: dict[str, Any]) -> tuple[User, Choice]:
        """Students book for themselves; careers staff name the student."""
        wanted = said.get("student", "")
        if not wanted and not user.is_student:
            raise Refused("student_needed", "Choose the student.", field="student", status=422)
        require_own(user, wanted)
        named, choice = self.chosen(said, wanted)
        student = named.student if wanted else user
        if student is None:
            raise unknown("student")
        return student, choice


def unknown(what: str) -> Refused:
    return Refused(f"unknown_{what}", f"There is no such {WORDS[what]}.", field=what, status=422)


def booking_of(request: Request, public_id: str) -> Booking:
    """One query. Raises 404 both for a booking that does not exist and for somebody else's.

    Notes which version the request has seen.
    """
    found = None
    if PUBLIC_ID.fullmatch(public_id):
        visible = Booking.objects.visible_to(signed_in(request)).with_people().select_related("needs")
        found = visible.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    name_seen_versions(found, request)
    return found


def require_own(user: User, student: str) -> None:
    """Only careers staff may name another student. Nobody else learns whether that id exists."""
    if student and student != user.public_id and not user.is_careers_staff:
        raise Refused("not_yours", "You can ask for yourself only.", field="student", status=403)


def student_named(user: User, student: str) -> User | None:
    """At most one query. The student whom staff name, or the student who asks."""
    require_own(user, student)
    if not student or student == user.public_id:
        return user if user.is_student else None
    found = User.objects.students().filter(public_id=student).first()
    if found is None:
        raise unknown("student")
    return found


def override_of(said: dict[str, Any]) -> Override | None:
    given = said.get("override")
    return Override(given["reason"], counts=given["counts"]) if given else None


def details_of(said: dict[str, Any], type: AppointmentType) -> Details:
    """Accepts only the topics and questions of the type, as the form on the page does."""
    answers = {key: text for key, text in said["answers"].items() if text}
    wrong: dict[str, Any] = {}
    if said["topic"] and said["topic"] not in type.topics:
        wrong["topic"] = ["Choose one of the type's topics."]
    if problems := list(_answer_problems(said["answers"], type)):
        wrong["answers"] = problems
    if said["recording_permission"] and said["mode"] != MeetingMode.ONLINE:
        wrong["recording_permission"] = ["Only an online appointment can be recorded."]
    if wrong:
        raise ValidationError(wrong, "not_of_this_type")
    return Details(
        said["topic"], said["help_wanted"], said["access_needs"], answers, said["recording_permission"], said["phone"]
    )


def _answer_problems(answers: dict[str, str], type: AppointmentType) -> Iterator[str]:
    asked = {question["key"]: question for question in type.questions}
    if set(answers) - set(asked):
        yield "Answer the type's own questions only, by their keys."
    for key, question in asked.items():
        if question.get("required") and not answers.get(key):
            yield f"{question['label']}: this is needed."
