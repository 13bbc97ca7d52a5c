from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from foundation.outcomes.refusals import Refused
from security.forms import ReportForm
from security.models import CaseReport, SecurityCase
from security.operations.reports import edit_report, send_report, send_report_again
from security.views.cases import case_for, shown
from security.views.permissions import SecurityAction


def report_for(case: SecurityCase, report_id: str) -> CaseReport:
    reports = CaseReport.objects.filter(case=case).select_related("case__person", "school", "sent_by")
    found: CaseReport = get_object_or_404(reports, public_id=report_id)
    return found


class CaseReportEdit(SecurityAction):
    """Reviewed, put into the officer's own words, kept for later or sent at once. Once sent, it is only read."""

    def get(self, request: HttpRequest, public_id: str, report_id: str) -> HttpResponse:
        report = report_for(case_for(request, public_id), report_id)
        initial = {"address": report.address, "subject": report.subject, "text": report.text}
        return self.page(request, report, ReportForm(initial=initial))

    def post(self, request: HttpRequest, public_id: str, report_id: str) -> HttpResponse:
        report, form = report_for(case_for(request, public_id), report_id), ReportForm(request.POST)
        if not form.is_valid():
            return self.page(request, report, form, 422)
        send = "send" in request.POST
        try:
            edit_report(report=report, by=request.user, **form.cleaned_data)
            if send:
                send_report(report=report, by=request.user)
        except Refused as refused:
            return self.page(request, report_for(report.case, report_id), form, refused.status, refused=refused)
        messages.success(request, f"The report to {report.addressee} is {'sent' if send else 'kept for later'}.")
        return redirect("case_detail", public_id)

    def page(
        self, request: HttpRequest, report: CaseReport, form: ReportForm, status: int = 200, **more: Any
    ) -> HttpResponse:
        context = {"case": report.case, "report": report, "form": form} | more
        return render(request, "security/case_report_edit.html", context, status=status)


class CaseReportSendAgain(SecurityAction):
    def post(self, request: HttpRequest, public_id: str, report_id: str) -> HttpResponse:
        report = report_for(case_for(request, public_id), report_id)
        try:
            send_report_again(report=report, by=request.user)
        except Refused as refused:
            return shown(request, case_for(request, public_id), refused.status, refused=refused)
        messages.success(request, f"The report to {report.addressee} goes out again.")
        return redirect("case_detail", public_id)
