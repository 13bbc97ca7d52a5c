from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import View

from accounts.access.permissions import signed_in
from accounts.rules.policy import policy_in_force
from foundation.web.operation_view import OperationView
from security.forms import ConcernForm
from security.operations.report_concern import report_concern


class ConcernReport(LoginRequiredMixin, OperationView):
    """Anybody signed in can report a suspicion."""

    template_name = "security/concern_report.html"
    form_class = ConcernForm
    refused_title = "You cannot do this now"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"policy": policy_in_force()}

    def perform(self, form: ConcernForm) -> HttpResponse:
        report_concern(by=signed_in(self.request), once=self.once, **form.cleaned_data)
        return redirect("concern_received")


class ConcernReceived(LoginRequiredMixin, View):
    """Confirms the report and says no more, because the outcome is confidential to the person concerned."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "security/concern_received.html", {"policy": policy_in_force()})
