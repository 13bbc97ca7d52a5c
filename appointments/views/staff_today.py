from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access.permissions import StaffPage
from accounts.models import User
from accounts.policy.registry import SETTINGS
from accounts.rules.policy import policy_in_force
from appointments.forms.staff import ALL, DayForm
from appointments.models import Booking, BookingStatus
from appointments.operations.read_needs import read_needs
from appointments.rules.attendance import open_marks
from appointments.rules.joining import link_of, may_join, may_see_link
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
        on, whose = day_wanted(request.GET.get("day", ""), local_day(now)), adviser.public_id if adviser else ALL
        day, here = staff_day(on, now, adviser and adviser.pk), address(reverse("today"), day=on, adviser=whose)
        context = {
            "day": day,
            "adviser": adviser,
            "is_today": on == local_day(now),
            "form": DayForm(advisers=advisers, initial={"day": on, "adviser": whose}),
            "tiles": tiles(day, request.user, whose),
            **rows_shown(day, request.user, here, not adviser, request.GET.get("marked", "")),
            **days_beside(on, whose),
        }
        return render(request, "appointments/today.html", context)


def days_beside(on: date, whose: str) -> dict[str, str]:
    page = reverse("today")
    return {
        "previous_url": address(page, day=on - timedelta(days=1), adviser=whose),
        "next_url": address(page, day=on + timedelta(days=1), adviser=whose),
        "today_url": address(page, adviser=whose),
    }


def needs_shown(bookings: Sequence[Booking], user: User) -> tuple[dict[int, str], Refused | None]:
    """The access needs by booking, or why they cannot be shown. The rest of the page still works."""
    needs, refused = result_or_refusal(read_needs, bookings=bookings, by=user)
    return needs or {}, refused


def tiles(day: StaffDay, by: User, whose: str) -> list[dict[str, Any]]:
    shown = [
        tile("Appointments", len(day.rows), "calendar"),
        tile("Waiting", day.count(BookingStatus.ARRIVED), "door-open", "info"),
        tile("Attended", day.count(BookingStatus.ATTENDED), "check"),
        tile("Missed", day.count(BookingStatus.MISSED), "user-x", "error"),
        tile("Not marked yet", day.unmarked, "hourglass", "warning"),
    ]
    if by.may_read_notes:
        shown.append(tile("Notes to write", day.notes_missing, "notebook-pen", "warning"))
    if day.to_rearrange:
        url = address(reverse("rearrange_list"), adviser=whose)
        shown.append({**tile("To rearrange", day.to_rearrange, "repeat", "warning"), "url": url})
    return shown


def tile(label: str, value: int, icon: str, tone: str = "neutral") -> dict[str, Any]:
    """`tone` is for a number above 0."""
    return {"label": label, "value": value, "icon": icon, "tone": tone if value else "neutral"}


def rows_shown(day: StaffDay, by: User, here: str, with_adviser: bool, marked: str) -> dict[str, Any]:
    needs, refused = needs_shown([row.booking for row in day.rows], by)
    joins = links_to_join([row.booking for row in day.rows], by, day.now)
    rows = [row_shown(row, by, day, here, with_adviser, marked) for row in day.rows]
    for row in rows:
        row["join"] = joins.get(row["booking"].pk, "")
    shown = [row | {"access_needs": needs.get(row["booking"].pk, "")} for row in rows]
    return {"rows": shown, "needs_refused": refused}


def links_to_join(bookings: Sequence[Booking], user: User, now: datetime) -> dict[int, str]:
    """Links of the user's own online appointments that can be joined now, by booking. One query if any are near."""
    earliest = now + timedelta(minutes=SETTINGS["join_minutes_before"].most)
    near = [each for each in bookings if each.starts_at <= earliest and now < each.ends_at]
    linked = [each for each in near if may_see_link(each, user) and link_of(each)]
    if not linked:
        return {}
    policy = policy_in_force()
    return {booking.pk: link_of(booking) for booking in linked if may_join(booking, now, policy)}


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


WRITE_NOTE = {"label": "Write note", "get": True, "icon": "notebook-pen", "tone": "outline"}


def _actions(row: DayRow, by: User, day: StaffDay, url: str, back: str) -> list[dict[str, Any]]:
    booking = row.booking
    if row.to_rearrange:
        move = reverse("staff_booking_move", args=[booking.public_id])
        return [{"label": "Rearrange", "url": move, "get": True, "icon": "repeat", "tone": "primary"}]
    marking = address(reverse("attendance_mark", args=[booking.public_id]), next=back)
    actions = [
        _mark(outcome, f"{url}?outcome=late#close" if outcome == "late" else marking)
        for outcome in open_marks(booking, by, day.now)
        if outcome != "arrived" or day.now < booking.ends_at or not by.may_read_notes
    ]
    if row.note_missing and by.may_read_notes:
        actions.append(WRITE_NOTE | {"url": f"{url}#note"})
    return actions


def _mark(outcome: str, url: str) -> dict[str, Any]:
    label, icon, tone = MARKS[outcome]
    shown = {"label": label, "url": url, "icon": icon, "tone": tone}
    return shown | ({"get": True} if outcome == "late" else {"name": "outcome", "value": outcome})
