from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access.permissions import DiaryPage, StaffPage
from accounts.models import User
from accounts.rules.policy import policy_in_force
from appointments.forms.staff import AppointmentCloseForm, AppointmentNoteForm, CancelForm, ReverseForm
from appointments.models import Booking
from appointments.operations.attendance import mark_attendance, reverse_attendance, write_note
from appointments.operations.cancel import cancel_booking
from appointments.operations.close import close_appointment
from appointments.operations.read_notes import read_notes
from appointments.rules.attendance import ARRIVAL_WORDS, may_mark_as, may_reverse, open_marks
from appointments.rules.booking import late_change, may_change, may_move_or_cancel
from appointments.rules.confidentiality import privacy_of
from appointments.rules.in_confidence import may_be_told_the_decision, may_read_what_they_said
from appointments.rules.joining import link_of, may_change_joining, may_see_link
from appointments.selectors.staff_pages import spoken_histories, what_happened
from appointments.selectors.taking_place import with_hindrance
from appointments.views.asks_first import reason_of
from appointments.views.staff_choices import address, way_back
from appointments.views.staff_today import MARKS, needs_shown, status_shown
from documents.selectors.documents import documents_of_source
from foundation.outcomes.refusals import Refused, result_or_refusal
from foundation.web.operation_view import FieldOperationView, OperationView
from foundation.web.undo_offer import say_done


def booking_for(request: HttpRequest, public_id: str) -> Booking:
    """Any careers staff may open it (APPT-4); everybody else gets a 404."""
    seen = with_hindrance(Booking.objects.visible_to(request.user).with_people())
    found: Booking = get_object_or_404(seen, public_id=public_id)
    return found


class StaffBookingPage(StaffPage, OperationView):
    """A booking with all its actions. Invalid forms are shown again on this page with their errors."""

    template_name = "appointments/staff_booking_detail.html"
    context_object_name = "booking"

    def get_object(self) -> Booking:
        return booking_for(self.request, self.kwargs["public_id"])

    def beside(self) -> dict[str, forms.BaseForm]:
        """The note of the closing form goes on in the note form once somebody else has marked the appointment."""
        chosen = {"outcome": self.request.GET.get("outcome", "")}
        closing = AppointmentCloseForm(booking=self.object, initial=chosen)
        return {"close_form": closing, "note_form": AppointmentNoteForm(), "reverse_form": ReverseForm()}

    def get_success_url(self) -> str:
        return reverse("staff_booking_detail", args=[self.kwargs["public_id"]])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return booking_context(self.request, self.object) | super().get_context_data(**kwargs)


def booking_context(request: HttpRequest, booking: Booking) -> dict[str, Any]:
    now, user = timezone.now(), request.user
    return {
        "booking": booking,
        "privacy": privacy_of(booking.type, booking.location),
        "day_url": address(reverse("today"), day=booking.local_date, adviser=booking.adviser.public_id),
        "reads_said": may_read_what_they_said(booking, user),
        **said_about(booking),
        **joining_shown(booking, user, now),
        **changes_open(booking, user, now),
        **needs_of(booking, user),
        **notes_shown(booking, user),
        "documents": documents_of_source(booking.source, user),
    }


def said_about(booking: Booking) -> dict[str, Any]:
    """What the student answered, and what happened so far."""
    questions = {question["key"]: question["label"] for question in booking.type.questions}
    return {
        "answers": [(questions.get(key, key), said) for key, said in booking.answers.items()],
        "history": "" if booking.is_cancelled else spoken_histories([booking]).get(booking.pk, ""),
        "deeds": what_happened(booking),
    }


def changes_open(booking: Booking, user: User, now: datetime) -> dict[str, Any]:
    """The status, and how this colleague may change it."""
    status, label = status_shown(booking, booking.occupies_time and booking.ends_at <= now)
    told = may_be_told_the_decision(booking.type, booking.student, user)
    return {
        "status": status,
        "status_label": label,
        "can_change": bool(may_move_or_cancel(booking, now)) and bool(told),
        "can_cancel": booking.occupies_time,
        "must_move": reason_of(booking) if booking.hindrance and may_change(booking, now) else "",
        **marks_shown(booking, user, now),
    }


def marks_shown(booking: Booking, user: User, now: datetime) -> dict[str, Any]:
    """How this colleague may mark it, or take a mark back."""
    marks = open_marks(booking, user, now)
    reopens = may_reverse(booking, now, policy_in_force().missed_reopen_days)
    return {
        "marks": [(value, *MARKS[value]) for value in marks if value != "late"],
        "can_close": "attended" in marks,
        "arrival_words": ARRIVAL_WORDS,
        "can_reverse": bool(reopens) and bool(may_mark_as(user, booking.status)),
    }


