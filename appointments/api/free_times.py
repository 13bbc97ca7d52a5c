from datetime import date, timedelta
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access.permissions import signed_in
from accounts.models import CAREERS_STAFF, User
from appointments.api.base_view import AppointmentsAPIView, student_named, unknown
from appointments.models import AppointmentType
from appointments.rules.booking import may_book_type
from appointments.rules.windows import booking_window
from appointments.selectors.api_answers import free_time_answers
from appointments.selectors.booking_targets import find_type
from appointments.selectors.free_times import FreeTime, TimeSearch, free_times
from appointments.serializers import MOST_DAYS, FreeTimePage, FreeTimesInput, check_days
from eligibility.selectors.student_facts import Context, student_context
from foundation.api.base_view import documented, page, validated_query
from foundation.outcomes.refusals import require


class FreeTimeListAPI(AppointmentsAPIView):
    @documented(
        409, 422,
        summary="Free times: each carries exactly what a booking is made from",
        tag="free times",
        answers=FreeTimePage,
        parameters=[FreeTimesInput],
        operation_id="free_times_list",
        description="Without `from` and `to`: the days on which the type can be booked now, 31 at most. Times that lie "
        "over the student's own bookings are left out.",
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """At most seven queries, for any number of advisers and days."""
        user, wanted = signed_in(request), validated_query(FreeTimesInput, request)
        type = find_type(wanted["type"])
        if type is None:
            raise unknown("type")
        student = student_named(user, wanted.get("student", ""))
        search = _search(type, student_context((student or user).pk), student, wanted)
        found = free_times(search, limit=wanted["limit"] + 1, offset=wanted["offset"])
        _require_adviser(search.adviser, found)
        return page(request, free_time_answers(found, type), wanted, FreeTimePage)


def _search(type: AppointmentType, context: Context, student: User | None, wanted: dict[str, Any]) -> TimeSearch:
    if not type.is_offered:
        require(may_book_type(type, context, context.facts.today))
    first, last = _days(type, context, wanted.get("from"), wanted.get("to"))
    return TimeSearch(
        type,
        first,
        last,
        context.facts.now,
        context.calendar,
        adviser=wanted.get("adviser", ""),
        mode=wanted.get("mode", ""),
        student_id=student.pk if student else None,
    )


def _days(type: AppointmentType, context: Context, first: date | None, last: date | None) -> tuple[date, date]:
    """The days asked for. An end left open is filled from the type's booking window, up to 31 days in all."""
    window = booking_window(type, context.facts.now, context.calendar)
    span = timedelta(days=MOST_DAYS - 1)
    first = first or (min(window.first_day, last) if last else window.first_day)
    last = last or min(max(window.last_day, first), first + span)
    check_days(first, last)
    return first, last


def _require_adviser(adviser: str, found: list[FreeTime]) -> None:
    """Refuses an unknown adviser. One query, only when no times were found."""
    if not adviser or found:
        return
    if not User.objects.filter(public_id=adviser, roles__overlap=list(CAREERS_STAFF)).exists():
        raise unknown("adviser")
