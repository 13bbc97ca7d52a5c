"""The administrator's pages of the student feed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access.permissions import AdministratorPage, signed_in
from accounts.feed.columns import COLUMNS
from accounts.feed.operations.files import pieces_of, read_bad_rows
from accounts.feed.operations.runs import approve_feed_run, cancel_feed_run, start_feed_run
from accounts.feed.selectors import (
    KIND_COUNTS,
    catalogue_of,
    change_rows,
    changes_of,
    large_change,
    progress_of,
    runs_for,
    tone_of,
)
from accounts.feed.words import ENDS_WITHIN_A_ROW, FIELDS
from accounts.feed.writing import example_file
from accounts.forms import FeedApplyForm, FeedUploadForm
from accounts.models import ChangeKind, FeedRun, FeedSource, FileKind
from accounts.rules.policy import policy_in_force
from foundation.outcomes.refusals import Refused
from foundation.web.headers import SANDBOX
from foundation.web.operation_view import OperationView, ReadOperationView

RUNS_PER_PAGE, CHANGES_PER_PAGE = 20, 100


class FeedPage(AdministratorPage):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def run(self, request: HttpRequest, public_id: str) -> FeedRun:
        run: FeedRun = get_object_or_404(runs_for(request.user), public_id=public_id)
        return run


class FeedAction(FeedPage, OperationView):
    """Shows a refusal on the run's page, or on the list if there is no run."""

    context_object_name = "run"

    def get_object(self) -> FeedRun | None:
        public_id = self.kwargs.get("public_id")
        return self.run(self.request, public_id) if public_id else None

    def get_success_url(self) -> str:
        return reverse("feed_run_detail", kwargs=self.kwargs) if self.kwargs else reverse("feed_run_list")

    def form_refused(self, form: forms.Form, refused: Refused) -> HttpResponse:
        messages.error(self.request, refused.text, extra_tags=refused.code)
        return redirect(self.get_success_url())


class FeedRunList(FeedAction):
    http_method_names = ["get", "head"]
    template_name = "accounts/feed_run_list.html"
    form_class = FeedUploadForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(runs_for(self.request.user), RUNS_PER_PAGE).get_page(self.request.GET.get("page"))
        context = {
            "page": page,
            "rows": [{"run": run, "tone": tone_of(run)} for run in page],
            "columns": COLUMNS,
            "days": policy_in_force().feed_file_days,
        }
        return super().get_context_data(**kwargs) | context


class FeedRunCreate(FeedRunList):
    http_method_names = ["post"]

    def perform(self, form: FeedUploadForm) -> HttpResponse:
        pieces, by = pieces_of(form.cleaned_data["file"]), signed_in(self.request)
        adds_programmes = form.cleaned_data["adds_programmes"]
        run = start_feed_run(pieces=pieces, source=FeedSource.PAGE, by=by, adds_programmes=adds_programmes)
        return redirect("feed_run_detail", run.public_id)


class FeedRunDetail(FeedPage):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        run, policy = self.run(request, public_id), policy_in_force()
        kind, field = request.GET.get("show", ""), request.GET.get("field", "")
        kind = kind if kind in KIND_COUNTS else str(first_kind(run))
        field = field if field in FIELDS and kind == ChangeKind.CHANGED else ""
        page = Paginator(changes_of(run, kind, field), CHANGES_PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "run": run, "tone": tone_of(run), "progress": progress_of(run), "catalogue": catalogue_of(run),
            "tabs": tabs(run, kind), "fields": field_links(run, field) if kind == ChangeKind.CHANGED else [],
            "page": page, "changes": change_rows(page), "kind": kind, "days": policy.feed_file_days,
            "large": large_change(run), "policy": policy, "ends_within_a_row": ENDS_WITHIN_A_ROW,
        }  # fmt: skip
        return render(request, "accounts/feed_run_detail.html", context)


def first_kind(run: FeedRun) -> ChangeKind:
    """The kind of change to show first: the first of these that has any."""
    order = (ChangeKind.CHANGED, ChangeKind.NEW, ChangeKind.LEAVER, ChangeKind.REFUSED)
    return next((kind for kind in order if run.counts.get(KIND_COUNTS[kind])), ChangeKind.CHANGED)


def tabs(run: FeedRun, kind: str) -> list[dict[str, Any]]:
    return [
        {
            "label": str(each.label).capitalize(),
            "url": f"?show={each}#people",
            "current": each == kind,
            "count": run.counts.get(key, 0),
        }
        for each, key in KIND_COUNTS.items()
    ]


def field_links(run: FeedRun, chosen: str) -> list[dict[str, Any]]:
    everything = [{"label": "Every change", "url": "?show=changed#people", "current": not chosen, "count": ""}]
    return everything + [
        {
            "label": FIELDS.get(field, field),
            "url": f"?show=changed&field={field}#people",
            "current": field == chosen,
            "count": number,
        }
        for field, number in run.counts.get("fields", {}).items()
    ]


class FeedRunApply(FeedAction):
    """Shows the totals again and asks for confirmation; a large difference needs a checkbox as well."""

    template_name = "accounts/feed_run_apply.html"
    form_class = FeedApplyForm

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        if self.run(request, public_id).state != "checked":
            return redirect(self.get_success_url())
        return super().get(request)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "run": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {"large": large_change(self.object), "policy": policy_in_force()}
        return super().get_context_data(**kwargs) | context

    def perform(self, form: FeedApplyForm) -> HttpResponse:
        accepts = bool(form.cleaned_data.get("accepts_large_change"))
        approve_feed_run(run=self.object, by=signed_in(self.request), accepts_large_change=accepts)
        return redirect(self.get_success_url())


class FeedRunCancel(FeedAction):
    http_method_names = ["post"]

    def perform(self, form: forms.Form) -> HttpResponse:
        cancel_feed_run(run=self.object, by=signed_in(self.request))
        messages.success(self.request, "File deleted. Nothing was changed.")
        return redirect("feed_run_list")


class FeedBadRowsDownload(FeedAction, ReadOperationView):
    def perform(self, form: forms.Form) -> HttpResponseBase:
        get_object_or_404(self.object.files.filter(kind=FileKind.BAD_ROWS, ordinal=0))
        pieces = read_bad_rows(run=self.object, by=signed_in(self.request))
        return attachment(StreamingHttpResponse(pieces), f"refused-rows-{self.object.public_id}.csv")


class FeedExampleDownload(FeedPage):
    def get(self, request: HttpRequest) -> HttpResponseBase:
        return attachment(HttpResponse(example_file()), "student-feed-example.csv")


def attachment(response: Any, name: str) -> HttpResponseBase:
    response["Content-Type"] = "text/csv; charset=utf-8"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = SANDBOX
    answer: HttpResponseBase = response
    return answer
