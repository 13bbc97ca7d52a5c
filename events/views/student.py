"""A student's own registrations and places in waiting lists."""

from typing import Any

import qrcode
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from qrcode.image.svg import SvgPathImage

from accounts.access.permissions import StudentPage, signed_in
from eligibility.models import WaitingEntry
from events.forms.student import FeedbackForm, RegistrationForm
from events.models import Event, EventFeedback, EventSeries, Registration
from events.notices.calendar_file import registration_calendar
from events.operations.cancel_registration import cancel_registration, undo_cancelled_registration
from events.operations.give_feedback import give_feedback
from events.operations.register import register
from events.operations.still_coming import say_still_coming
from events.operations.waiting import accept_offer, join_waiting_list, leave_waiting_list
from events.selectors.api_answers import waiting_answers
from events.selectors.student_events import (
    ShownRegistration,
    own_list,
    place_in_line,
    shown_events,
    usual_cancellations,
    waits_of,
)
from events.views.public import ics
from foundation.outcomes.refusals import result_or_refusal
from foundation.values.counted import counted
from foundation.values.sources import SourceKind
from foundation.values.times import database_now
from foundation.web.operation_view import ActionView, FieldOperationView, OperationView
from foundation.web.undo_offer import say_done

PER_PAGE = 10
REGISTERED = "You’re registered. We’ve emailed you a confirmation."


class StudentEventForm(StudentPage, OperationView):
    """A student’s form about one public event."""

    context_object_name = "event"

    def get_object(self) -> Event:
        found = Event.objects.visible_to(self.request.user).with_details().prefetch_related("employers", "questions")
        event: Event = get_object_or_404(found, public_id=self.kwargs["public_id"])
        return event


class RegistrationCreate(StudentEventForm):
    """Registers. What the event asks is on this page; an event that asks nothing registers from its own page."""

    template_name = "events/registration_create.html"
    form_class = RegistrationForm
    refused_title = "You could not be registered"

    def get_form(self, form_class: Any = None) -> RegistrationForm:
        return RegistrationForm(self.object, **self.get_form_kwargs())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        [shown] = shown_events([self.object], signed_in(self.request), database_now())
        return super().get_context_data(**kwargs) | {"shown": shown}

    def perform(self, form: RegistrationForm) -> HttpResponse:
        student = signed_in(self.request)
        registration = register(
            event=self.object,
            student=student,
            mode=form.cleaned_data["mode"],
            by=student,
            details=form.details(),
            once=self.once,
        )
        messages.success(self.request, REGISTERED)
        return redirect("registration_detail", registration.public_id)


class SeriesRegister(StudentPage, ActionView):
    """Registers for the chosen events of a series, each by itself: what is refused does not keep the others out."""

    context_object_name = "series"

    def get_object(self) -> EventSeries:
        shown = Event.objects.visible_to(self.request.user).filter(series__public_id=self.kwargs["public_id"])
        found: EventSeries = get_object_or_404(EventSeries.objects.filter(events__in=shown).distinct())
        return found

    def get_success_url(self) -> str:
        return reverse("series_detail", args=[self.kwargs["public_id"]])

    def perform(self, form: Any) -> HttpResponse:
        student, chosen = signed_in(self.request), self.request.POST.getlist("event")
        rows = Event.objects.visible_to(student).with_details().filter(series=self.object, public_id__in=chosen)
        done = []
        for event in rows.order_by("during"):
            mode = event.modes[0] if event.modes else ""
            made, refused = result_or_refusal(register, event=event, student=student, mode=mode, by=student)
            done += [event] if made else []
            if refused:
                messages.error(self.request, f"{event.when}: {refused.text}", extra_tags=refused.code)
        if done:
            messages.success(self.request, f"You’re registered for {counted(len(done), 'event')}. We’ve emailed you.")
        elif not chosen:
            messages.error(self.request, "Choose at least one event.", extra_tags="nothing_chosen")
        return redirect(self.get_success_url())


class WaitingJoin(StudentEventForm, ActionView):
    def get_success_url(self) -> str:
        return reverse("event_detail", args=[self.kwargs["public_id"]])

    def perform(self, form: Any) -> HttpResponse:
        student, mode = signed_in(self.request), self.request.POST.get("mode", "")
        entry = join_waiting_list(event=self.object, student=student, mode=mode, by=student, once=self.once)
        messages.success(self.request, "You’re on the waiting list. We’ll email you if a place is kept for you.")
        return redirect("waiting_detail", entry.public_id)


class OwnWaiting(StudentPage, OperationView):
    """One of the student’s own places in a waiting list, with its event."""

    context_object_name = "entry"
    event: Event

    def get_object(self) -> WaitingEntry:
        mine = WaitingEntry.objects.visible_to(signed_in(self.request)).filter(source_kind=SourceKind.EVENT)
        entry: WaitingEntry = get_object_or_404(mine.select_related("student"), public_id=self.kwargs["public_id"])
        rows = Event.objects.with_details().prefetch_related("employers", "questions")
        self.event = get_object_or_404(rows, public_id=entry.source_id)
        return entry

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_offered = self.object.is_offered(database_now())
        return super().get_context_data(**kwargs) | {"event": self.event, "is_offered": is_offered}


class WaitingDetail(OwnWaiting):
    """Where the student stands, and an honest estimate. An offer is answered on its own page."""

    template_name = "events/waiting_detail.html"
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().get(request, *args, **kwargs)
        return redirect("waiting_offer", self.object.public_id) if self.object.is_offered(database_now()) else answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        total = self.event.places(self.object.lane)
        return super().get_context_data(**kwargs) | {
            "place": place_in_line(self.object),
            "usual": usual_cancellations(self.event.type, total),
            "total": total,
        }


