"""What the event endpoints share: finding events, registrations and students by id."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework.response import Response

from accounts.access.api_permissions import UsesAppointments
from accounts.access.permissions import signed_in
from accounts.models import User
from eligibility.models import WaitingEntry
from events.models import Event, Registration
from events.operations.admit import RegistrationDetails
from events.selectors.api_answers import RegistrationReading, waiting_answers
from events.serializers import RegistrationOutput, WaitingOutput
from foundation.api.base_view import BaseAPIView, rendered
from foundation.api.versions import etag, name_seen_versions
from foundation.outcomes.refusals import Refused
from foundation.values.public_ids import id_in
from foundation.values.sources import SourceKind
from foundation.values.times import database_now


class EventsAPIView(BaseAPIView):
    area = "events"
    permission_classes = [UsesAppointments]

    def event_named(self, public_id: str) -> Event:
        """Refuses an unknown id in the body of a request; drafts are unknown to students."""
        found = Event.objects.visible_to(signed_in(self.request)).filter(public_id=public_id).first()
        if found is None:
            raise Refused("unknown_event", "There is no such event.", field="event", status=422)
        return found

    def student_named(self, public_id: str) -> User:
        """The student whom staff name, or the student who asks. Nobody else learns whether an id exists."""
        user = signed_in(self.request)
        if not public_id or public_id == user.public_id:
            if user.is_student:
                return user
            raise Refused("student_needed", "Choose the student.", field="student", status=422)
        if not user.is_careers_staff:
            raise Refused("not_yours", "You can ask for yourself only.", field="student", status=403)
        found = User.objects.students().filter(public_id=public_id).first()
        if found is None:
            raise Refused("unknown_student", "There is no such student.", field="student", status=422)
        return found

    def registration_of(self, public_id: str) -> Registration:
        """404 both for a registration that does not exist and for somebody else's."""
        visible = Registration.objects.visible_to(signed_in(self.request)).with_event()
        found: Registration = get_object_or_404(visible, public_id=id_in(public_id))
        name_seen_versions(found, self.request)
        return found

    def entry_of(self, public_id: str) -> WaitingEntry:
        mine = WaitingEntry.objects.visible_to(signed_in(self.request)).filter(source_kind=SourceKind.EVENT)
        found: WaitingEntry = get_object_or_404(mine.select_related("student"), public_id=id_in(public_id))
        return found

    def answer(self, registration: Registration, status: int = 200, **headers: str) -> Response:
        reading = RegistrationReading(registration, signed_in(self.request), timezone.now())
        return Response(
            rendered(RegistrationOutput, reading), status, headers={**etag(registration.version), **headers}
        )

    def waiting_answer(self, entry: WaitingEntry, status: int = 200, **headers: str) -> Response:
        [found] = waiting_answers([entry], database_now())
        return Response(rendered(WaitingOutput, found), status, headers=headers)


def details_in(said: dict[str, Any]) -> RegistrationDetails:
    return RegistrationDetails(said["answers"], said["access_needs"], said["shares_with_employers"])
