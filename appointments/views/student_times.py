from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import View

from appointments.forms.student import TimeFilterForm
from appointments.models import AppointmentType, Booking
from appointments.rules.reachable import may_be_written_to
from appointments.rules.windows import booking_window
from appointments.selectors.booking_targets import find_type_with_rules
from appointments.selectors.free_times import advisers_offering
from appointments.selectors.student_times import TimeFilter, time_page
from appointments.selectors.student_types import offer_of
from appointments.views.student_refusals import RefusalPage
from eligibility.selectors.student_facts import Context, student_context
from foundation.outcomes.refusals import Refused, require
from foundation.values.times import local_day

UNKNOWN_FILTER = "That day, adviser or way to meet does not exist."
STEPS = ["Type", "Time", "Details", "Check"]


def type_named(slug: str) -> AppointmentType:
    found = find_type_with_rules(slug)
    if found is None or found.slug != slug:
        raise Http404
    return found


class TimeList(RefusalPage):
    """At most eight queries including session and user, for any number of advisers."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        type = type_named(slug)
        context = student_context(request.user.pk)
        require(may_be_written_to(request.user, context))
        offer = offer_of(type, context)
        if offer.first_day is None:
            raise Refused.from_decision(offer.decision)
        times = times_to_choose(self, type, context, offer.first_day, "details/")
        return render(request, "appointments/time_list.html", {**times, "offer": offer, "steps": STEPS})

    def links(self) -> dict[str, str]:
        start_anew = {"times": self.request.path, "times_words": "Show all times", "onward": ""}
        return start_anew if self.request.GET else super().links()


def times_to_choose(
    view: View, type: AppointmentType, context: Context, first: date, onward: str, booking: Booking | None = None
) -> dict[str, Any]:
    """The context of `parts/times.html`."""
    window = booking_window(type, context.facts.now, context.calendar)
    form = TimeFilterForm(type, advisers_offering(type, list(window.days())), view.request.GET)
    if not form.is_valid():
        raise Refused("filter_unknown", UNKNOWN_FILTER, "Start again from the first free time.", status=400)
    wish = form.wish(booking)
    return {
        "type": type,
        "form": form,
        "filtered": wish.mode or wish.adviser,
        "reset_url": reverse_of(wish),
        "page": time_page(type, context, wish, first, onward),
    }


def times_query(asked: Mapping[str, Any], wish: Mapping[str, Any]) -> str:
    """The query string of the page of times, for the day of the chosen time (`asked`) and the filters in `wish`."""
    day = local_day(asked["start"]).isoformat()
    found = {"day": day, "mode": wish.get("mode", ""), "adviser": wish.get("adviser", "")}
    return urlencode({name: value for name, value in found.items() if value})


def reverse_of(wish: TimeFilter) -> str:
    """The URL of the same page without its filters."""
    return f"?day={wish.day}" if wish.day else "?"
