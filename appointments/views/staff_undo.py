"""Undoes what a member of staff has just done to an appointment."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.access.permissions import StaffPage
from accounts.sign_in.typed_words import keep_typed
from appointments.models import Booking
from appointments.operations.attendance import undo_mark
from appointments.operations.choice import OFFER_OTHERS
from appointments.operations.undo_cancellation import undo_cancellation
from appointments.views.staff_bookings import StaffBookingClose, booking_for
from appointments.views.staff_choices import address
from foundation.outcomes.refusals import Refused
from foundation.web.operation_view import ActionView


class AttendanceUndo(StaffPage, ActionView):
    """Takes back the mark of a moment ago. What was typed with it is in the form again."""

    def get_object(self) -> Booking:
        return booking_for(self.request, self.kwargs["public_id"])

    def get_success_url(self) -> str:
        return reverse("staff_booking_detail", args=[self.kwargs["public_id"]])

    def perform(self, form: forms.Form) -> HttpResponse:
        words = undo_mark(booking=self.object, by=self.request.user)
        if words:
            typed = {name: [value] for name, value in words.items()}
            keep_typed(self.request, StaffBookingClose, self.get_success_url(), typed)
        messages.success(self.request, "Undone. You can record the attendance again.")
        return redirect(self.get_success_url())


class StaffBookingUndo(StaffPage, ActionView):
    """Undoes the cancellation of a moment ago. If the time has gone, the page with other times follows."""

    def get_object(self) -> Booking:
        return booking_for(self.request, self.kwargs["public_id"])

    def get_success_url(self) -> str:
        return reverse("staff_booking_detail", args=[self.kwargs["public_id"]])

    def perform(self, form: forms.Form) -> HttpResponse:
        undo_cancellation(booking=self.object, by=self.request.user)
        messages.success(self.request, "Undone. The appointment is booked as before. We sent nothing.")
        return redirect(self.get_success_url())

    def form_refused(self, form: forms.Form, refused: Refused) -> HttpResponse:
        answer, booking = super().form_refused(form, refused), self.object
        if refused.code not in OFFER_OTHERS:
            return answer
        times = reverse("staff_time_list", args=[booking.student.public_id, booking.type.slug])
        return redirect(address(times, day=booking.local_date))
