from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access.api_permissions import IsCareersStaff
from accounts.access.permissions import signed_in
from accounts.models import Role, User
from appointments.api.base_view import AppointmentsAPIView, booking_of, unknown
from appointments.api.bookings import ID, answer
from appointments.operations.attendance import mark_attendance, reverse_attendance
from appointments.operations.read_needs import read_needs
from appointments.selectors.api_answers import DiaryAnswer
from appointments.selectors.diaries import diaries, diary_advisers
from appointments.serializers import (
    AttendanceInput,
    BookingOutput,
    DiaryInput,
    DiaryPageOutput,
    ReverseInput,
    check_days,
)
from foundation.api.base_view import documented, page, validated_body, validated_query
from foundation.api.versions import ETAG, IF_MATCH
from foundation.values.times import local_day


class StaffAPIView(AppointmentsAPIView):
    permission_classes = [IsCareersStaff]


class DiaryAPI(StaffAPIView):
    @documented(
        422,
        summary="Diaries of careers staff: blocks, bookings, time out",
        tag="diary",
        answers=DiaryPageOutput,
        parameters=[DiaryInput],
        operation_id="diary_list",
        description="One entry for each adviser; without `from` and `to` the seven days from today.",
    )
    def get(self, request: Request) -> Response:
        """Five queries, for any number of advisers and days."""
        user, now, wanted = signed_in(request), timezone.now(), validated_query(DiaryInput, request)
        first = wanted.get("from") or min(local_day(now), wanted.get("to") or local_day(now))
        last = wanted.get("to") or first + timedelta(days=6)
        check_days(first, last)
        start, most = wanted["offset"], wanted["limit"]
        advisers = list(_whose(user, wanted, diary_advisers(first, last))[start : start + most + 1])
        if wanted.get("adviser") and not advisers and not start:
            raise unknown("adviser")
        found = diaries(advisers, first, last)
        needs = read_needs(bookings=[booking for diary in found[:most] for booking in diary.bookings], by=user)
        return page(request, [DiaryAnswer(diary, user, now, needs) for diary in found], wanted, DiaryPageOutput)


def _whose(user: User, wanted: dict[str, Any], advisers: QuerySet[User]) -> QuerySet[User]:
    """The adviser named in the request.

    Otherwise an adviser's own diary, or everybody's for the front desk and managers.
    """
    if wanted.get("adviser"):
        return advisers.filter(public_id=wanted["adviser"])
    everybody = user.has_role(Role.FRONT_DESK, Role.CAREERS_MANAGER)
    return advisers if everybody else advisers.filter(pk=user.pk)


class AttendanceAPI(StaffAPIView):
    @documented(
        404, 409, 412, 413, 415, 503,
        summary="Mark as arrived, attended, late or missed",
        tag="attendance",
        answers=BookingOutput,
        request=AttendanceInput,
        parameters=[ID, IF_MATCH, ETAG],
        operation_id="attendance_mark",
    )  # fmt: skip
    def post(self, request: Request, public_id: str) -> Response:
        booking, said = booking_of(request, public_id), validated_body(AttendanceInput, request)
        marked = mark_attendance(
            booking=booking, outcome=said["outcome"], by=signed_in(request), minutes_late=said.get("minutes_late")
        )
        return answer(request, marked)


class AttendanceReverseAPI(StaffAPIView):
    @documented(
        404, 409, 412, 413, 415, 503,
        summary="Undo attendance, with a reason",
        tag="attendance",
        answers=BookingOutput,
        request=ReverseInput,
        parameters=[ID, IF_MATCH, ETAG],
        operation_id="attendance_reverse",
    )  # fmt: skip
    def post(self, request: Request, public_id: str) -> Response:
        booking, said = booking_of(request, public_id), validated_body(ReverseInput, request)
        return answer(request, reverse_attendance(booking=booking, reason=said["reason"], by=signed_in(request)))
