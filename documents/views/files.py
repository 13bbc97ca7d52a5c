from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.generic import View

from accounts.access.permissions import signed_in
from documents.models import DocumentVersion
from documents.operations.read import read_version
from foundation.outcomes.refusals import Refused
from foundation.web.headers import SANDBOX


class VersionDownload(LoginRequiredMixin, View):
    """The file, for those who may read it: always to be saved, never to be shown by the browser under our address."""

    def get(self, request: HttpRequest, public_id: str, number: int) -> HttpResponseBase:
        readable = DocumentVersion.objects.readable_by(signed_in(request)).select_related("document__owner", "file")
        version = get_object_or_404(readable, document__public_id=public_id, number=number)
        try:
            file = read_version(version=version, reader=signed_in(request))
        except Refused as refused:
            return render(request, "documents/version_refused.html", {"refused": refused}, status=refused.status)
        name = f"{version.document.name}.{version.format}"
        answer = FileResponse(file, as_attachment=True, filename=name, content_type=version.content_type)
        answer["Content-Length"] = str(version.size)
        answer["Content-Security-Policy"] = SANDBOX
        return answer
