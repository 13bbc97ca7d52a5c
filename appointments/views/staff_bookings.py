from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access.permissions import DiaryPage, StaffPage
from accounts.models import User
from accounts.rules.policy import policy_in_force
from appointments.forms.staff import AppointmentCloseForm, AppointmentNoteForm, CancelForm, ReverseForm, refuse_into
from appointments.models import Booking
from appointments.operations.attendance import mark_attendance, reverse_attendance, write_note
from appointments.operations.cancel import cancel_booking
from appointments.operations.close import close_appointment
from appointments.operations.read_notes import read_notes
from appointments.rules.attendance import may_mark_as, may_reverse, open_marks
from appointments.rules.booking import may_change, may_take_back
from appointments.rules.confidentiality import privacy_of
from appointments.selectors.staff_pages import spoken_histories, what_happened
from appointments.views.staff_choices import address, way_back
from appointments.views.staff_today import MARKS, needs_shown, status_shown
from documents.selectors.documents import documents_of_source
from foundation.outcomes.refusals import Refused


def booking_for(request: HttpRequest, public_id: str) -> Booking:
    """Open to all careers staff (APPT-4); for anybody else it is not there."""
    found: Booking = get_object_or_404(Booking.objects.visible_to(request.user).with_people(), public_id=public_id)
    return found


class StaffBookingPage(StaffPage):
    """The booking with everything that can be done to it; bound forms come back to it with their errors."""

    def page(self, request: HttpRequest, booking: Booking, status: int = 200, **more: Any) -> HttpResponse:
        context = booking_context(request, booking) | more
        return render(request, "appointments/staff_booking_detail.html", context, status=status)

    def refused(self, request: HttpRequest, booking: Booking, refused: Refused) -> HttpResponse:
        return self.page(request, booking_for(request, booking.public_id), refused.status, refused=refused)


def booking_context(request: HttpRequest, booking: Booking) -> dict[str, Any]:
    now, user = timezone.now(), request.user
    marks = open_marks(booking, user, now)
    needs, needs_refused = needs_shown([booking], user)
    status, label = status_shown(booking, booking.occupies_time and booking.ends_at <= now)
    questions = {question["key"]: question["label"] for question in booking.type.questions}
    return {
        "booking": booking,
        "status": status,
        "status_label": label,
        "privacy": privacy_of(booking.type, booking.location),
        "history": spoken_histories([booking]).get(booking.pk, "") if not booking.is_cancelled else "",
        "answers": [(questions.get(key, key), said) for key, said in booking.answers.items()],
        "marks": [(value, *MARKS[value]) for value in marks],
        "can_close": "attended" in marks,
        "can_reverse": bool(may_reverse(booking, now, policy_in_force().missed_reopen_days))
        and bool(may_mark_as(user, booking.status)),
        "can_change": bool(may_change(booking, now)),
        "can_cancel": booking.occupies_time,
        "reads_notes": user.may_read_notes,
        "access_needs": needs.get(booking.pk, ""),
        "needs_refused": needs_refused,
        **notes_shown(booking, user),
        "documents": documents_of_source(booking.source, user),
        "deeds": what_happened(booking),
        "close_form": AppointmentCloseForm(),
        "note_form": AppointmentNoteForm(),
        "reverse_form": ReverseForm(),
        "day_url": address(reverse("today"), day=booking.local_date, adviser=booking.adviser.public_id),
    }


def notes_shown(booking: Booking, user: User) -> dict[str, Any]:
    """The notes, or why they cannot be shown; everything else about the appointment still is."""
    try:
        return {"notes": read_notes(booking=booking, by=user), "notes_refused": None}
    except Refused as refused:
        return {"notes": [], "notes_refused": refused}


class StaffBookingDetail(StaffBookingPage):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return self.page(request, booking_for(request, public_id))


class AttendanceMark(StaffBookingPage):
    """One press, from the day's list (`next` says where to go back to) or from the booking."""

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        booking = booking_for(request, public_id)
        back = way_back(request, reverse("staff_booking_detail", args=[public_id]))
        try:
            mark_attendance(booking=booking, outcome=request.POST.get("outcome", ""), by=request.user)
        except Refused as refused:
            if "next" not in request.GET:
                return self.refused(request, booking, refused)
            messages.error(request, f"{refused.message} {refused.remedy}".strip())
        return redirect(back)


class StaffBookingClose(StaffBookingPage):
    """Attended, note, next step: closed with one button."""

    roles = DiaryPage.roles

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        booking, form = booking_for(request, public_id), AppointmentCloseForm(request.POST)
        if not form.is_valid():
            return self.page(request, booking, 422, close_form=form, invalid=form)
        try:
            close_appointment(booking=booking, by=request.user, **form.cleaned_data)
        except Refused as refused:
            return self.refused(request, booking, refused)
        messages.success(request, f"{booking.student.name}’s appointment is closed.")
        return redirect("staff_booking_detail", public_id)


class AttendanceReverse(StaffBookingPage):
    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        booking, form = booking_for(request, public_id), ReverseForm(request.POST)
        if not form.is_valid():
            return self.page(request, booking, 422, reverse_form=form, invalid=form)
        try:
            reverse_attendance(booking=booking, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refused:
            return self.refused(request, booking, refused)
        messages.success(request, "The mark is taken back. The appointment can be marked again.")
        return redirect("staff_booking_detail", public_id)


class NoteCreate(StaffBookingPage):
    """Advisers and managers; for the front desk there are no notes (DATA-6)."""

    roles = DiaryPage.roles

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        booking, form = booking_for(request, public_id), AppointmentNoteForm(request.POST)
        if not form.is_valid():
            return self.page(request, booking, 422, note_form=form, invalid=form)
        write_note(booking=booking, by=request.user, **form.cleaned_data)
        messages.success(request, "The note is kept.")
        return redirect("staff_booking_detail", public_id)


class StaffBookingCancel(StaffPage):
    """For the service, or because the student asked us to."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        initial = {"who": request.GET.get("who", "")}
        return self.page(request, booking_for(request, public_id), CancelForm(initial=initial))

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        booking, form = booking_for(request, public_id), CancelForm(request.POST)
        if not form.is_valid():
            return self.page(request, booking, form, 422)
        reason = form.cleaned_data["reason"]
        try:
            cancel_booking(booking=booking, by=request.user, reason=reason, by_service=form.by_service)
        except Refused as refused:
            refuse_into(form, refused)
            return self.page(request, booking, form, refused.status)
        messages.success(request, f"Cancelled. {booking.student.name} is told by e-mail.")
        return redirect(way_back(request, reverse("staff_booking_detail", args=[public_id])))

    def page(self, request: HttpRequest, booking: Booking, form: forms.Form, status: int = 200) -> HttpResponse:
        gives_back = may_take_back(booking.type, booking, timezone.now())
        context = {"booking": booking, "form": form, "gives_back": gives_back}
        return render(request, "appointments/staff_booking_cancel.html", context, status=status)
