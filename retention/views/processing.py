"""The record of processing, and the institution's own words in the privacy notice, for information governance."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access.permissions import GovernancePage, signed_in
from accounts.rules.policy import policy_in_force
from foundation.values.csv_files import csv_file
from foundation.values.times import database_now, local_day
from foundation.web.operation_view import FieldOperationView
from retention.forms import NoticeWordsForm
from retention.operations.notice_words import KEYS, change_notice_words
from retention.selectors.overview import tabs
from retention.selectors.record_of_processing import LINE_HEADS, PROCESSOR_HEADS, record_of_processing, record_rows


class ProcessingList(GovernancePage):
    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "tabs": tabs("processing_list"),
            "record": record_of_processing(policy_in_force()),
            "line_heads": LINE_HEADS,
            "processor_heads": PROCESSOR_HEADS,
        }
        return render(request, "retention/processing_list.html", context)


class ProcessingDownload(GovernancePage):
    def get(self, request: HttpRequest) -> HttpResponse:
        rows = record_rows(record_of_processing(policy_in_force()))
        response = HttpResponse(csv_file(rows), content_type="text/csv; charset=utf-8")
        day = local_day(database_now())
        response["Content-Disposition"] = f'attachment; filename="record-of-processing-{day}.csv"'
        return response


class NoticeWordsEdit(GovernancePage, FieldOperationView):
    template_name = "retention/notice_words_edit.html"
    form_class = NoticeWordsForm

    def get_initial(self) -> dict[str, Any]:
        """The words in force, or those that begin later."""
        tomorrow = local_day(database_now()) + timedelta(days=1)
        policy = policy_in_force(tomorrow)
        return {key: getattr(policy, key) for key in KEYS} | {"effective_from": tomorrow}

    def perform(self, form: NoticeWordsForm) -> HttpResponse:
        words = {key: form.cleaned_data[key] for key in KEYS}
        day = form.cleaned_data["effective_from"]
        changed = change_notice_words(words=words, effective_from=day, by=signed_in(self.request))
        messages.success(self.request, "Saved." if changed else "No changes to save.")
        return redirect("processing_list")
