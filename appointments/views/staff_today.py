from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access.permissions import StaffPage
from accounts.models import User
from appointments.forms.staff import ALL, DayForm
from appointments.models import Booking, BookingStatus
from appointments.operations.read_needs import read_needs
from appointments.rules.attendance import open_marks
from appointments.selectors.staff_pages import DayRow, StaffDay, diary_owners, staff_day
from appointments.views.staff_choices import address, adviser_wanted, day_wanted
from foundation.outcomes.refusals import Refused, result_or_refusal
from foundation.values.times import local_day, spoken_time

MARKS = {
    "arrived": ("Arrived", "door-open", "outline"),
    "attended": ("Attended", "check", "primary"),
    "late": ("Late", "clock", "outline"),
    "missed": ("Missed", "user-x", "outline"),
}


class Today(StaffPage):
    """The day's list: who comes, when and where. Attendance is marked in the list."""

    def get(self, request: HttpRequest) -> HttpResponse:
        now, advisers = timezone.now(), diary_owners()
        adviser = adviser_wanted(request.GET.get("adviser", ""), request.user, advisers)
        today = local_day(now)
        on = day_wanted(request.GET.get("day", ""), today)
        day = staff_day(on, now, adviser and adviser.pk)
        whose = adviser.public_id if adviser else ALL
        here = address(reverse("today"), day=on, adviser=whose)
        marked = request.GET.get("marked", "")
        context = {
            "day": day,
            "adviser": adviser,
            "is_today": on == today,
            "form": DayForm(advisers=advisers, initial={"day": on, "adviser": whose}),
            **rows_shown(day, request.user, here, not adviser, marked),
            "tiles": tiles(day, request.user, whose),
            "previous_url": address(reverse("today"), day=on - timedelta(days=1), adviser=whose),
            "next_url": address(reverse("today"), day=on + timedelta(days=1), adviser=whose),
            "today_url": address(reverse("today"), adviser=whose),
        }
        return render(request, "appointments/today.html", context)


def needs_shown(bookings: Sequence[Booking], user: User) -> tuple[dict[int, str], Refused | None]:
    """The access needs by booking, or why they cannot be shown. The rest of the page still works."""
    needs, refused = result_or_refusal(read_needs, bookings=bookings, by=user)
    return needs or {}, refused


def tiles(day: StaffDay, by: User, whose: str) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = [
        {"label": "Appointments", "value": len(day.rows), "icon": "calendar"},
        {"label": "Waiting", "value": day.count(BookingStatus.ARRIVED), "icon": "door-open"},
        {"label": "Attended", "value": day.count(BookingStatus.ATTENDED), "icon": "check"},
        {"label": "Missed", "value": day.count(BookingStatus.MISSED), "icon": "user-x"},
        {"label": "Not marked yet", "value": day.unmarked, "icon": "hourglass"},
    ]
    shown[1]["tone"] = "info" if shown[1]["value"] else "neutral"
    shown[3]["tone"] = "error" if shown[3]["value"] else "neutral"
    shown[4]["tone"] = "warning" if shown[4]["value"] else "neutral"
    if by.may_read_notes:
        tone = "warning" if day.notes_missing else "neutral"
        shown.append({"label": "Notes to write", "value": day.notes_missing, "icon": "notebook-pen", "tone": tone})
    if day.to_rearrange:
        url = address(reverse("rearrange_list"), adviser=whose)
        shown.append(
            {"label": "To rearrange", "value": day.to_rearrange, "icon": "repeat", "tone": "warning", "url": url}
        )
    return shown


def rows_shown(day: StaffDay, by: User, here: str, with_adviser: bool, marked: str) -> dict[str, Any]:
    needs, refused = needs_shown([row.booking for row in day.rows], by)
    rows = [row_shown(row, by, day, here, with_adviser, marked) for row in day.rows]
    shown = [row | {"access_needs": needs.get(row["booking"].pk, "")} for row in rows]
    return {"rows": shown, "needs_refused": refused}


def row_shown(row: DayRow, by: User, day: StaffDay, here: str, with_adviser: bool, marked: str) -> dict[str, Any]:
    """`marked` is the public id of the booking just marked, which gets the focus."""
    booking = row.booking
    status, label = status_shown(booking, booking.occupies_time and booking.ends_at <= day.now)
    url = reverse("staff_booking_detail", args=[booking.public_id])
    return {
        "row": row,
        "booking": booking,
        "url": url,
        "status": status,
        "status_label": label,
        "focus": booking.public_id == marked,
        "adviser": booking.adviser.name if with_adviser else "",
        "actions": _actions(row, by, day, url, f"{here}&marked={booking.public_id}#booking-{booking.public_id}"),
    }


def status_shown(booking: Booking, unmarked: bool) -> tuple[str, str]:
    """The code and the text of the status badge."""
    if unmarked and not booking.is_held:
        return "held", "Not marked yet"
    if booking.status == BookingStatus.ATTENDED and booking.minutes_late:
        return "late", f"Attended, {booking.minutes_late} min late"
    if booking.status == BookingStatus.ARRIVED and booking.arrived_at:
        return "arrived", f"Arrived {spoken_time(booking.arrived_at)}"
    return booking.status, str(booking.get_status_display())


def _actions(row: DayRow, by: User, day: StaffDay, url: str, back: str) -> list[dict[str, Any]]:
    booking = row.booking
    if row.to_rearrange:
        move = reverse("staff_booking_move", args=[booking.public_id])
        return [{"label": "Rearrange", "url": move, "get": True, "icon": "repeat", "tone": "primary"}]
    marking = address(reverse("attendance_mark", args=[booking.public_id]), next=back)
    actions = [
        _mark(outcome, marking)
        for outcome in open_marks(booking, by, day.now)
        if outcome != "arrived" or day.now < booking.ends_at or not by.may_read_notes
    ]
    if row.note_missing and by.may_read_notes:
        actions.append(
            {"label": "Write note", "url": f"{url}#note", "get": True, "icon": "notebook-pen", "tone": "outline"}
        )
    return actions


def _mark(outcome: str, url: str) -> dict[str, Any]:
    label, icon, tone = MARKS[outcome]
    return {"label": label, "url": url, "name": "outcome", "value": outcome, "icon": icon, "tone": tone}
