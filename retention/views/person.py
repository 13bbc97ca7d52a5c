"""A person's own requests: asked for in a minute, followed on a page, downloaded after proving who they are."""

from django.contrib import messages
from django.core.files.storage import storages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access.permissions import StudentPage, signed_in
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now, local_day
from retention.exports.sealed_files import unseal
from retention.forms import RequestForm, RequestMessageForm
from retention.models import Package, RightsRequest
from retention.operations import requests
from retention.operations.copies import record_download
from retention.selectors.request_page import follow_page, package_of_link
from retention.views.permissions import FreshStudentPage


class RightsRequestList(StudentPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        mine = RightsRequest.objects.filter(person=signed_in(request)).order_by("-pk")
        return render(request, "retention/rights_request_list.html", {"requests": mine})


class RightsRequestCreate(StudentPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        form = RequestForm(initial={"kind": request.GET.get("kind", "")})
        return render(request, "retention/rights_request_create.html", {"form": form})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RequestForm(request.POST)
        if not form.is_valid():
            return render(request, "retention/rights_request_create.html", {"form": form}, status=422)
        person = signed_in(request)
        try:
            made = requests.ask(person=person, by=person, **form.cleaned_data)
        except Refused as refused:
            context = {"form": form, "refused": refused}
            return render(request, "retention/rights_request_create.html", context, status=refused.status)
        messages.success(request, "We have your request.")
        return redirect("rights_request_follow", made.public_id)


def own_request(request: HttpRequest, public_id: str) -> RightsRequest:
    found: RightsRequest = get_object_or_404(RightsRequest, person=signed_in(request), public_id=public_id)
    return found


class RightsRequestFollow(StudentPage):
    """What was asked, by when it is answered, what has happened since; and a word of theirs to it."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return self.page(request, public_id, RequestMessageForm())

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        form = RequestMessageForm(request.POST)
        if not form.is_valid():
            return self.page(request, public_id, form, 422)
        try:
            requests.answer_back(
                request=own_request(request, public_id), by=signed_in(request), **form.cleaned_data
            )  # fmt: skip
        except Refused as refused:
            return self.page(request, public_id, form, refused.status, refused=refused)
        messages.success(request, "Added to your request.")
        return redirect("rights_request_follow", public_id)

    def page(
        self, request: HttpRequest, public_id: str, form: RequestMessageForm, status: int = 200, **more: object
    ) -> HttpResponse:
        page = follow_page(own_request(request, public_id), local_day(database_now()))
        context = {"page": page, "form": form, **more}
        return render(request, "retention/rights_request_follow.html", context, status=status)


class RightsRequestWithdraw(StudentPage):
    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        try:
            requests.withdraw(request=own_request(request, public_id), by=signed_in(request))
        except Refused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, "Your request is withdrawn.")
        return redirect("rights_request_follow", public_id)


class CopyDownload(FreshStudentPage):
    """The link alone is not enough: whoever follows it proves that they are whose copy it is."""

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        package = package_of_link(token, signed_in(request), local_day(database_now()))
        if package is None:
            raise Http404
        record_download(package=package, by=signed_in(request))
        return _streamed(package)


def _streamed(package: Package) -> StreamingHttpResponse:
    file = storages["retention"].open(package.name)
    response = StreamingHttpResponse(unseal(file, package.salt), content_type="application/zip")
    response._resource_closers.append(file.close)  # type: ignore[attr-defined]  # Django's own way to close with it
    response["Content-Disposition"] = 'attachment; filename="my-careers-data.zip"'
    response["Content-Length"] = str(package.size)
    response["Cache-Control"] = "no-store"
    return response
