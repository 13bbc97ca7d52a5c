from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access.permissions import StudentPage, signed_in
from portal.selectors.absences import absences_of


class StrikeList(StudentPage):
    """What the student missed, which of it counts or is excused, and what their hold means (ELIG-2, ELIG-3)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "attendance/strike_list.html", {"absences": absences_of(signed_in(request))})
