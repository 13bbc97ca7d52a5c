from typing import Any

from django import forms
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from accounts.access.permissions import signed_in
from documents.models import DocumentVersion
from documents.operations.read import read_version
from foundation.web.headers import SANDBOX
from foundation.web.operation_view import ReadOperationView


class VersionDownload(LoginRequiredMixin, ReadOperationView):
    """Downloads a file for people who may read it. Browsers must save it and never render it on our origin."""

    template_name = "documents/version_refused.html"
    refused_title = "This document cannot be opened"

    def get_object(self) -> DocumentVersion:
        seen = DocumentVersion.objects.readable_by(signed_in(self.request)).select_related("document__owner", "file")
        wanted: dict[str, Any] = {"document__public_id": self.kwargs["public_id"], "number": self.kwargs["number"]}
        found: DocumentVersion = get_object_or_404(seen, **wanted)
        return found

    def perform(self, form: forms.Form) -> HttpResponseBase:
        version = self.object
        file, name = read_version(version=version, reader=signed_in(self.request)), version.document.name
        answer = FileResponse(
            file, as_attachment=True, filename=f"{name}.{version.format}", content_type=version.content_type
        )
        answer["Content-Length"] = str(version.size)
        answer["Content-Security-Policy"] = SANDBOX
        return answer
