from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.rules.policy import policy_in_force
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now
from security.forms import DismissForm
from security.models import Lead
from security.operations.judge_lead import dismiss_lead
from security.selectors.case_page import evidence_rows
from security.selectors.register import closed_cases, judged_leads, leads_to_judge, open_cases
from security.views.permissions import OfficerPage, SecurityAction

PER_PAGE = 25
SHOWN = {"": "Open", "closed": "Closed cases", "judged": "Judged leads"}


class SecurityRegister(OfficerPage):
    """What is due, leads to judge, open cases; behind tabs what is over."""

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


def lead_page(request: HttpRequest, lead: Lead, form: DismissForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {"lead": lead, "form": form, "evidence": evidence_rows(lead.evidence), "policy": policy_in_force()}
    return render(request, "security/lead_detail.html", context | more, status=status)


class LeadDetail(OfficerPage):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return lead_page(request, lead_for(request, public_id), DismissForm())


class LeadDismiss(SecurityAction):
    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        lead, form = lead_for(request, public_id), DismissForm(request.POST)
        if not form.is_valid():
            return lead_page(request, lead, form, 422)
        try:
            dismiss_lead(lead=lead, by=request.user, **form.cleaned_data)
        except Refused as refused:
            return lead_page(request, lead_for(request, public_id), form, refused.status, refused=refused)
        messages.success(request, "The lead is dismissed.")
        return redirect("security_register")
