from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access.permissions import signed_in
from foundation.web.operation_view import OperationView
from wellbeing.forms import ConcernReasonForm, DisclosureForm, StepForm
from wellbeing.models import Concern, Disclosure
from wellbeing.operations.follow_concern import close_concern, disclose, read_concern, reopen_concern, take_step
from wellbeing.selectors.concerns import concern_page, concerns_listed
from wellbeing.views.permissions import LeadPage

PER_PAGE = 25


class ConcernList(LeadPage):
    """Open concerns by next date, for daily use."""

    def get(self, request: HttpRequest) -> HttpResponse:
        closed, here = request.GET.get("show") == "closed", reverse("concern_list")
        tabs = [
            {"label": "By next date", "url": here, "current": not closed},
            {"label": "Closed", "url": f"{here}?show=closed", "current": closed},
        ]
        page = Paginator(concerns_listed(signed_in(request), closed), PER_PAGE).get_page(request.GET.get("page"))
        context = {"page": page, "tabs": tabs, "closed": closed, "today": timezone.localdate()}
        return render(request, "wellbeing/concern_list.html", context)


def concern_for(request: HttpRequest, public_id: str) -> Concern:
    seen = Concern.objects.visible_to(signed_in(request)).select_related("student", "raised_by")
    found: Concern = get_object_or_404(seen, public_id=public_id)
    return found


def in_a_week() -> dict[str, Any]:
    return {"next_on": timezone.localdate() + timedelta(days=7)}


class ConcernView(LeadPage, OperationView):
    """The concern with all its forms. The reading is recorded before the page is shown."""

    template_name = "wellbeing/concern_detail.html"
    context_object_name = "concern"

    def beside(self) -> dict[str, BaseForm]:
        return {"step_form": StepForm(initial=in_a_week()), "words_form": ConcernReasonForm()}

    def get_object(self) -> Concern:
        return concern_for(self.request, self.kwargs["public_id"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        by = signed_in(self.request)
        read_concern(concern=self.object, by=by)
        return {"page": concern_page(self.object, by)} | super().get_context_data(**kwargs)


class ConcernDetail(ConcernView):
    form_class, form_name = StepForm, "step_form"

    def get_initial(self) -> dict[str, Any]:
        return in_a_week()

    def perform(self, form: StepForm) -> HttpResponse:
        take_step(concern=self.object, by=signed_in(self.request), once=self.once, **form.cleaned_data)
        messages.success(self.request, "Added to the log.")
        return redirect("concern_detail", self.object.public_id)


class ConcernChange(ConcernView):
    """Closes or reopens the concern, with a reason."""

    http_method_names = ["post"]
    form_class, form_name = ConcernReasonForm, "words_form"
    change: ClassVar[Callable[..., object]]
    done = ""

    def perform(self, form: ConcernReasonForm) -> HttpResponse:
        type(self).change(concern=self.object, by=signed_in(self.request), words=form.cleaned_data["reason"])
        messages.success(self.request, self.done)
        return redirect("concern_detail", self.object.public_id)


class ConcernClose(ConcernChange):
    change, done = close_concern, "The concern is closed."


class ConcernReopen(ConcernChange):
    change, done = reopen_concern, "The concern is open again."


class DisclosureCreate(LeadPage, OperationView):
    """Records a disclosure: the minimum needed, to whom, why, and whether the student is told."""

    template_name = "wellbeing/disclosure_create.html"
    form_class, context_object_name = DisclosureForm, "concern"

    def get_object(self) -> Concern:
        return concern_for(self.request, self.kwargs["public_id"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": Disclosure(concern=self.object)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        read_concern(concern=self.object, by=signed_in(self.request))
        return super().get_context_data(**kwargs)

    def perform(self, form: DisclosureForm) -> HttpResponse:
        disclose(disclosure=form.instance, by=signed_in(self.request), once=self.once)
        messages.success(self.request, "Disclosure recorded.")
        return redirect("concern_detail", self.object.public_id)
