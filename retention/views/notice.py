"""The public privacy notice and its earlier versions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.generic import View

from accounts.rules.policy import policy_in_force
from retention.models import NoticeVersion
from retention.selectors.notice import latest_version, privacy_notice


class Privacy(View):
    """The notice as in force today."""

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {"sections": privacy_notice(policy_in_force()), "version": latest_version()}
        return render(request, "retention/privacy.html", context)


class NoticeVersionList(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "retention/notice_version_list.html", {"versions": NoticeVersion.objects.all()})


class NoticeVersionDetail(View):
    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        version = get_object_or_404(NoticeVersion, number=number)
        return render(request, "retention/notice_version_detail.html", {"version": version})
