"""A webinar's report: it is read and compared, and a person confirms what is recorded."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.access.permissions import signed_in
from events.forms.report import ReportRecordForm, ReportUploadForm
from events.operations.record_report import record_report
from events.views.staff_people import PersonPage
from foundation.web.operation_view import ActionView, FieldOperationView


class EventReport(PersonPage, FieldOperationView):
    """Reads the files and shows whom they name. Nothing is recorded yet."""

    template_name = "events/event_report.html"
    form_class = ReportUploadForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        recorded = self.object.registrations.filter(minutes_there__isnull=False).count()
        context = super().get_context_data(**kwargs)
        return context | {"upload_form": context["form"], "recorded": recorded}

    def perform(self, form: ReportUploadForm) -> HttpResponse:
        checked = ReportRecordForm(self.object, read=form.cleaned_data["reports"])
        return self.render_form(form, 200, checked=checked)


class EventReportRecord(PersonPage, FieldOperationView):
    """Records the minutes, or shows the comparison again with what is wrong."""

    http_method_names = ["post"]
    template_name = "events/event_report.html"

    def get_form(self, form_class: Any = None) -> ReportRecordForm:
        return ReportRecordForm(self.object, self.request.POST)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"checked": context["form"], "upload_form": ReportUploadForm()}

    def perform(self, form: ReportRecordForm) -> HttpResponse:
        minutes = form.minutes()
        record_report(event=self.object, minutes=minutes, by=signed_in(self.request))
        messages.success(self.request, f"Recorded for {len(minutes)}. Close the attendance to confirm who missed it.")
        return redirect(self.get_success_url())


class EventReportRemove(PersonPage, ActionView):
    def get_success_url(self) -> str:
        return reverse("event_report", args=[self.kwargs["public_id"]])

    def perform(self, form: Any) -> HttpResponse:
        record_report(event=self.object, minutes={}, by=signed_in(self.request))
        messages.success(self.request, "The report is no longer recorded.")
        return redirect(self.get_success_url())
