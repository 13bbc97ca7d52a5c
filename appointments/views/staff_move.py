from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.access.permissions import StaffPage, signed_in
from appointments.forms.staff import PlaceForm
from appointments.models import AppointmentType, Booking
from appointments.operations.move import move_booking
from appointments.rules.booking import may_change
from appointments.rules.in_confidence import may_be_told_the_decision
from appointments.views.staff_book import ChosenTimePage, choice_from, groups, search_for, times_context
from appointments.views.staff_bookings import booking_for
from eligibility.selectors.student_facts import student_context


def booking_to_move(request: HttpRequest, public_id: str) -> Booking:
    booking = booking_for(request, public_id)
    if not may_be_told_the_decision(booking.type, booking.student, signed_in(request)):
        raise Http404
    return booking


def type_of(booking: Booking) -> AppointmentType:
    found: AppointmentType = AppointmentType.objects.with_rules().get(pk=booking.type_id)
    return found


class StaffBookingMove(StaffPage):
    """The times to which an appointment can move."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        booking = booking_to_move(request, public_id)
        type, facts = type_of(booking), student_context(booking.student_id)
        picker = times_context(request, search_for(request, type, facts, booking.student, booking.pk))
        onward = reverse("staff_booking_move_check", args=[public_id])
        refusal = may_change(booking, facts.facts.now)
        shown = {"booking": booking, "type": type, "refusal": refusal, "groups": groups(picker, onward)}
        return render(request, "appointments/staff_booking_move.html", shown | picker)


class StaffBookingMoveCheck(ChosenTimePage):
    """Confirms the move: old and new time, adviser and place, and the reason if the rules refuse."""

    template_name = "appointments/staff_booking_move_check.html"
    form_class, context_object_name = PlaceForm, "booking"

    def get_object(self) -> Booking:
        booking = booking_to_move(self.request, self.kwargs["public_id"])
        self.booking, self.student, self.type = booking, booking.student, type_of(booking)
        self.times_url = reverse("staff_booking_move", args=[booking.public_id])
        return booking

    def perform(self, form: PlaceForm) -> HttpResponse:
        choice = choice_from(form, self.places, self.type)
        moved = move_booking(booking=self.object, choice=choice, by=self.request.user, override=form.override())
        messages.success(self.request, f"Moved to {moved.when}. We’ve emailed {self.student.name}.")
        return redirect("staff_booking_detail", self.object.public_id)
