"""A wellbeing lead decides whether a concern is part of the copy that its student requested.

Nobody else learns of it.
"""

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property

from accounts.access.permissions import RecentAuthenticationRequired, signed_in
from foundation.web.operation_view import OperationView
from retention.forms import PartForm
from retention.models import RightsRequest
from retention.operations.copies import decide_part
from retention.schedule.data_class import Reader
from retention.selectors.request_page import Waiting, waiting_for_wellbeing
from retention.views.permissions import WellbeingPage

KEY = "wellbeing"


class PartsPage(WellbeingPage, OperationView):
    """All undecided concerns, each with a form. An invalid form is shown again with its errors."""

    template_name = "retention/rights_part_list.html"

    @cached_property
    def waiting(self) -> list[Waiting]:
        return waiting_for_wellbeing(signed_in(self.request))

    def beside(self) -> dict[str, BaseForm]:
        return {key: PartForm(prefix=key) for key in (each.request.public_id for each in self.waiting)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"waiting": [(each, context[each.request.public_id]) for each in self.waiting]}


class RightsPartList(PartsPage):
    http_method_names = ["get", "head"]


class RightsPartDecide(RecentAuthenticationRequired, PartsPage):
    http_method_names = ["post"]
    form_class = PartForm
    asked: RightsRequest

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        self.form_name = self.prefix = public_id
        waiting = {each.request.pk for each in self.waiting}
        self.asked = get_object_or_404(RightsRequest.objects.filter(pk__in=waiting), public_id=public_id)
        return super().post(request)

    def perform(self, form: PartForm) -> HttpResponse:
        included, because = form.cleaned_data["included"] == "yes", form.cleaned_data["because"]
        decide_part(
            request=self.asked, key=KEY, included=included, because=because, by=signed_in(self.request),
            reader=Reader.WELLBEING,
        )  # fmt: skip
        messages.success(self.request, "Decision saved. Information governance will finish the copy.")
        return redirect("rights_part_list")
