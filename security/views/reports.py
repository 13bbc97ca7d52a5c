from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from foundation.web.operation_view import OperationView
from security.forms import ReportForm
from security.models import CaseReport, SecurityCase
from security.operations.reports import edit_report, send_report, send_report_again
from security.views.cases import CaseView, case_for
from security.views.permissions import SecurityAction


def report_for(case: SecurityCase, report_id: str) -> CaseReport:
    reports = CaseReport.objects.filter(case=case).select_related("case__person", "school", "sent_by")
    found: CaseReport = get_object_or_404(reports, public_id=report_id)
    return found


class CaseReportEdit(SecurityAction, OperationView):
    """The officer reviews and edits the report, then saves it or sends it. A sent report is read-only."""

    template_name = "security/case_report_edit.html"
    form_class, context_object_name = ReportForm, "report"
    refused_title = "The report was not sent"

    def get_object(self) -> CaseReport:
        return report_for(case_for(self.request, self.kwargs["public_id"]), self.kwargs["report_id"])

    def get_initial(self) -> dict[str, Any]:
        report = self.object
        return {"address": report.address, "subject": report.subject, "text": report.text}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"case": self.object.case}

    def perform(self, form: ReportForm) -> HttpResponse:
        report, send = self.object, "send" in self.request.POST
        edit_report(report=report, by=self.request.user, **form.cleaned_data)
        if send:
            send_report(report=report, by=self.request.user)
        done = "Sent the" if send else "Saved a draft of the"
        messages.success(self.request, f"{done} report to {report.addressee}.")
        return redirect("case_detail", report.case.public_id)


class CaseReportSendAgain(SecurityAction, CaseView):
    http_method_names = ["post"]

    def perform(self, form: forms.Form) -> HttpResponse:
        report = report_for(self.object, self.kwargs["report_id"])
        send_report_again(report=report, by=self.request.user)
        messages.success(self.request, f"Sending the report to {report.addressee} again.")
        return redirect("case_detail", self.object.public_id)
