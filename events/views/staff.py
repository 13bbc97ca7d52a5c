"""Events for careers staff: the list, the organisers' page, and what changes an event."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access.permissions import DiaryPage, StaffPage, signed_in
from accounts.models import User
from events.forms import staff as staff_forms
from events.forms.staff import employer_lines, session_initial, times_in, wall
from events.models import Event, EventState
from events.models.event import EventQuerySet
from events.operations.edit_event import (
    change_event,
    copy_event,
    create_event,
    create_series,
    set_people,
    set_picture,
    set_questions,
    set_reserves,
)
from events.operations.publish import cancel_event, publish_event, publish_series, set_places, set_sessions
from events.operations.write_to_registered import write_to_registered
from events.rules.publishing import may_edit
from events.selectors.places import places_of
from events.selectors.staff_events import drafts_of, event_rows, feedback_of, registered_people, waiting_line
from foundation.values.counted import counted
from foundation.values.times import database_now, local
from foundation.web.operation_view import ActionView, FieldOperationView

PER_PAGE = 25


class StaffEventList(StaffPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        user, show = signed_in(request), request.GET.get("show", "")
        words = request.GET.get("q", "").strip()[:100]
        page = Paginator(events_for(user, show, words), PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "page": page,
            "rows": event_rows(page.object_list),
            "tabs": tabs_of(show),
            "form": staff_forms.StudentSearchForm({"q": words}),
            "show": show,
            "may_edit": bool(may_edit(user)),
        }
        return render(request, "events/staff_event_list.html", context)


def events_for(user: User, show: str, words: str) -> EventQuerySet:
    now, rows = database_now(), Event.objects.visible_to(user).select_related("type")
    found = rows.exclude(state=EventState.DRAFT).ahead(now)
    if show == "drafts":
        found = rows.filter(state=EventState.DRAFT).order_by("during")
    elif show == "past":
        found = rows.past(now)
    return found.filter(title__icontains=words) if words else found


def tabs_of(show: str) -> list[dict[str, Any]]:
    here, labels = reverse("staff_event_list"), (("Coming up", ""), ("Drafts", "drafts"), ("Past", "past"))
    return [
        {"label": label, "url": f"{here}?show={key}" if key else here, "current": show == key} for label, key in labels
    ]


class StaffEventDetail(StaffPage):
    """The organisers’ page: how it is filling, who comes and who waits, and what can be done."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        user, now = signed_in(request), database_now()
        event = get_object_or_404(Event.objects.visible_to(user).with_details(), public_id=public_id)
        context = {
            "event": event,
            "places": places_of([event])[event.pk],
            "people": registered_people(event),
            "waiting": waiting_line(event),
            "feedback": feedback_of(event),
            "may_edit": bool(may_edit(user)),
            "is_over": event.ends_at <= now,
            "has_begun": event.starts_at <= now,
            "drafts": drafts_of(event.series) if event.is_draft else 0,
        }
        return render(request, "events/staff_event_detail.html", context)


class EventForm(DiaryPage, FieldOperationView):
    """A form that changes one event. A refusal is shown beside its field; a stale page is told what changed."""

    context_object_name = "event"

    def get_object(self) -> Event:
        found = Event.objects.visible_to(signed_in(self.request)).with_details()
        event: Event = get_object_or_404(found, public_id=self.kwargs["public_id"])
        return event

    def get_success_url(self) -> str:
        return reverse("staff_event_detail", args=[self.kwargs["public_id"]])

    def done(self, words: str) -> HttpResponse:
        messages.success(self.request, words)
        return redirect(self.get_success_url())


class EventCreate(DiaryPage, FieldOperationView):
    """A draft with its first session. It is published from its own page."""

    template_name = "events/event_create.html"
    form_class = staff_forms.EventCreateForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": Event()}

    def perform(self, form: Any) -> HttpResponse:
        session, by = times_in(form.cleaned_data), signed_in(self.request)
        made = create_event(event=form.event(), session=session, by=by, once=self.once)
        messages.success(self.request, "Draft saved. Publish it when everything is there.")
        return redirect("staff_event_detail", made.public_id)


class EventEdit(EventForm):
    template_name = "events/event_edit.html"
    form_class = staff_forms.EventFieldsForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.object}

    def perform(self, form: Any) -> HttpResponse:
        also_later = bool(form.cleaned_data.get("also_later"))
        change_event(event=form.instance, by=signed_in(self.request), also_later=also_later)
        return self.done("Saved here and in the later events of the series." if also_later else "Saved.")


class EventTimes(EventForm):
    """When and where. People registered for a published event are told, and the page says how many first."""

    template_name = "events/event_times.html"
    form_class = staff_forms.SessionForm

    def get_form(self, form_class: Any = None) -> Any:
        data = self.request.POST if self.request.method == "POST" else None
        initial = [session_initial(each) for each in self.object.sessions.all()]
        return staff_forms.SessionFormSet(data, initial=initial)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = self.object.registrations.filter(status="registered").count() if self.object.is_published else 0
        return super().get_context_data(**kwargs) | {"told": told}

    def perform(self, form: Any) -> HttpResponse:
        wanted = [each for each in form if each not in form.deleted_forms and each.is_needed]
        set_sessions(event=self.object, sessions=[each.times() for each in wanted], by=signed_in(self.request))
        return self.done("Saved. We’ve told everybody registered, if the time or place changed.")

    def form_refused(self, form: Any, refused: Any) -> HttpResponse:
        """A set of forms has no single field: the refusal is shown above."""
        return super(FieldOperationView, self).form_refused(form, refused)