def needs_of(booking: Booking, user: User) -> dict[str, Any]:
    needs, refused = needs_shown([booking], user)
    return {"access_needs": needs.get(booking.pk, ""), "needs_refused": refused}


def joining_shown(booking: Booking, user: User, now: datetime) -> dict[str, Any]:
    """Only the adviser sees the link; other staff see whether there is one."""
    link = link_of(booking)
    return {
        "has_link": bool(link),
        "link": link if may_see_link(booking, user) else "",
        "can_change_joining": bool(may_change_joining(booking, now)),
    }


def notes_shown(booking: Booking, user: User) -> dict[str, Any]:
    """The notes, or why they cannot be shown. The rest of the page still works."""
    notes, refused = result_or_refusal(read_notes, booking=booking, by=user)
    return {"notes": notes or [], "notes_refused": refused, "reads_notes": user.may_read_notes}


class StaffBookingDetail(StaffBookingPage):
    http_method_names = ["get", "head"]


class AttendanceMark(StaffBookingPage):
    """Marks attendance with one button, in the day's list (`next` is the page to return to) or on the booking."""

    http_method_names = ["post"]

    def get_success_url(self) -> str:
        return way_back(self.request, super().get_success_url())

    def perform(self, form: forms.Form) -> HttpResponse:
        outcome, by = self.request.POST.get("mark", ""), self.request.user
        marked = mark_attendance(booking=self.object, outcome=outcome, by=by, undo=True)
        say_done(self.request, f"{marked.student.name}: {MARKS[outcome][0].lower()}.", mark_undo_url(marked))
        return redirect(self.get_success_url())

    def form_refused(self, form: forms.Form, refused: Refused) -> HttpResponse:
        if "next" not in self.request.GET:
            return super().form_refused(form, refused)
        messages.error(self.request, refused.text, extra_tags=refused.code)
        return redirect(self.get_success_url())


class StaffBookingClose(StaffBookingPage):
    """Saves attendance, note and next step together."""

    http_method_names = ["post"]
    roles = DiaryPage.roles
    form_class, form_name = AppointmentCloseForm, "close_form"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"booking": self.object}

    def perform(self, form: AppointmentCloseForm) -> HttpResponse:
        booking, by = self.object, self.request.user
        close_appointment(booking=booking, by=by, once=self.once, undo=True, **form.cleaned_data)
        say_done(self.request, f"Appointment with {booking.student.name} closed.", mark_undo_url(booking))
        return redirect(self.get_success_url())


def mark_undo_url(booking: Booking) -> str:
    return reverse("attendance_undo", args=[booking.public_id])


class AttendanceReverse(StaffBookingPage):
    http_method_names = ["post"]
    form_class, form_name = ReverseForm, "reverse_form"

    def perform(self, form: ReverseForm) -> HttpResponse:
        reverse_attendance(booking=self.object, reason=form.cleaned_data["reason"], by=self.request.user)
        messages.success(self.request, "Attendance undone. You can record it again.")
        return redirect(self.get_success_url())


class NoteCreate(StaffBookingPage):
    """For advisers and managers; the front desk cannot see notes (DATA-6)."""

    http_method_names = ["post"]
    roles = DiaryPage.roles
    form_class, form_name = AppointmentNoteForm, "note_form"

    def perform(self, form: AppointmentNoteForm) -> HttpResponse:
        write_note(booking=self.object, by=self.request.user, once=self.once, **form.cleaned_data)
        messages.success(self.request, "Note saved.")
        return redirect(self.get_success_url())


class StaffBookingCancel(StaffPage, FieldOperationView):
    """Cancels for the service, or because the student asked us to."""

    template_name = "appointments/staff_booking_cancel.html"
    form_class, context_object_name = CancelForm, "booking"

    def get_object(self) -> Booking:
        return booking_for(self.request, self.kwargs["public_id"])

    def get_initial(self) -> dict[str, Any]:
        return {"who": self.request.GET.get("who", "")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        gives_back = not late_change(self.object, timezone.now())
        return super().get_context_data(**kwargs) | {"gives_back": gives_back}

    def perform(self, form: CancelForm) -> HttpResponse:
        booking, said = self.object, {name: form.cleaned_data[name] for name in ("reason", "told_reason")}
        cancel_booking(booking=booking, by=self.request.user, by_service=form.by_service, undo=True, **said)
        undo = reverse("staff_booking_undo", args=[booking.public_id])
        say_done(self.request, f"Cancelled. We’ll email {booking.student.name}.", undo)
        return redirect(way_back(self.request, reverse("staff_booking_detail", args=[booking.public_id])))
