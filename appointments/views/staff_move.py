from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.access.permissions import StaffPage
from appointments.forms.staff import PlaceForm
from appointments.models import AppointmentType, Booking
from appointments.operations.choice import Choice
from appointments.operations.move import move_booking
from appointments.rules.booking import may_book_at, may_change, may_override
from appointments.selectors.free_times import FreeTime
from appointments.selectors.staff_times import places_at
from appointments.views.staff_book import (
    choice_from,
    groups,
    place_labels,
    search_for,
    times_context,
)
from appointments.views.staff_bookings import booking_for
from eligibility.selectors.student_facts import Context, student_context
from foundation.outcomes.decisions import Decision
from foundation.outcomes.refusals import Refused
from foundation.values.times import spoken_when
from foundation.web.days import moment_in


def type_of(booking: Booking) -> AppointmentType:
    found: AppointmentType = AppointmentType.objects.with_rules().get(pk=booking.type_id)
    return found


class StaffBookingMove(StaffPage):
    """Another time for the same appointment."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        booking = booking_for(request, public_id)
        type, facts = type_of(booking), student_context(booking.student_id)
        picker = times_context(request, search_for(request, type, facts, booking.student, booking.pk))
        onward = reverse("staff_booking_move_check", args=[public_id])
        refusal = may_change(booking, facts.facts.now)
        shown = {"booking": booking, "type": type, "refusal": refusal, "groups": groups(picker, onward)}
        return render(request, "appointments/staff_booking_move.html", shown | picker)


class StaffBookingMoveCheck(StaffPage):
    """From then to then, with whom and where; and the reason where the rules refuse."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return self.answer(request, booking_for(request, public_id), request.GET.get("start", ""))

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return self.answer(request, booking_for(request, public_id), request.POST.get("start", ""))

    def answer(self, request: HttpRequest, booking: Booking, start: str) -> HttpResponse:
        type, facts, starts_at = type_of(booking), student_context(booking.student_id), moment_in(start)
        if starts_at is None:
            return redirect("staff_booking_move", booking.public_id)
        places = self.places(booking, type, facts, starts_at)
        decision = may_book_at(type, facts, starts_at, except_source=booking.public_id)
        form = PlaceForm(
            request.POST if request.method == "POST" else None,
            places=place_labels(places, type),
            against_rules=not decision.allowed,
            initial={"start": starts_at.isoformat()},
        )
        page: dict[str, Any] = {"booking": booking, "type": type, "decision": decision, "starts_at": starts_at}
        if form.is_bound and form.is_valid():
            try:
                return self.move(booking, form, choice_from(form, places, type))
            except Refused as refused:
                page["refused"] = refused
        return self.page(form, places, page)

    def places(
        self, booking: Booking, type: AppointmentType, facts: Context, starts_at: datetime
    ) -> dict[str, FreeTime]:
        return places_at(search_for(self.request, type, facts, booking.student, booking.pk), starts_at)

    def move(self, booking: Booking, form: PlaceForm, choice: Choice) -> HttpResponse:
        moved = move_booking(booking=booking, choice=choice, by=self.request.user, override=form.override())
        messages.success(self.request, f"Moved to {moved.when}. {booking.student.name} is told by e-mail.")
        return redirect("staff_booking_detail", booking.public_id)

    def page(self, form: PlaceForm, places: dict[str, FreeTime], page: dict[str, Any]) -> HttpResponse:
        refused: Refused | None = page.get("refused")
        status = refused.status if refused else 422 if form.is_bound else 200
        decision: Decision = page["decision"]
        page["override"] = may_override(decision, self.request.user) if not decision.allowed else None
        page |= {"form": form, "taken": not places, "when": spoken_when(page["starts_at"])}
        return render(self.request, "appointments/staff_booking_move_check.html", page, status=status)
