from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access.api_permissions import IsCareersStaff
from accounts.access.permissions import signed_in
from events.api.base_view import EventsAPIView, details_in
from events.models import EventSession, HowCheckedIn, Registration
from events.operations.cancel_registration import cancel_registration
from events.operations.check_in import AtTheDoor, check_in, undo_check_in
from events.operations.register import RegistrationOverride, register
from events.operations.still_coming import say_still_coming
from events.rules.door import session_at_the_door
from events.selectors.api_answers import RegistrationReading
from events.serializers import (
    CheckInInput,
    CheckInOutput,
    RegistrationInput,
    RegistrationOutput,
    RegistrationPage,
    RegistrationsInput,
)
from foundation.api.base_view import documented, page, public_id_parameter, rendered, validated_body, validated_query
from foundation.api.idempotency import KEY_PARAMETER, idempotency_key
from foundation.api.versions import ETAG, IF_MATCH
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now

ID = public_id_parameter()


class RegistrationListAPI(EventsAPIView):
    @documented(
        422,
        summary="Registrations: my own; for careers staff everybody’s",
        tag="events",
        answers=RegistrationPage,
        parameters=[RegistrationsInput],
        operation_id="registrations_list",
    )
    def get(self, request: Request) -> Response:
        user, wanted, now = signed_in(request), validated_query(RegistrationsInput, request), database_now()
        found = Registration.objects.visible_to(user).with_event().order_by("-event__during", "-pk")
        if wanted.get("event"):
            found = found.filter(event__public_id=wanted["event"])
        if wanted.get("student"):
            found = found.filter(student=self.student_named(wanted["student"]))
        first, most = wanted["offset"], wanted["limit"]
        rows = [RegistrationReading(row, user, now) for row in found[first : first + most + 1]]
        return page(request, rows, wanted, RegistrationPage)

    @documented(
        409, 413, 415, 422, 503,
        summary="Register for an event with a free place",
        tag="events",
        answers=RegistrationOutput,
        status=201,
        request=RegistrationInput,
        parameters=[KEY_PARAMETER, ETAG],
        operation_id="registrations_create",
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        said = validated_body(RegistrationInput, request)
        given = said.get("override")
        registration = register(
            student=self.student_named(said.get("student", "")),
            event=self.event_named(said["event"]),
            mode=said["mode"],
            by=signed_in(request),
            details=details_in(said),
            override=RegistrationOverride(given["reason"]) if given else None,
            once=idempotency_key(request),
        )
        return self.answer(
            registration, 201, Location=reverse("api_registration_detail", args=[registration.public_id])
        )


class RegistrationDetailAPI(EventsAPIView):
    @documented(
        404,
        summary="One registration",
        tag="events",
        answers=RegistrationOutput,
        parameters=[ID, ETAG],
        operation_id="registrations_detail",
    )
    def get(self, request: Request, public_id: str) -> Response:
        return self.answer(self.registration_of(public_id))


class RegistrationCancelAPI(EventsAPIView):
    @documented(
        404, 409, 412, 413, 415, 503,
        summary="Cancel, until the event starts",
        tag="events",
        answers=RegistrationOutput,
        request=None,
        parameters=[ID, IF_MATCH, ETAG],
        operation_id="registrations_cancel",
    )  # fmt: skip
    def post(self, request: Request, public_id: str) -> Response:
        registration = self.registration_of(public_id)
        cancel_registration(registration=registration, by=signed_in(request))
        return self.answer(self.registration_of(public_id))


class StillComingAPI(EventsAPIView):
    @documented(
        404, 409, 413, 415, 503,
        summary="Still coming, after a change of time or place",
        tag="events",
        answers=RegistrationOutput,
        request=None,
        parameters=[ID, ETAG],
        operation_id="registrations_still_coming",
    )  # fmt: skip
    def post(self, request: Request, public_id: str) -> Response:
        say_still_coming(registration=self.registration_of(public_id), by=signed_in(request))
        return self.answer(self.registration_of(public_id))


class CheckInAPI(EventsAPIView):
    """For programs at the door. Whoever runs one has asked “Is it them?” (SEC-2)."""

    permission_classes = [IsCareersStaff]

    @documented(
        404, 409, 413, 415, 422, 503,
        summary="Check somebody in; twice is once",
        tag="events",
        answers=CheckInOutput,
        request=CheckInInput,
        parameters=[ID],
        operation_id="registrations_check_in",
    )  # fmt: skip
    def post(self, request: Request, public_id: str) -> Response:
        registration, said = self.registration_of(public_id), validated_body(CheckInInput, request)
        session = session_in(registration, said.get("session", ""))
        door = AtTheDoor(HowCheckedIn.CODE, by=signed_in(request))
        return Response(rendered(CheckInOutput, check_in(registration=registration, session=session, door=door)))


class CheckInUndoAPI(EventsAPIView):
    permission_classes = [IsCareersStaff]

    @documented(
        404, 409, 413, 415, 422, 503,
        summary="Take a check-in back: it was somebody else",
        tag="events",
        answers=RegistrationOutput,
        request=CheckInInput,
        parameters=[ID, ETAG],
        operation_id="registrations_check_in_undo",
    )  # fmt: skip
    def post(self, request: Request, public_id: str) -> Response:
        registration, said = self.registration_of(public_id), validated_body(CheckInInput, request)
        session = session_in(registration, said.get("session", ""))
        undo_check_in(registration=registration, session=session, by=signed_in(request))
        return self.answer(self.registration_of(public_id))


def session_in(registration: Registration, public_id: str) -> EventSession:
    """The session that is named; otherwise the one that is on now or next."""
    sessions = list(registration.event.sessions.all())
    found = (
        next((each for each in sessions if each.public_id == public_id), None)
        if public_id
        else session_at_the_door(sessions, database_now())
    )
    if found is None:
        raise Refused("unknown_session", "There is no such session.", field="session", status=422)
    return found
