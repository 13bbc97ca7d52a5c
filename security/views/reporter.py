from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import View

from accounts.access.permissions import signed_in
from accounts.rules.policy import policy_in_force
from foundation.outcomes.refusals import Refused
from security.forms import ConcernForm
from security.operations.report_concern import report_concern


class ConcernReport(LoginRequiredMixin, View):
    """Anybody signed in says what they suspect."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, ConcernForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ConcernForm(request.POST)
        if not form.is_valid():
            return self.page(request, form, 422)
        try:
            report_concern(by=signed_in(request), **form.cleaned_data)
        except Refused as refused:
            return self.page(request, form, refused.status, refused=refused)
        return redirect("concern_received")

    def page(self, request: HttpRequest, form: ConcernForm, status: int = 200, **more: object) -> HttpResponse:
        context = {"form": form, "policy": policy_in_force()} | more
        return render(request, "security/concern_report.html", context, status=status)


class ConcernReceived(LoginRequiredMixin, View):
    """That it was received, and no more: what becomes of it concerns the person it is about."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "security/concern_received.html", {"policy": policy_in_force()})
