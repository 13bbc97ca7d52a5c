from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access.permissions import signed_in
from eligibility.models import WaitingEntry
from events.api.base_view import EventsAPIView, details_in
from events.operations.waiting import accept_offer, join_waiting_list, leave_waiting_list
from events.selectors.api_answers import waiting_answers
from events.serializers import AcceptInput, RegistrationOutput, WaitingOutput, WaitingPage, WaitInput
from foundation.api.base_view import (
    PageInput,
    documented,
    page,
    public_id_parameter,
    rendered,
    validated_body,
    validated_query,
)
from foundation.api.idempotency import KEY_PARAMETER, idempotency_key
from foundation.api.versions import ETAG
from foundation.values.sources import SourceKind
from foundation.values.times import database_now

ID = public_id_parameter()


class WaitingListAPI(EventsAPIView):
    @documented(
        summary="My places in waiting lists; for careers staff everybody’s",
        tag="events",
        answers=WaitingPage,
        parameters=[PageInput],
        operation_id="waiting_list",
    )
    def get(self, request: Request) -> Response:
        wanted = validated_query(PageInput, request)
        mine = WaitingEntry.objects.visible_to(signed_in(request)).filter(source_kind=SourceKind.EVENT).on_the_list()
        first, most = wanted["offset"], wanted["limit"]
        rows = list(mine.order_by("-pk")[first : first + most + 1])
        return page(request, waiting_answers(rows, database_now()), wanted, WaitingPage)

    @documented(
        409, 413, 415, 422, 503,
        summary="Join the waiting list of a full event",
        tag="events",
        answers=WaitingOutput,
        status=201,
        request=WaitInput,
        parameters=[KEY_PARAMETER],
        operation_id="waiting_join",
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        said = validated_body(WaitInput, request)
        entry = join_waiting_list(
            student=self.student_named(said.get("student", "")),
            event=self.event_named(said["event"]),
            mode=said["mode"],
            by=signed_in(request),
            once=idempotency_key(request),
        )
        return self.waiting_answer(entry, 201, Location=reverse("api_waiting_detail", args=[entry.public_id]))


class WaitingDetailAPI(EventsAPIView):
    @documented(
        404,
        summary="One place in a waiting list",
        tag="events",
        answers=WaitingOutput,
        parameters=[ID],
        operation_id="waiting_detail",
    )
    def get(self, request: Request, public_id: str) -> Response:
        return self.waiting_answer(self.entry_of(public_id))


class WaitingAcceptAPI(EventsAPIView):
    @documented(
        404, 409, 413, 415, 422, 503,
        summary="Accept the place that is kept for me",
        tag="events",
        answers=RegistrationOutput,
        status=201,
        request=AcceptInput,
        parameters=[ID, KEY_PARAMETER, ETAG],
        operation_id="waiting_accept",
    )  # fmt: skip
    def post(self, request: Request, public_id: str) -> Response:
        entry, said = self.entry_of(public_id), validated_body(AcceptInput, request)
        registration = accept_offer(
            entry=entry, by=signed_in(request), details=details_in(said), once=idempotency_key(request)
        )
        return self.answer(
            registration, 201, Location=reverse("api_registration_detail", args=[registration.public_id])
        )


class WaitingLeaveAPI(EventsAPIView):
    @documented(
        404, 409, 413, 415, 503,
        summary="Leave the list, or decline an offered place",
        tag="events",
        answers=WaitingOutput,
        request=None,
        parameters=[ID],
        operation_id="waiting_leave",
    )  # fmt: skip
    def post(self, request: Request, public_id: str) -> Response:
        entry = leave_waiting_list(entry=self.entry_of(public_id), by=signed_in(request))
        [found] = waiting_answers([entry], database_now())
        return Response(rendered(WaitingOutput, found))
