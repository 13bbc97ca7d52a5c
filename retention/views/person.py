"""A person's own requests: making one, following it, and downloading a copy after signing in again."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.storage import storages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access.permissions import StudentPage, signed_in
from foundation.values.times import database_now, local_day
from foundation.web.operation_view import ActionView, OperationView
from retention.exports.sealed_files import unseal
from retention.forms import OwnRequestForm, RequestMessageForm
from retention.models import Package, RightsRequest
from retention.operations import requests
from retention.operations.copies import record_download
from retention.selectors.request_page import follow_page, package_of_link
from retention.views.permissions import FreshStudentPage


class RightsRequestList(StudentPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        mine = RightsRequest.objects.filter(person=signed_in(request)).order_by("-pk")
        return render(request, "retention/rights_request_list.html", {"requests": mine})


class RightsRequestCreate(StudentPage, OperationView):
    """A request to delete data is sent from a second page, which says what deleting does."""

    template_name = "retention/rights_request_create.html"
    form_class = OwnRequestForm

    def get_initial(self) -> dict[str, Any]:
        return {"kind": self.request.GET.get("kind", "")}

    def perform(self, form: OwnRequestForm) -> HttpResponse:
        if form.must_be_sure:
            self.template_name = "retention/rights_request_sure.html"
            return self.render_form(form, 200)
        person = signed_in(self.request)
        made = requests.ask(person=person, by=person, once=self.once, **form.asked)
        messages.success(self.request, "Request sent.")
        return redirect("rights_request_follow", made.public_id)


class OwnRequest(StudentPage, OperationView):
    def beside(self) -> dict[str, forms.BaseForm]:
        return {"message_form": RequestMessageForm()}

    def get_object(self) -> RightsRequest:
        mine = RightsRequest.objects.filter(person=signed_in(self.request))
        found: RightsRequest = get_object_or_404(mine, public_id=self.kwargs["public_id"])
        return found

    def get_success_url(self) -> str:
        return reverse("rights_request_follow", args=[self.kwargs["public_id"]])


class RightsRequestFollow(OwnRequest):
    """What was requested, the deadline and the history; the person can add a message."""

    template_name = "retention/rights_request_follow.html"
    form_class, form_name = RequestMessageForm, "message_form"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = follow_page(self.object, local_day(database_now()))
        return super().get_context_data(**kwargs) | {"page": page}

    def perform(self, form: RequestMessageForm) -> HttpResponse:
        requests.answer_back(request=self.object, by=signed_in(self.request), once=self.once, **form.cleaned_data)
        messages.success(self.request, "Added to your request.")
        return redirect(self.get_success_url())


class RightsRequestWithdraw(OwnRequest, ActionView):
    def perform(self, form: forms.Form) -> HttpResponse:
        requests.withdraw(request=self.object, by=signed_in(self.request))
        messages.success(self.request, "Request withdrawn.")
        return redirect(self.get_success_url())


class CopyDownload(FreshStudentPage):
    """The link is not enough: the person must be signed in, recently, as the copy's owner."""

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        package = package_of_link(token, signed_in(request), local_day(database_now()))
        if package is None:
            raise Http404
        record_download(package=package, by=signed_in(request))
        return _streamed(package)


def _streamed(package: Package) -> StreamingHttpResponse:
    file = storages["retention"].open(package.name)
    response = StreamingHttpResponse(unseal(file, package.salt), content_type="application/zip")
    response._resource_closers.append(file.close)  # type: ignore[attr-defined]  # Django's way to close a file with the response
    response["Content-Disposition"] = 'attachment; filename="my-careers-data.zip"'
    response["Content-Length"] = str(package.size)
    response["Cache-Control"] = "no-store"
    return response