class WaitingOffer(OwnWaiting):
    """Takes the place that is kept. The event’s questions are on the page."""

    template_name = "events/waiting_offer.html"
    form_class = RegistrationForm
    refused_title = "You could not be registered"

    def get_form(self, form_class: Any = None) -> RegistrationForm:
        return RegistrationForm(self.event, asks_mode=False, **self.get_form_kwargs())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().get(request, *args, **kwargs)
        is_offered = self.object.is_offered(database_now())
        return answer if is_offered else redirect("waiting_detail", self.object.public_id)

    def perform(self, form: RegistrationForm) -> HttpResponse:
        by = signed_in(self.request)
        registration = accept_offer(entry=self.object, by=by, details=form.details(), once=self.once)
        messages.success(self.request, REGISTERED)
        return redirect("registration_detail", registration.public_id)


class WaitingLeave(OwnWaiting, ActionView):
    def get_success_url(self) -> str:
        return reverse("waiting_detail", args=[self.kwargs["public_id"]])

    def perform(self, form: Any) -> HttpResponse:
        was_offered = self.object.is_offered(database_now())
        leave_waiting_list(entry=self.object, by=signed_in(self.request))
        words = "The place goes to the next person." if was_offered else "You’ve left the waiting list."
        messages.success(self.request, words)
        return redirect("event_detail", self.event.public_id)


class RegistrationList(StudentPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        now, is_past, person = database_now(), request.GET.get("show") == "past", signed_in(request)
        page = Paginator(own_list(person, now, is_past=is_past), PER_PAGE).get_page(request.GET.get("page"))
        here = reverse("registration_list")
        tabs = [
            {"label": "Coming up", "url": here, "current": not is_past},
            {"label": "Past and cancelled", "url": f"{here}?show=past", "current": is_past},
        ]
        shown = [ShownRegistration(each, now) for each in page.object_list]
        waiting = [] if is_past else waiting_answers(waits_of(person), now)
        context = {"page": page, "shown": shown, "tabs": tabs, "is_past": is_past, "waiting": waiting}
        return render(request, "events/registration_list.html", context)


class OwnRegistration(StudentPage, OperationView):
    """One of the student’s own registrations; 404 for anybody else’s."""

    context_object_name = "registration"

    def get_object(self) -> Registration:
        person = signed_in(self.request)
        mine = Registration.objects.visible_to(person).filter(student=person).with_event()
        found: Registration = get_object_or_404(mine, public_id=self.kwargs["public_id"])
        return found

    def get_success_url(self) -> str:
        return reverse("registration_detail", args=[self.kwargs["public_id"]])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = ShownRegistration(self.object, database_now())
        return super().get_context_data(**kwargs) | {"shown": shown, "event": self.object.event}


class RegistrationDetail(OwnRegistration):
    template_name = "events/registration_detail.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        answers = self.object.answers.select_related("question").order_by("question__order")
        return super().get_context_data(**kwargs) | {"code": check_in_code(self.object), "answers": answers}


def check_in_code(registration: Registration) -> SafeString:
    """The address of the registration as a QR code. It says nothing by itself: the door looks up whose it is."""
    address = settings.SITE_URL + reverse("registration_detail", args=[registration.public_id])
    image = qrcode.make(address, image_factory=SvgPathImage, border=2)
    return mark_safe(image.to_string(encoding="unicode"))


class RegistrationCancel(OwnRegistration):
    """Asks first, and says what cancelling means. It can be undone for some seconds."""

    template_name = "events/registration_cancel.html"
    refused_title = "This could not be cancelled"

    def perform(self, form: Any) -> HttpResponse:
        cancel_registration(registration=self.object, by=signed_in(self.request), undo=True)
        undo = reverse("registration_undo", args=[self.object.public_id])
        say_done(self.request, "Registration cancelled. We’ll email you a confirmation.", undo)
        return redirect(self.get_success_url())


class RegistrationUndo(OwnRegistration, ActionView):
    def perform(self, form: Any) -> HttpResponse:
        undo_cancelled_registration(registration=self.object, by=signed_in(self.request))
        messages.success(self.request, "Undone. You’re registered as before.")
        return redirect(self.get_success_url())


class StillComing(OwnRegistration, ActionView):
    def perform(self, form: Any) -> HttpResponse:
        say_still_coming(registration=self.object, by=signed_in(self.request))
        messages.success(self.request, "Thank you. See you there.")
        return redirect(self.get_success_url())


class RegistrationCalendar(StudentPage):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        person = signed_in(request)
        mine = Registration.objects.visible_to(person).filter(student=person).with_event()
        registration = get_object_or_404(mine, public_id=public_id)
        return ics(registration_calendar(registration), f"event-{public_id}")


class FeedbackCreate(OwnRegistration, FieldOperationView):
    template_name = "events/feedback_create.html"
    form_class = FeedbackForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        registration = self.get_object()
        if not ShownRegistration(registration, database_now()).may_give_feedback:
            return redirect("registration_detail", registration.public_id)
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        earlier = EventFeedback.objects.filter(registration=self.object).first()
        return {"score": earlier.score, "text": earlier.text} if earlier else {}

    def perform(self, form: FeedbackForm) -> HttpResponse:
        give_feedback(registration=self.object, by=signed_in(self.request), **form.cleaned_data)
        messages.success(self.request, "Thank you. The organisers will read it.")
        return redirect(self.get_success_url())
