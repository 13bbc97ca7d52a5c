"""An administrator uploads activity results, checks them and records them. The file is stored only in the page."""

import io
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from accounts.access.permissions import AdministratorPage, signed_in
from accounts.feed.reading import FileUnreadable
from eligibility.forms import ResultCheckedForm, ResultUploadForm, signed_file
from eligibility.models import Activity
from eligibility.operations.read_result_file import (
    COLUMNS,
    ReadResults,
    example_results,
    import_results,
    refused_rows,
)
from foundation.web.headers import SANDBOX

SHOWN = 50
"""Refused rows shown on the page; the download has all."""


class ResultPage(AdministratorPage):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


class ResultImport(ResultPage):
    """Checks a file without writing."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return result_import(request, ResultUploadForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ResultUploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return result_import(request, form, status=422)
        body = form.cleaned_data["file"].read()
        try:
            read = import_results(file=io.BytesIO(body), by=signed_in(request), dry_run=True)
        except FileUnreadable as problem:
            form.add_error("file", ValidationError(str(problem), code="file_unreadable"))
            return result_import(request, form, status=422)
        return result_import(request, ResultUploadForm(), checked=_checked(body, read))


class ResultApply(ResultPage):
    def post(self, request: HttpRequest) -> HttpResponse:
        form = ResultCheckedForm(request.POST)
        if not form.is_valid():
            messages.error(request, form.errors["checked"][0])
            return redirect("result_import")
        read = import_results(file=io.BytesIO(form.cleaned_data["checked"]), by=signed_in(request), dry_run=False)
        counts = read.counts
        words = f"Recorded: {counts['new']:,} new, {counts['changed']:,} changed, {counts['unchanged']:,} unchanged."
        messages.success(request, f"{words} {counts['refused']:,} refused." if counts["refused"] else words)
        return redirect("result_import")


class ResultRefusedDownload(ResultPage):
    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = ResultCheckedForm(request.POST)
        if not form.is_valid():
            messages.error(request, form.errors["checked"][0])
            return redirect("result_import")
        body = form.cleaned_data["checked"]
        read = import_results(file=io.BytesIO(body), by=signed_in(request), dry_run=True)
        return _attachment(b"".join(refused_rows(body, read.reasons)), "refused-results.csv")


class ResultExampleDownload(ResultPage):
    def get(self, request: HttpRequest) -> HttpResponseBase:
        return _attachment(example_results(), "activity-results-example.csv")


def result_import(
    request: HttpRequest, form: ResultUploadForm, status: int = 200, checked: dict[str, Any] | None = None
) -> HttpResponse:
    context = {"form": form, "checked": checked, "columns": COLUMNS, "activities": Activity.objects.all()}
    return render(request, "eligibility/result_import.html", context, status=status)


def _checked(body: bytes, read: ReadResults) -> dict[str, Any]:
    counts = read.counts
    return {
        "counts": counts,
        "changes": counts["new"] + counts["changed"],
        "refused": sorted(read.reasons.items())[:SHOWN],
        "more": max(counts["refused"] - SHOWN, 0),
        "unknown": read.unknown,
        "form": ResultCheckedForm(initial={"checked": signed_file(body)}),
    }


def _attachment(body: bytes, name: str) -> HttpResponseBase:
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = SANDBOX
    return response
