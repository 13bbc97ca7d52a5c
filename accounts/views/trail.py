from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access.permissions import GovernancePage, signed_in
from accounts.forms import TrailForm
from accounts.operations.read_trail import read_trail
from accounts.selectors.trail import TrailAsked
from foundation.outcomes.refusals import Refused


class TrailList(GovernancePage):
    """The audit trail, read only; reading it is recorded in it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        form = TrailForm(request.GET)
        if not form.is_valid():
            return self.page(request, form, status=422)
        before = request.GET.get("before", "")
        asked = TrailAsked(**form.cleaned_data, before=int(before) if before.isdecimal() and len(before) < 19 else 0)
        try:
            return self.page(request, form, trail=read_trail(asked=asked, by=signed_in(request)), asked=asked)
        except Refused as refused:
            return self.page(request, form, status=refused.status, refused=refused)

    def page(self, request: HttpRequest, form: TrailForm, status: int = 200, **more: object) -> HttpResponse:
        context = {"form": form, "trail": None, "asked": None, "refused": None} | more
        return render(request, "accounts/trail_list.html", context, status=status)
