from collections.abc import Callable
from typing import ClassVar

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access.permissions import GovernancePage, signed_in
from foundation.outcomes.refusals import Refused
from foundation.values.public_ids import id_in
from foundation.values.times import database_now, local_day
from retention.forms import ExtendHoldForm, FindForm, LegalHoldForm, LiftHoldForm
from retention.models import LegalHold
from retention.operations.legal_holds import extend_legal_hold, lift_legal_hold, place_legal_hold
from retention.schedule.register import BY_KEY
from retention.selectors.overview import tabs
from retention.views.permissions import GovernanceAction
from security.selectors.people import found_people, people_for

PER_PAGE = 25


class LegalHoldList(GovernancePage):
    """Those in force, what ends first on top; and those that are over."""

    def get(self, request: HttpRequest) -> HttpResponse:
        today = local_day(database_now())
        seen = LegalHold.objects.visible_to(request.user).select_related("person", "owner")
        over = seen.exclude(pk__in=LegalHold.objects.in_force(today).values("pk")).order_by("-expires_on")
        context = {
            "tabs": tabs("legal_hold_list"),
            "holds": seen.in_force(today),
            "page": Paginator(over, PER_PAGE).get_page(request.GET.get("page")),
        }
        return render(request, "retention/legal_hold_list.html", context)


class LegalHoldCreate(GovernanceAction):
    """First whose, then what and until when."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, LegalHoldForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LegalHoldForm(request.POST)
        person = get_object_or_404(people_for(request.user), public_id=id_in(request.POST.get("person", "")))
        if not form.is_valid():
            return self.page(request, form, 422)
        try:
            hold = place_legal_hold(person=person, by=signed_in(request), **form.cleaned_data)
        except Refused as refused:
            return self.page(request, form, refused.status, refused=refused)
        messages.success(request, f"It is kept until {hold.expires_on:%d %B %Y}. You are reminded before that day.")
        return redirect("legal_hold_detail", hold.public_id)

    def page(self, request: HttpRequest, form: LegalHoldForm, status: int = 200, **more: object) -> HttpResponse:
        context = {"form": form, **person_chosen(request), **more}
        return render(request, "retention/legal_hold_create.html", context, status=status)


def person_chosen(request: HttpRequest) -> dict[str, object]:
    """Whom it is about, or whom the search has found."""
    chosen = id_in(request.POST.get("person") or request.GET.get("person", ""))
    if chosen:
        return {"person": get_object_or_404(people_for(request.user), public_id=chosen)}
    who_form = FindForm(request.GET if "who" in request.GET else None)
    asked = who_form.cleaned_data["who"] if who_form.is_bound and who_form.is_valid() else ""
    return {"person": None, "who_form": who_form, "found": found_people(asked, request.user)}


def hold_for(request: HttpRequest, public_id: str) -> LegalHold:
    seen = LegalHold.objects.visible_to(request.user).select_related("person", "owner", "placed_by", "lifted_by")
    found: LegalHold = get_object_or_404(seen, public_id=public_id)
    return found


def shown(request: HttpRequest, hold: LegalHold, status: int = 200, **more: object) -> HttpResponse:
    context = {
        "hold": hold,
        "in_force": hold.is_in_force(local_day(database_now())),
        "classes": [BY_KEY[key].name for key in hold.classes if key in BY_KEY],
        "extend_form": ExtendHoldForm(),
        "lift_form": LiftHoldForm(),
        **more,
    }
    return render(request, "retention/legal_hold_detail.html", context, status=status)


class LegalHoldDetail(GovernancePage):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return shown(request, hold_for(request, public_id))


class HoldAction(GovernanceAction):
    name: str
    form_class: type[forms.Form]
    operation: ClassVar[Callable[..., object]]
    done: str

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        hold, form = hold_for(request, public_id), self.form_class(request.POST)
        if not form.is_valid():
            return shown(request, hold, 422, invalid=form, **{self.name: form})
        try:
            type(self).operation(hold=hold, by=signed_in(request), **form.cleaned_data)
        except Refused as refused:
            return shown(request, hold_for(request, public_id), refused.status, refused=refused, **{self.name: form})
        messages.success(request, self.done)
        return redirect("legal_hold_detail", public_id)


class LegalHoldExtend(HoldAction):
    name, form_class, operation = "extend_form", ExtendHoldForm, extend_legal_hold
    done = "It is kept until the new day, and the hold is yours."


class LegalHoldLift(HoldAction):
    name, form_class, operation = "lift_form", LiftHoldForm, lift_legal_hold
    done = "The hold has ended. What is past its day goes tonight."
