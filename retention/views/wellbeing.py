"""A wellbeing lead says whether a concern goes into the copy that its student asked for; nobody else knows of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access.permissions import RecentAuthenticationRequired, signed_in
from foundation.outcomes.refusals import Refused
from retention.forms import PartForm
from retention.models import RightsRequest
from retention.operations.copies import decide_part
from retention.schedule.data_class import Reader
from retention.selectors.request_page import waiting_for_wellbeing
from retention.views.permissions import WellbeingPage

KEY = "wellbeing"


class RightsPartList(WellbeingPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        return shown(request)


def shown(request: HttpRequest, status: int = 200, **more: object) -> HttpResponse:
    waiting = [
        (each, more["form"] if more.get("about") == each.request.public_id else PartForm(about=each.request.public_id))
        for each in waiting_for_wellbeing(signed_in(request))
    ]
    context = {**more, "waiting": waiting}
    return render(request, "retention/rights_part_list.html", context, status=status)


class RightsPartDecide(RecentAuthenticationRequired, WellbeingPage):
    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        waiting = {each.request.pk for each in waiting_for_wellbeing(signed_in(request))}
        asked = get_object_or_404(RightsRequest.objects.filter(pk__in=waiting), public_id=public_id)
        form = PartForm(request.POST, about=public_id)
        if not form.is_valid():
            return shown(request, 422, invalid=form, form=form, about=public_id)
        said = form.cleaned_data
        try:
            decide_part(
                request=asked, key=KEY, included=said["included"] == "yes", because=said["because"],
                by=signed_in(request), reader=Reader.WELLBEING,
            )  # fmt: skip
        except Refused as refused:
            return shown(request, refused.status, refused=refused, form=form, about=public_id)
        messages.success(request, "Decided. Information governance goes on with the copy.")
        return redirect("rights_part_list")
