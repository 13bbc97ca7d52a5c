from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from appointments.forms.student import ChosenTimeForm
from appointments.models import AppointmentType, Booking
from appointments.operations.find_choice import find_choice
from appointments.operations.move import move_booking
from appointments.rules.booking import late_change, may_book_at, may_book_on, may_move_or_cancel
from appointments.selectors.student_times import ResolvedTime, TimeFilter, nearest_times, place_of, resolve_time
from appointments.selectors.student_types import first_bookable_day
from appointments.views.student_bookings import StudentBookingPage
from appointments.views.student_refusals import OFFERS_OTHERS
from appointments.views.student_times import times_query, times_to_choose
from eligibility.selectors.student_facts import student_context
from foundation.outcomes.refusals import Refused, require, result_or_refusal
from foundation.values.times import database_now


class MovePage(StudentBookingPage):
    def links(self) -> dict[str, str]:
        if not may_move_or_cancel(self.booking, database_now()):
            return super().links()
        of = [self.booking.public_id]
        times, onward = reverse("booking_move", args=of), reverse("booking_move_check", args=of)
        return {"times": times, "times_words": "See all free times", "onward": onward}

    @property
    def source_id(self) -> str:
        """What does not count against the new time: this booking, unless moving it now leaves its use behind."""
        return "" if late_change(self.booking, database_now()) else self.booking.public_id

    def type(self) -> AppointmentType:
        return AppointmentType.objects.with_rules().get(pk=self.booking.type_id)

    def asked(self) -> dict[str, Any]:
        form = ChosenTimeForm(self.request.GET)
        if not form.is_valid():
            raise Refused("time_unreadable", "We cannot read that time.", "Choose one of the free times.", status=400)
        return form.cleaned_data

    def chosen(self, type: AppointmentType) -> ResolvedTime:
        """The time in the URL if the booking may move there; otherwise raises Refused."""
        asked, source_id = self.asked(), self.source_id
        context = student_context(self.request.user.pk)
        wish = TimeFilter(None, asked["mode"], asked["adviser"], self.booking.pk, source_id)
        decision = may_book_at(type, context, asked["start"], source_id)
        chosen = resolve_time(type, context, asked["start"], wish, asked["location"]) if decision else None
        if chosen:
            return chosen
        refused = Refused("not_offered", "This time is no longer free.", "Choose one of the free times.")
        if not decision:
            refused = Refused.from_decision(decision)
        raise refused

    def check_shown(self) -> dict[str, Any]:
        """The page that asks whether to move to the time in the URL."""
        type = self.type()
        chosen = self.chosen(type)
        asked = self.asked()
        times = f"?{times_query(asked, {} if asked['location'] else asked)}"
        shown = {"type": type, "chosen": chosen, "place": place_of(type, chosen.time), "times_query": times}
        return {"template": "appointments/booking_move_check.html", **shown}

    def refused(self, refused: Refused) -> HttpResponseBase:
        """Offers only times to which this booking may move."""
        if refused.code in OFFERS_OTHERS and not refused.alternatives:
            asked, context = self.asked(), student_context(self.request.user.pk)
            refused.alternatives = nearest_times(self.type(), context, asked["start"], asked["adviser"], self.booking)
        return super().refused(refused)


class BookingMove(MovePage):
    """GET lists the free times. POST moves to the one in the URL; the type and the details do not change."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        type, context = self.type(), student_context(request.user.pk)
        require(may_move_or_cancel(self.booking, context.facts.now))
        first = first_bookable_day(type, context, self.source_id)
        if first is None:
            require(may_book_on(type, context, context.facts.today, self.source_id))
            raise Refused("not_open", "You cannot book another day now.", "Keep your time, or look again later.")
        times = times_to_choose(self, type, context, first, "check/", self.booking)
        return self.page("appointments/booking_move.html", **times)

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        type, asked = self.type(), self.asked()
        choice = find_choice(type, **(asked if asked["location"] else self.chosen(type).asked))
        there = (self.booking.starts_at, self.booking.adviser, self.booking.location)
        if there != (choice.starts_at, choice.adviser, choice.location):
            move_booking(booking=self.booking, choice=choice, by=request.user)
        return redirect("booking_booked", public_id)

    def again(self) -> dict[str, Any]:
        """The check page of the time in the URL, if the booking may still move there."""
        return result_or_refusal(self.check_shown)[0] or {}


def is_there(booking: Booking, asked: dict[str, Any]) -> bool:
    """Whether the booking is at this time already: back after moving shows the booking."""
    return (
        asked["start"] == booking.starts_at
        and asked["adviser"] in ("", booking.adviser.public_id)
        and asked["location"] in ("", booking.location.public_id)
        and asked["mode"] in ("", booking.mode)
    )


class BookingMoveCheck(MovePage):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        require(may_move_or_cancel(self.booking, database_now()))
        if is_there(self.booking, self.asked()):
            return redirect("booking_detail", public_id)
        shown = self.check_shown()
        return self.page(shown.pop("template"), **shown)
