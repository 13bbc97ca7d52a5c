from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access.permissions import signed_in
from appointments.api.base_view import (
    AppointmentsAPIView,
    booking_of,
    details_of,
    idempotency_key,
    override_of,
    student_named,
)
from appointments.models import Booking
from appointments.models.booking import BookingQuerySet
from appointments.operations.book import book_appointment
from appointments.operations.cancel import cancel_booking
from appointments.operations.move import move_booking
from appointments.operations.read_needs import read_needs
from appointments.selectors.api_answers import BookingAnswer
from appointments.serializers import (
    BookingInput,
    BookingOutput,
    BookingPageOutput,
    BookingsInput,
    CancelInput,
    MoveInput,
)
from foundation.api.base_view import documented, page, public_id_parameter, rendered, validated_body, validated_query

KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,80}$"},
    OpenApiParameter.HEADER,
    description="Asking again with the same key and body answers with the same booking; with another body it is 422.",
)
ID = public_id_parameter()


def answer(request: Request, booking: Booking, status: int = 200, **more: Any) -> Response:
    reader = signed_in(request)
    needs = read_needs(bookings=[booking], by=reader)
    found = BookingAnswer(booking, reader, timezone.now(), needs)
    return Response(rendered(BookingOutput, found), status, **more)


class BookingListAPI(AppointmentsAPIView):
    @documented(
        422,
        summary="Bookings: my own; for careers staff everybody's",
        tag="bookings",
        answers=BookingPageOutput,
        parameters=[BookingsInput],
        operation_id="bookings_list",
    )
    def get(self, request: Request) -> Response:
        user, wanted, now = signed_in(request), validated_query(BookingsInput, request), timezone.now()
        found = Booking.objects.visible_to(user).with_people().select_related("needs")
        if wanted.get("student") and (student := student_named(user, wanted["student"])):
            found = found.filter(student=student)
        found = _when(found, wanted.get("when", ""), now)
        first, most = wanted["offset"], wanted["limit"]
        rows = list(found[first : first + most + 1])
        needs = read_needs(bookings=rows[:most], by=user)
        return page(request, [BookingAnswer(row, user, now, needs) for row in rows], wanted, BookingPageOutput)

    @documented(
        409, 413, 415, 422, 503,
        summary="Book one of the free times",
        tag="bookings",
        answers=BookingOutput,
        status=201,
        request=BookingInput,
        parameters=[KEY],
        operation_id="bookings_create",
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        user, said, key = signed_in(request), validated_body(BookingInput, request), idempotency_key(request)
        student, choice = self.student_and_choice(user, said)
        booking = book_appointment(
            student=student,
            choice=choice,
            details=details_of(said, choice.type),
            by=user,
            override=override_of(said),
            idempotency_key=key,
        )
        here = reverse("api_booking_detail", args=[booking.public_id])
        return answer(request, booking, 201, headers={"Location": here})


class BookingDetailAPI(AppointmentsAPIView):
    @documented(
        404,
        summary="One booking",
        tag="bookings",
        answers=BookingOutput,
        parameters=[ID],
        operation_id="bookings_detail",
    )
    def get(self, request: Request, public_id: str) -> Response:
        return answer(request, booking_of(request, public_id))


class BookingMoveAPI(AppointmentsAPIView):
    @documented(
        404, 409, 413, 415, 422, 503,
        summary="Move to another free time of the same type, until the start",
        tag="bookings",
        answers=BookingOutput,
        request=MoveInput,
        parameters=[ID],
        operation_id="bookings_move",
    )  # fmt: skip
    def post(self, request: Request, public_id: str) -> Response:
        user, booking, said = signed_in(request), booking_of(request, public_id), validated_body(MoveInput, request)
        choice = self.chosen({"type": booking.type.public_id, **said})[1]
        moved = move_booking(booking=booking, choice=choice, by=user, override=override_of(said))
        return answer(request, moved)


class BookingCancelAPI(AppointmentsAPIView):
    @documented(
        404, 409, 413, 415, 503,
        summary="Cancel, until the start",
        tag="bookings",
        answers=BookingOutput,
        request=CancelInput,
        parameters=[ID],
        operation_id="bookings_cancel",
    )  # fmt: skip
    def post(self, request: Request, public_id: str) -> Response:
        booking, said = booking_of(request, public_id), validated_body(CancelInput, request)
        cancelled = cancel_booking(booking=booking, by=signed_in(request), **said)
        return answer(request, cancelled)


def _when(found: BookingQuerySet, when: str, now: datetime) -> BookingQuerySet:
    if when == "upcoming":
        return found.upcoming(now).order_by("during", "pk")
    if when == "past":
        return found.past(now).order_by("-during", "-pk")
    return found.order_by("-during", "-pk")
