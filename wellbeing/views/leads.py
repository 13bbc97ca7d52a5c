from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access.permissions import signed_in
from foundation.outcomes.refusals import Refused
from wellbeing.forms import ConcernReasonForm, DisclosureForm, StepForm
from wellbeing.models import Concern, Disclosure
from wellbeing.operations.follow_concern import close_concern, disclose, read_concern, reopen_concern, take_step
from wellbeing.selectors.concerns import concern_page, concerns_listed
from wellbeing.views.permissions import LeadPage

PER_PAGE = 25


class ConcernList(LeadPage):
    """Daily: what is due, by its next date."""

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


def shown(request: HttpRequest, concern: Concern, status: int = 200, **more: Any) -> HttpResponse:
    """Recorded before it is shown."""
    by = signed_in(request)
    read_concern(concern=concern, by=by)
    context = {
        "page": concern_page(concern, by),
        "step_form": StepForm(initial={"next_on": timezone.localdate() + timedelta(days=7)}),
        "words_form": ConcernReasonForm(),
    }
    return render(request, "wellbeing/concern_detail.html", context | more, status=status)


class ConcernDetail(LeadPage):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return shown(request, concern_for(request, public_id))

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        concern, form = concern_for(request, public_id), StepForm(request.POST)
        if not form.is_valid():
            return shown(request, concern, 422, step_form=form, invalid=form)
        try:
            take_step(concern=concern, by=signed_in(request), **form.cleaned_data)
        except Refused as refused:
            return shown(request, concern, refused.status, step_form=form, refused=refused)
        messages.success(request, "It is in the log.")
        return redirect("concern_detail", public_id)


class ConcernChange(LeadPage):
    """Closed, or opened again, with why."""

    change: Callable[..., object]
    done = ""

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        concern, form = concern_for(request, public_id), ConcernReasonForm(request.POST)
        if not form.is_valid():
            return shown(request, concern, 422, words_form=form, invalid=form)
        try:
            type(self).change(concern=concern, by=signed_in(request), **form.cleaned_data)
        except Refused as refused:
            return shown(request, concern, refused.status, words_form=form, refused=refused)
        messages.success(request, self.done)
        return redirect("concern_detail", public_id)


class ConcernClose(ConcernChange):
    change, done = close_concern, "The concern is closed."


class ConcernReopen(ConcernChange):
    change, done = reopen_concern, "The concern is open again."


class DisclosureCreate(LeadPage):
    """The least that is needed, to whom, and why; whether the student is told."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return self.page(request, concern_for(request, public_id), DisclosureForm())

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        concern = concern_for(request, public_id)
        form = DisclosureForm(request.POST, instance=Disclosure(concern=concern))
        if not form.is_valid():
            return self.page(request, concern, form, 422)
        try:
            disclose(disclosure=form.instance, by=signed_in(request))
        except Refused as refused:
            return self.page(request, concern, form, refused.status, refused=refused)
        messages.success(request, "The disclosure is recorded.")
        return redirect("concern_detail", public_id)

    def page(
        self, request: HttpRequest, concern: Concern, form: forms.ModelForm, status: int = 200, **more: Any
    ) -> HttpResponse:
        read_concern(concern=concern, by=signed_in(request))
        context = {"concern": concern, "form": form} | more
        return render(request, "wellbeing/disclosure_create.html", context, status=status)
