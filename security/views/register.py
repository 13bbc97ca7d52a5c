from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.rules.policy import policy_in_force
from foundation.values.times import database_now
from foundation.web.operation_view import OperationView
from security.forms import DismissForm
from security.models import Lead
from security.operations.judge_lead import dismiss_lead
from security.selectors.case_page import evidence_rows
from security.selectors.register import closed_cases, judged_leads, leads_to_judge, open_cases
from security.views.permissions import OfficerPage, SecurityAction

PER_PAGE = 25
SHOWN = {"": "Open", "closed": "Closed cases", "judged": "Reviewed leads"}


class SecurityRegister(OfficerPage):
    """Deadlines, leads to judge and open cases; closed cases and judged leads are behind tabs."""

    def get(self, request: HttpRequest) -> HttpResponse:
        show = request.GET.get("show", "")
        show = show if show in SHOWN else ""
        here = reverse("security_register")
        tabs = [
            {"label": label, "url": f"{here}?show={key}" if key else here, "current": key == show}
            for key, label in SHOWN.items()
        ]
        context: dict[str, Any] = {"tabs": tabs, "show": show, "policy": policy_in_force()}
        found = {"": leads_to_judge, "closed": closed_cases, "judged": judged_leads}[show](request.user)
        context["page"] = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        context["cases"] = [] if show else open_cases(request.user, database_now())
        return render(request, "security/security_register.html", context)


def lead_for(request: HttpRequest, public_id: str) -> Lead:
    seen = Lead.objects.visible_to(request.user).select_related("person", "reported_by", "judged_by")
    found: Lead = get_object_or_404(seen, public_id=public_id)
    return found


class LeadView(OfficerPage, OperationView):
    template_name = "security/lead_detail.html"
    form_class, context_object_name = DismissForm, "lead"

    def get_object(self) -> Lead:
        return lead_for(self.request, self.kwargs["public_id"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {"evidence": evidence_rows(self.object.evidence), "policy": policy_in_force()}
        return context | super().get_context_data(**kwargs)


class LeadDetail(LeadView):
    http_method_names = ["get", "head"]


class LeadDismiss(SecurityAction, LeadView):
    http_method_names = ["post"]

    def perform(self, form: DismissForm) -> HttpResponse:
        dismiss_lead(lead=self.object, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Lead dismissed.")
        return redirect("security_register")
