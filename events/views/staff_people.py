"""Who comes to an event: the list, answers, registering for somebody, and the attendance afterwards."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access.permissions import StaffPage, signed_in
from accounts.models import User
from accounts.selectors.finding import found_people
from accounts.views.feed import attachment
from eligibility.selectors.student_facts import student_context
from events.forms import staff as staff_forms
from events.forms.student import RegistrationForm
from events.models import Event, Registration, RegistrationStatus
from events.operations.attendance import Marked, close_attendance, reopen_attendance
from events.operations.cancel_registration import cancel_registration
from events.operations.export_lists import export_for_employers, export_registrations
from events.operations.read_needs import read_event_needs
from events.operations.register import RegistrationOverride, register
from events.rules.registering import may_register
from events.selectors.staff_events import registered_people
from foundation.outcomes.refusals import result_or_refusal
from foundation.values.csv_files import csv_file
from foundation.web.operation_view import ActionView, FieldOperationView, OperationView

MOST_FOUND = 20


def event_for(request: HttpRequest, public_id: str) -> Event:
    rows = Event.objects.visible_to(signed_in(request)).with_details().prefetch_related("questions", "employers")
    found: Event = get_object_or_404(rows, public_id=public_id)
    return found


class EventRegistrations(StaffPage):
    """Everybody with a place, with their answers. Reading somebody’s access needs is recorded."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        event, user = event_for(request, public_id), signed_in(request)
        needs, refused = result_or_refusal(read_event_needs, event=event, by=user)
        asked = [question.pk for question in event.questions.all()]
        people = [
            {
                "person": each,
                "answers": [each.answers.get(key, "") for key in asked],
                "needs": (needs or {}).get(each.registration.pk, ""),
            }
            for each in registered_people(event)
        ]
        context = {"event": event, "people": people, "needs_refused": refused, "has_needs": bool(needs)}
        return render(request, "events/event_registrations.html", context)


def download(request: HttpRequest, public_id: str, export: Callable[..., list[list[str]]], name: str) -> Any:
    """The table as CSV, or back to the event if its reading cannot be recorded."""
    rows, refused = result_or_refusal(export, event=event_for(request, public_id), by=signed_in(request))
    if rows is None:
        messages.error(request, refused.text if refused else "")
        return redirect("staff_event_detail", public_id)
    return attachment(HttpResponse(csv_file(rows)), f"event-{public_id}{name}.csv")


class EventAnswersExport(StaffPage):
    def get(self, request: HttpRequest, public_id: str) -> Any:
        return download(request, public_id, export_registrations, "")


class EventEmployerExport(StaffPage):
    """What employers may have: only of those who agreed."""

    def get(self, request: HttpRequest, public_id: str) -> Any:
        return download(request, public_id, export_for_employers, "-for-employers")


class EventPrint(StaffPage):
    """A list to tick by hand, and badges."""

    template_name = "events/event_print.html"

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        event = event_for(request, public_id)
        context = {"event": event, "people": registered_people(event)}
        return render(request, self.template_name, context)


class EventBadges(EventPrint):
    template_name = "events/event_badges.html"


class PersonPage(StaffPage, OperationView):
    """A page of staff about one event."""

    context_object_name = "event"

    def get_object(self) -> Event:
        return event_for(self.request, self.kwargs["public_id"])

    def get_success_url(self) -> str:
        return reverse("staff_event_detail", args=[self.kwargs["public_id"]])


class StaffRegistrationCreate(PersonPage):
    """Registers a student who asks for it. What the rules refuse can be overridden with a reason."""

    template_name = "events/staff_registration_create.html"
    form_class = RegistrationForm
    refused_title = "This student could not be registered"

    def student(self) -> User | None:
        rows = User.objects.visible_to(signed_in(self.request)).students()
        asked = self.request.POST.get("student") or self.request.GET.get("student", "")
        return rows.filter(public_id=asked).first() if asked else None

    def get_form(self, form_class: Any = None) -> RegistrationForm:
        return RegistrationForm(self.object, is_student=False, **self.get_form_kwargs())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words, student = self.request.GET.get("q", "").strip()[:100], self.student()
        rows = User.objects.visible_to(signed_in(self.request)).students()
        decision = None
        if student:
            context = student_context(student.pk)
            decision = may_register(self.object, context, self.object.modes[0])
        return super().get_context_data(**kwargs) | {
            "search_form": staff_forms.StudentSearchForm({"q": words}),
            "words": words,
            "found": found_people(words, rows, most=MOST_FOUND),
            "student": student,
            "decision": decision,
            "reason": self.request.POST.get("reason", ""),
        }

    def perform(self, form: RegistrationForm) -> HttpResponse:
        student, reason = self.student(), self.request.POST.get("reason", "").strip()[:300]
        if student is None:
            return self.render_form(form, 422)
        register(
            event=self.object,
            student=student,
            mode=form.cleaned_data["mode"],
            by=signed_in(self.request),
            details=form.details(),
            override=RegistrationOverride(reason) if reason else None,
            once=self.once,
        )
        messages.success(self.request, f"{student.name} is registered. We’ve emailed them a confirmation.")
        return redirect(self.get_success_url())


class StaffRegistrationCancel(StaffPage, ActionView):
    """Cancels for a student who asks for it."""

    context_object_name = "registration"

    def get_object(self) -> Registration:
        rows = Registration.objects.visible_to(signed_in(self.request)).with_event()
        found: Registration = get_object_or_404(rows, public_id=self.kwargs["public_id"])
        return found

    def get_success_url(self) -> str:
        return reverse("staff_event_detail", args=[self.object.event.public_id])

    def perform(self, form: Any) -> HttpResponse:
        cancel_registration(registration=self.object, by=signed_in(self.request))
        messages.success(self.request, f"Cancelled for {self.object.student.name}. We’ve emailed them.")
        return redirect(self.get_success_url())


class EventAttendance(PersonPage, FieldOperationView):
    """After the event: who was missed is proposed, and a person confirms it."""

    template_name = "events/event_attendance.html"
    form_class = staff_forms.AttendanceForm

    def absent(self) -> list[tuple[str, str]]:
        rows = Registration.objects.filter(event=self.object, status=RegistrationStatus.REGISTERED)
        found = rows.filter(check_ins__isnull=True).select_related("student").order_by("student__family_name")
        return [(row.public_id, row.student.name) for row in found]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "absent": self.absent()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        there = Registration.objects.filter(event=self.object, check_ins__isnull=False).distinct().count()
        return super().get_context_data(**kwargs) | {"absent": len(self.absent()), "there": there}

    def perform(self, form: Any) -> HttpResponse:
        said = form.cleaned_data
        marked = Marked(missed=said["missed"], came=said["came"])
        close_attendance(event=self.object, marked=marked, by=signed_in(self.request))
        messages.success(self.request, "Attendance closed.")
        return redirect(self.get_success_url())


class EventAttendanceReopen(PersonPage, FieldOperationView):
    template_name = "events/event_attendance_reopen.html"
    form_class = staff_forms.ReasonForm

    def perform(self, form: Any) -> HttpResponse:
        reopen_attendance(event=self.object, by=signed_in(self.request), **form.cleaned_data)
        messages.success(self.request, "Attendance is open again.")
        return redirect(self.get_success_url())
