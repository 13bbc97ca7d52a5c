"""Shows a refusal as a page: the reason, the next step and the nearest free times."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from accounts.access.permissions import StudentPage
from appointments.operations.choice import OFFER_OTHERS
from appointments.rules.reachable import ADDRESS_ENDED
from appointments.selectors.free_times import FreeTime
from appointments.selectors.situations import HOW_TO_APPEAL
from appointments.selectors.student_times import time_query, time_words
from foundation.outcomes.refusals import Refused
from foundation.outcomes.versions import CHANGED

OFFERS_OTHERS = OFFER_OTHERS | {"in_the_past", "too_soon", "too_far_ahead", "closed", "out_of_term", "allocation_used"}
"""Refusals of a time that offer other times instead."""

TITLES = {
    "time_taken": "That time has just gone",
    "session_full": "That session is full now",
    "not_offered": "That time is not free",
    "student_busy": "You already have an appointment then",
    "allocation_used": "You have used these appointments for now",
    "on_hold": "Booking is on hold",
    "type_not_offered": "This is no longer offered",
    "in_the_past": "That time is past",
    CHANGED: "Your appointment has changed",
    "busy": "Please try again in a moment",
    ADDRESS_ENDED: "We need another email address",
    "phone_missing": "We need a telephone number",
    "too_many_changes": "Please wait before you book again",
}

TO_DO_FIRST = {
    ADDRESS_ENDED: ("keep_access", "Add a personal email address"),
    "on_hold": ("strike_list", HOW_TO_APPEAL),
    "phone_missing": ("profile_edit", "Add your telephone number"),
}
"""Pages on which the student removes the reason, instead of choosing another time."""


class RefusalPage(StudentPage):
    """Shows `Refused` as a page.

    `links` gives its URLs: `times` to choose again, and `onward` for each alternative (with its query string).
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Refused as refused:
            return self.refused(refused)

    def links(self) -> dict[str, str]:
        return {"times": reverse("type_list"), "times_words": "See the types of appointment", "onward": ""}

    def refused(self, refused: Refused) -> HttpResponseBase:
        links = self.links()
        if refused.code in TO_DO_FIRST:
            page, words = TO_DO_FIRST[refused.code]
            links |= {"times": reverse(page), "times_words": words}
        title = TITLES.get(refused.code, "That cannot be booked")
        alternatives = [_alternative(time, links["onward"]) for time in refused.alternatives if links["onward"]]
        shown = {"refused": refused, "title": title, "alternatives": alternatives, "links": links}
        answer = render(self.request, "appointments/booking_refused.html", shown, status=refused.status)
        for name, value in refused.headers.items():
            answer[name] = value
        return answer


def _alternative(time: FreeTime, onward: str) -> dict[str, Any]:
    return {
        "when": time_words(time),
        "time": time,
        "href": f"{onward}?{time_query(time)}",
    }
