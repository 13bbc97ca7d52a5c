"""Information governance checks the nightly runs and what needs attention."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access.permissions import GovernancePage, signed_in
from accounts.models import ProposalKind
from foundation.values.times import database_now
from foundation.web.operation_view import OperationView
from retention.exports.certificate import certificate
from retention.forms import StopForm
from retention.models import PurgeRun
from retention.operations.evidence import broken_link
from retention.operations.nights import ask_to_approve, start_dry_run, stop_run
from retention.operations.read_texts import read_night
from retention.selectors.due_people import NightList, night_of, night_people, night_summary
from retention.selectors.holds import waiting_proposal
from retention.selectors.overview import count_rows_of, overview, tabs
from retention.views.permissions import GovernanceAction

PER_PAGE = 20
LOOKED_AT = 60
"""How many runs the page verifies; `manage.py retention verify` checks all."""


class RetentionOverview(GovernancePage):
    def get(self, request: HttpRequest) -> HttpResponse:
        runs = PurgeRun.objects.visible_to(request.user).select_related("approved_by", "started_by")
        context = {
            "tabs": tabs("retention_overview"),
            "overview": overview(signed_in(request), database_now()),
            "broken": broken_link(LOOKED_AT),
            "page": Paginator(runs, PER_PAGE).get_page(request.GET.get("page")),
        }
        return render(request, "retention/retention_overview.html", context)


class DryRunStart(GovernancePage):
    """Only adds to the list of runs, so it does not need a recent sign-in."""

    def post(self, request: HttpRequest) -> HttpResponse:
        run = start_dry_run(by=signed_in(request))
        messages.success(request, "Counting. This page will show what tonight’s run would delete.")
        return redirect("purge_run_detail", run.public_id)


def run_for(request: HttpRequest, public_id: str) -> PurgeRun:
    seen = PurgeRun.objects.visible_to(request.user).select_related("approved_by", "started_by")
    found: PurgeRun = get_object_or_404(seen, public_id=public_id)
    return found


class RunPage(GovernancePage, OperationView):
    template_name = "retention/purge_run_detail.html"
    context_object_name = "run"

    def get_object(self) -> PurgeRun:
        return run_for(self.request, self.kwargs["public_id"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run, now = self.object, database_now()
        context: dict[str, Any] = {"rows": count_rows_of(run)}
        if run.can_be_read:
            context["summary"] = night_summary(night_of(run), signed_in(self.request))
            context["approval"] = waiting_proposal(ProposalKind.NIGHT, run.public_id, now)
        return context | super().get_context_data(**kwargs)

    def beside(self) -> dict[str, forms.BaseForm]:
        return {"stop_form": StopForm()}


class PurgeRunDetail(RunPage):
    http_method_names = ["get", "head"]


class NightPersonList(GovernancePage):
    """The people of a night by name, until it has deleted them. Reading them is recorded."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        run, asked = run_for(request, public_id), request.GET.get("show", "")
        if not run.can_be_read:
            raise Http404
        shown = NightList(asked) if asked in NightList else NightList.GOING
        page = Paginator(night_people(night_of(run), shown, signed_in(request)), PER_PAGE).get_page(
            request.GET.get("page")
        )
        rows = read_night(run=run, people=list(page.object_list), by=signed_in(request))
        context = {"run": run, "shown": shown, "tabs": _lists(run, shown), "page": page, "rows": rows,
                   "policy": night_of(run).policy}  # fmt: skip
        return render(request, "retention/night_person_list.html", context)


def _lists(run: PurgeRun, shown: NightList) -> list[dict[str, object]]:
    here = reverse("night_person_list", args=[run.public_id])
    return [{"label": each.label, "url": f"{here}?show={each}", "current": each == shown} for each in NightList]


class PurgeRunApprove(GovernanceAction, RunPage):
    http_method_names = ["post"]

    def perform(self, form: forms.Form) -> HttpResponse:
        ask_to_approve(run=self.object, by=signed_in(self.request))
        messages.success(self.request, "We told the other officers. One of them must confirm it.")
        return redirect("purge_run_detail", self.object.public_id)


class PurgeRunStop(GovernanceAction, RunPage):
    http_method_names = ["post"]
    form_class, form_name = StopForm, "stop_form"

    def perform(self, form: StopForm) -> HttpResponse:
        stop_run(run=self.object, by=signed_in(self.request), **form.cleaned_data)
        messages.success(self.request, "Run stopped. Nothing was deleted. The next run is tomorrow night.")
        return redirect("purge_run_detail", self.object.public_id)


class CertificateDownload(GovernancePage):
    """Plain text with the counts and digests, to be filed."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        run = run_for(request, public_id)
        response = HttpResponse(certificate(run), content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="retention-{run.night}-{run.public_id}.txt"'
        return response
