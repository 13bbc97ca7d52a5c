from django.shortcuts import get_object_or_404
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from eligibility.rules.facts import Context
from eligibility.selectors.student_facts import student_context
from events.api.base_view import EventsAPIView
from events.models import Event
from events.selectors.api_answers import event_answers
from events.selectors.search import EventSearch, search_events
from events.serializers import EventDetailOutput, EventPage, EventsInput
from foundation.api.base_view import documented, page, public_id_parameter, rendered, validated_query
from foundation.values.public_ids import id_in
from foundation.values.times import database_now

ID = public_id_parameter()


class PublicEventsView(EventsAPIView):
    """Everybody may read events. Students are also told whether they may register."""

    is_public = True
    permission_classes = [AllowAny]

    def reader(self, request: Request) -> User | None:
        """Nobody, for a token without the scope."""
        user = request.user
        return user if isinstance(user, User) and self.has_scope(request) else None

    def context_of(self, request: Request) -> Context | None:
        reader = self.reader(request)
        return student_context(reader.pk) if reader and reader.is_student else None


class EventListAPI(PublicEventsView):
    @documented(
        summary="Events that anybody can see; for students, whether they may register (ELIG-1)",
        tag="events",
        answers=EventPage,
        parameters=[EventsInput],
        operation_id="events_list",
    )
    def get(self, request: Request) -> Response:
        """Six queries, one more for a student."""
        wanted, now = validated_query(EventsInput, request), database_now()
        asked = EventSearch(
            wanted.get("q", ""), wanted.get("type", ""), wanted.get("mode", ""), wanted["when"] == "past"
        )
        found = search_events(Event.objects.visible_to(self.reader(request)).with_details(), asked, now)
        first, most = wanted["offset"], wanted["limit"]
        rows = list(found[first : first + most + 1])
        return page(request, event_answers(rows, self.context_of(request), now), wanted, EventPage)


class EventDetailAPI(PublicEventsView):
    @documented(
        404,
        summary="One event, with its employers and questions",
        tag="events",
        answers=EventDetailOutput,
        parameters=[ID],
        operation_id="events_detail",
    )
    def get(self, request: Request, public_id: str) -> Response:
        visible = Event.objects.visible_to(self.reader(request)).with_details()
        event = get_object_or_404(visible.prefetch_related("employers", "questions"), public_id=id_in(public_id))
        [found] = event_answers([event], self.context_of(request), database_now())
        return Response(rendered(EventDetailOutput, found))