class EventPlacesEdit(EventForm):
    template_name = "events/event_places_edit.html"
    form_class = staff_forms.PlacesForm

    def get_initial(self) -> dict[str, Any]:
        return {"in_person": self.object.places_in_person, "online": self.object.places_online}

    def perform(self, form: Any) -> HttpResponse:
        set_places(event=self.object, by=signed_in(self.request), **form.cleaned_data)
        return self.done("Saved. New places are offered to people who wait.")


class EventPeople(EventForm):
    template_name = "events/event_people.html"
    form_class = staff_forms.PeopleForm

    def get_initial(self) -> dict[str, Any]:
        organisers = [each.person_id for each in self.object.organisers.all()]
        return {"organisers": organisers, "employers": employer_lines(list(self.object.employers.all()))}

    def perform(self, form: Any) -> HttpResponse:
        set_people(event=self.object, by=signed_in(self.request), **form.cleaned_data)
        return self.done("Saved.")


class EventQuestions(EventForm):
    template_name = "events/event_questions.html"
    form_class = staff_forms.QuestionForm

    def get_form(self, form_class: Any = None) -> Any:
        data = self.request.POST if self.request.method == "POST" else None
        return staff_forms.QuestionFormSet(data, queryset=self.object.questions.all())

    def perform(self, form: Any) -> HttpResponse:
        wanted = [each.instance for each in form if each not in form.deleted_forms and each.instance.label]
        set_questions(event=self.object, questions=wanted, by=signed_in(self.request))
        return self.done("Saved.")

    def form_refused(self, form: Any, refused: Any) -> HttpResponse:
        return super(FieldOperationView, self).form_refused(form, refused)


class EventReserves(EventForm):
    template_name = "events/event_reserves.html"

    def get_form(self, form_class: Any = None) -> Any:
        return staff_forms.ReservesForm(self.object, **self.get_form_kwargs())

    def perform(self, form: Any) -> HttpResponse:
        set_reserves(event=self.object, reserves=form.reserves(), by=signed_in(self.request))
        return self.done("Saved.")


class EventPictureEdit(EventForm):
    template_name = "events/event_picture_edit.html"
    form_class = staff_forms.PictureForm

    def get_initial(self) -> dict[str, Any]:
        picture = getattr(self.object, "picture", None)
        return {"alt": picture.alt if picture else ""}

    def perform(self, form: Any) -> HttpResponse:
        upload = form.cleaned_data["upload"]
        content = upload.read() if upload else b""
        set_picture(event=self.object, upload=content, alt=form.cleaned_data["alt"], by=signed_in(self.request))
        return self.done("Saved.")


class EventPublish(EventForm, ActionView):
    def perform(self, form: Any) -> HttpResponse:
        publish_event(event=self.object, by=signed_in(self.request))
        return self.done("Published. Everybody can see it.")

    def form_refused(self, form: Any, refused: Any) -> HttpResponse:
        return ActionView.form_refused(self, form, refused)


class SeriesPublish(EventForm, ActionView):
    """Publishes this event with all other drafts of its series."""

    def perform(self, form: Any) -> HttpResponse:
        published = publish_series(series=self.object.series, by=signed_in(self.request))
        return self.done(f"{counted(len(published), 'event')} published. Everybody can see them.")

    def get_object(self) -> Event:
        event = super().get_object()
        if event.series is None:
            raise Http404
        return event

    def form_refused(self, form: Any, refused: Any) -> HttpResponse:
        return ActionView.form_refused(self, form, refused)


class EventCancel(EventForm):
    template_name = "events/event_cancel.html"
    form_class = staff_forms.EventCancelForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = self.object.registrations.filter(status="registered").count()
        return super().get_context_data(**kwargs) | {"told": told, "waiting": len(waiting_line(self.object))}

    def perform(self, form: Any) -> HttpResponse:
        cancel_event(event=self.object, by=signed_in(self.request), **form.cleaned_data)
        return self.done("Cancelled. We’ve emailed everybody registered or waiting.")


class EventCopy(EventForm):
    template_name = "events/event_copy.html"
    form_class = staff_forms.EventCopyForm

    def get_initial(self) -> dict[str, Any]:
        return {"starts_at": wall(self.object.starts_at)}

    def perform(self, form: Any) -> HttpResponse:
        copy = copy_event(event=self.object, by=signed_in(self.request), once=self.once, **form.cleaned_data)
        messages.success(self.request, "Copied as a draft.")
        return redirect("staff_event_detail", copy.public_id)


class SeriesCreate(EventForm):
    """Two steps: the rule shows its days, and the days that stay ticked become drafts."""

    template_name = "events/series_create.html"
    form_class = staff_forms.SeriesForm

    def get_initial(self) -> dict[str, Any]:
        day = local(self.object.starts_at)
        return {"title": self.object.title, "first": day.date(), "starts": day.time()}

    def perform(self, form: Any) -> HttpResponse:
        said, rule = form.cleaned_data, form.rule()
        if "make" not in self.request.POST:
            return self.render_form(form, 200, days=rule.days())
        chosen = [day for day in rule.days() if f"{day:%Y-%m-%d}" in said["days"]]
        create_series(
            event=self.object,
            title=said["title"],
            days=chosen,
            starts=rule.starts,
            by=signed_in(self.request),
            once=self.once,
        )
        return self.done(f"{counted(len(chosen), 'draft')} made. Publish each when it is ready.")


class EventMessage(EventForm):
    template_name = "events/event_message.html"
    form_class = staff_forms.EventNoteForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = self.object.registrations.filter(status="registered").count()
        return super().get_context_data(**kwargs) | {"told": told}

    def perform(self, form: Any) -> HttpResponse:
        write_to_registered(event=self.object, by=signed_in(self.request), once=self.once, **form.cleaned_data)
        return self.done("Sent to everybody registered.")
