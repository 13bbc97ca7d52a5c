"""An officer reads a copy part by part before its release, and blacks out words in it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property

from accounts.access.permissions import signed_in
from foundation.outcomes.refusals import Refused
from foundation.values.counted import counted
from foundation.web.operation_view import FieldOperationView
from retention.forms import BlackOutForm
from retention.models import RightsRequest
from retention.operations.copies import black_out
from retention.operations.read_texts import read_copy_part
from retention.selectors.copy import READINGS, Record
from retention.selectors.request_page import PartOfCopy, copy_part
from retention.views.permissions import GovernanceAction

PER_PAGE = 25


class CopyPartRead(GovernanceAction, FieldOperationView):
    """Reading is recorded. If the copy is not there to be read, the request’s page says why."""

    template_name = "retention/copy_part_read.html"
    form_class = BlackOutForm
    context_object_name = "asked"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        except Refused as refused:
            messages.error(request, refused.text, extra_tags=refused.code)
            return redirect("rights_request_detail", self.kwargs["public_id"])
        return answer

    def get_object(self) -> RightsRequest:
        seen = RightsRequest.objects.answered_by(self.request.user).select_related("person")
        found: RightsRequest = get_object_or_404(seen, public_id=self.kwargs["public_id"])
        return found

    @cached_property
    def part(self) -> PartOfCopy:
        part = copy_part(self.object, self.kwargs["key"])
        if part is None:
            raise Http404
        return part

    @cached_property
    def rows(self) -> list[tuple[str, Record]]:
        return read_copy_part(request=self.object, key=self.part.key, by=signed_in(self.request))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "names": self.part.names_in(self.rows)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(self.rows, PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {"part": self.part, "page": page, "readings": READINGS}

    def perform(self, form: BlackOutForm) -> HttpResponse:
        words = form.cleaned_data["all"]
        number = black_out(request=self.object, key=self.part.key, words=words, by=signed_in(self.request))
        messages.success(self.request, f"Blacked out in {counted(number, 'record')}. Rebuild the copy when you finish.")
        return redirect(f"{reverse('copy_part_read', args=[self.object.public_id, self.part.key])}?{self.query}")

    @property
    def query(self) -> str:
        page = self.request.GET.get("page", "")
        return f"page={page}" if page.isdecimal() and len(page) < 9 else ""
