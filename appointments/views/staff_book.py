from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access.permissions import StaffPage
from accounts.models import User
from accounts.sign_in.typed_words import keep_for_page
from appointments.forms.staff import PlaceForm, StaffBookingForm, TimesForm
from appointments.models import AppointmentType, Booking
from appointments.operations.book import book_appointment
from appointments.operations.choice import Choice
from appointments.operations.read_needs import with_needs_of
from appointments.rules.booking import may_book_at, may_book_on, may_override
from appointments.selectors.free_times import FreeTime, TimeSearch, advisers_offering
from appointments.selectors.staff_times import (
    DAYS_SHOWN,
    OfferedTimes,
    first_shown,
    offered_times,
    people_and_places,
    place_words,
    places_at,
)
from appointments.selectors.students import types_for_student
from appointments.views.staff_choices import address, day_wanted
from appointments.views.staff_students import profile_needs, student_for
from eligibility.rules.allocation import may_book_at_all
from eligibility.selectors.student_facts import Context, student_context
from foundation.outcomes.decisions import Decision
from foundation.values.counted import counted
from foundation.values.times import local, local_day, spoken_day, spoken_when
from foundation.web.days import moment_in
from foundation.web.operation_view import OperationView


class StaffTypeList(StaffPage):
    """Every type on offer, with the decision for this student."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        student = student_for(request, public_id)
        context = student_context(student.pk)
        types = types_for_student(context, context.facts.today)
        hold = may_book_at_all(context.facts, context.facts.today, context.policy.service_email)
        return render(request, "appointments/staff_type_list.html", {"student": student, "types": types, "hold": hold})


def type_for(slug: str) -> AppointmentType:
    found: AppointmentType = get_object_or_404(AppointmentType.objects.offered().with_rules(), slug=slug)
    return found


class StaffTimeList(StaffPage):
    """Times that the student can book, and times too early or too late for them that staff may book."""

    def get(self, request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
        student, type = student_for(request, public_id), type_for(slug)
        facts = student_context(student.pk)
        picker = times_context(request, search_for(request, type, facts, student))
        details = reverse("staff_booking_create", args=[public_id, slug])
        decision = may_book_on(type, facts, picker["offered"].day or facts.facts.today)
        shown = {"student": student, "type": type, "decision": decision, "groups": groups(picker, details)}
        return render(request, "appointments/staff_time_list.html", shown | picker)


def search_for(
    request: HttpRequest, type: AppointmentType, context: Context, student: User, except_booking: int | None = None
) -> TimeSearch:
    now, asked = context.facts.now, request.GET
    first = first_shown(day_wanted(asked.get("first") or asked.get("day", ""), context.facts.today), now)
    last, narrowed = first + timedelta(days=DAYS_SHOWN - 1), {name: asked.get(name, "") for name in ("adviser", "mode")}
    whose = {"student_id": student.pk, "except_booking": except_booking}
    return TimeSearch(type, first, last, now, context.calendar, **narrowed, **whose)


def times_context(request: HttpRequest, search: TimeSearch) -> dict[str, Any]:
    """Two queries: the times, and the advisers who offer any."""
    chosen = day_wanted(request.GET.get("day", ""), search.first - timedelta(days=1))
    offered = offered_times(search, chosen)
    advisers = advisers_offering(search.type, [search.first, search.last])
    asked = {"adviser": search.adviser, "mode": search.mode}
    form = TimesForm(type=search.type, advisers=advisers, initial={**asked, "first": search.first, "day": offered.day})
    return {
        "offered": offered,
        "asked": asked,
        "times_form": form,
        "strip": strip(offered, request.path, asked, search.now),
        "heading": spoken_day(offered.day) if offered.day else "No times in these two weeks",
        **pages_beside(request.path, search, asked),
    }


def pages_beside(here: str, search: TimeSearch, asked: dict[str, str]) -> dict[str, str]:
    """`earlier_url` is empty on the first page."""
    a_step = timedelta(days=DAYS_SHOWN)
    earlier = address(here, first=search.first - a_step, **asked)
    return {
        "earlier_url": earlier if search.first > first_shown(None, search.now) else "",
        "later_url": address(here, first=search.first + a_step, **asked),
        "soonest_url": address(here, **asked),
    }


def strip(offered: OfferedTimes, here: str, asked: dict[str, str], now: datetime) -> list[dict[str, Any]]:
    today = local(now).date()
    return [
        {
            "date": day.date,
            "count": day.count,
            "reason": day.reason,
            "selected": day.date == offered.day,
            "today": day.date == today,
            "href": address(here, first=offered.first, day=day.date, **asked),
        }
        for day in offered.days
    ]


def groups(picker: dict[str, Any], onward: str) -> list[dict[str, Any]]:
    parts: dict[str, list[dict[str, Any]]] = {"Morning": [], "Afternoon": [], "Evening": []}
    for item in picker["offered"].starts:
        start = item.start
        hour = local(start.starts_at).hour
        part = "Morning" if hour < 12 else "Afternoon" if hour < 17 else "Evening"
        people = counted(start.advisers, "adviser")
        detail = f"{people}, needs a reason" if item.early_or_late else people
        href = address(onward, start=start.starts_at.isoformat(), **picker["asked"])
        parts[part].append(
            {"label": start.label, "href": href, "detail": detail, "aria": f"{spoken_when(start.starts_at)}, {detail}"}
        )
    return [{"label": label, "times": times} for label, times in parts.items() if times]


def place_labels(places: dict[str, FreeTime], type: AppointmentType) -> dict[str, str]:
    return {key: place_words(time, type.confidential_by_nature) for key, time in places.items()}


def choice_from(form: PlaceForm, places: dict[str, FreeTime], type: AppointmentType) -> Choice:
    time = places[form.cleaned_data["place"]]
    adviser, location = people_and_places(time)
    return Choice(type, time.starts_at, adviser, time.mode, location)


class ChosenTimePage(StaffPage, OperationView):
    """The page of one `start`: adviser and place, and a field for the reason if the rules refuse."""

    refused_title = "This could not be booked"
    student: User
    type: AppointmentType
    starts_at: datetime | None
    places: dict[str, FreeTime]
    decision: Decision
    booking: Booking | None = None
    """The booking being moved."""

    times_url: str

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.starts_at = moment_in(request.GET.get("start", ""))
        return super().get(request) if self.starts_at else self.without_time()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.starts_at = moment_in(request.POST.get("start", ""))
        if "other_times" in request.POST:
            keep_for_page(request, type(self), request.path)
            return self.without_time()
        return super().post(request) if self.starts_at else self.without_time()

    def without_time(self) -> HttpResponse:
        self.get_object()
        return redirect(self.other_times)

    @property
    def other_times(self) -> str:
        """The times of the same day, filtered as they were."""
        day, asked = self.starts_at and local_day(self.starts_at), self.request.GET
        return address(self.times_url, day=day, adviser=asked.get("adviser"), mode=asked.get("mode"))

    def get_initial(self) -> dict[str, Any]:
        return {"start": self.starts_at.isoformat()}

    def get_form_kwargs(self) -> dict[str, Any]:
        facts, moved = student_context(self.student.pk), self.booking
        search = search_for(self.request, self.type, facts, self.student, moved.pk if moved else None)
        self.places = places_at(search, self.starts_at)
        self.decision = may_book_at(self.type, facts, self.starts_at, moved.public_id if moved else "")
        labels = place_labels(self.places, self.type)
        return {**super().get_form_kwargs(), "places": labels, "against_rules": not self.decision.allowed}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context, decision = super().get_context_data(**kwargs), self.decision
        if self.request.method == "POST" and not self.places:
            keep_for_page(self.request, type(self), self.request.path)
        return context | {
            "type": self.type,
            "starts_at": self.starts_at,
            "when": spoken_when(self.starts_at),
            "times_url": self.other_times,
            "decision": decision,
            "override": None if decision.allowed else may_override(decision, self.request.user),
            "taken": not self.places,
        }


class StaffBookingCreate(ChosenTimePage):
    template_name = "appointments/staff_booking_create.html"
    form_class, context_object_name = StaffBookingForm, "student"

    def get_object(self) -> User:
        public_id, slug = self.kwargs["public_id"], self.kwargs["slug"]
        self.student, self.type = student_for(self.request, public_id), type_for(slug)
        self.times_url = reverse("staff_time_list", args=[public_id, slug])
        return self.student

    def get_initial(self) -> dict[str, Any]:
        needs = "" if self.request.method == "POST" else profile_needs(self.student, self.request.user)["access_needs"]
        return super().get_initial() | {"access_needs": needs}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "type": self.type}

    def perform(self, form: StaffBookingForm) -> HttpResponse:
        by, student = self.request.user, self.student
        booking = book_appointment(
            student=student,
            choice=choice_from(form, self.places, self.type),
            details=with_needs_of(student, form.details(), by=by),
            by=by,
            override=form.override(),
            idempotency_key=form.cleaned_data["key"],
        )
        messages.success(self.request, f"Booked. We’ve emailed {student.name} a confirmation.")
        return redirect("staff_booking_detail", booking.public_id)
