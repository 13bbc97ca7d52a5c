from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access.permissions import GovernancePage, signed_in
from foundation.values.counted import counted
from foundation.values.times import database_now, local_day, plain_day
from foundation.web.operation_view import OperationView
from retention.forms import ExtendHoldForm, LegalHoldForm, LiftHoldForm, LiftHoldsForm, SeveralHoldsForm
from retention.models import LegalHold
from retention.models.legal_hold import LegalHoldQuerySet
from retention.operations.legal_holds import (
    ask_to_lift,
    ask_to_lift_holds,
    extend_legal_hold,
    place_legal_hold,
    place_legal_holds,
)
from retention.schedule.register import BY_KEY
from retention.selectors.holds import lifting_of
from retention.selectors.overview import tabs
from retention.selectors.several_people import effect_of_holds, people_of_lines
from retention.views.choose_person import AboutPerson
from retention.views.permissions import GovernanceAction
from security.selectors.people import people_for

PER_PAGE = 25


class LegalHoldList(GovernancePage):
    """Holds in force, the earliest end first, and holds that have ended."""

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


class LegalHoldCreate(AboutPerson):
    template_name = "retention/legal_hold_create.html"
    form_class = LegalHoldForm

    def perform(self, form: LegalHoldForm) -> HttpResponse:
        hold = place_legal_hold(person=self.object, by=signed_in(self.request), once=self.once, **form.cleaned_data)
        messages.success(self.request, f"Legal hold placed until {plain_day(hold.expires_on)}. We’ll remind you.")
        return redirect("legal_hold_detail", hold.public_id)


class LegalHoldsCreate(GovernanceAction, OperationView):
    """Shows first whom the lines name and what holds do; the second time, places a hold on each of these people."""

    template_name = "retention/legal_holds_create.html"
    form_class = SeveralHoldsForm

    def perform(self, form: SeveralHoldsForm) -> HttpResponse:
        by, said = signed_in(self.request), form.cleaned_data
        if not said["people"]:
            found = people_of_lines(form.lines, by)
            effect = effect_of_holds(found.people, said["expires_on"], local_day(database_now()))
            return self.render_form(form, 200, found=found, effect=effect)
        people = list(people_for(by).filter(public_id__in=said["people"].split(",")))
        hold = {name: said[name] for name in ("classes", "reason", "expires_on")}
        number = place_legal_holds(people=people, by=by, once=self.once, **hold)
        messages.success(self.request, f"{counted(number, 'legal hold')} placed. We’ll remind you.")
        return redirect("legal_hold_list")


class LegalHoldsLift(GovernanceAction, OperationView):
    template_name = "retention/legal_holds_lift.html"
    form_class = LiftHoldsForm

    @property
    def holds(self) -> LegalHoldQuerySet:
        seen = LegalHold.objects.visible_to(self.request.user).select_related("person")
        found: LegalHoldQuerySet = seen.in_force(local_day(database_now()))
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        shown = [
            (each.public_id, f"{each.person.name}, until {plain_day(each.expires_on)}: {each.reason}")
            for each in self.holds
        ]
        return {**super().get_form_kwargs(), "holds": shown}

    def perform(self, form: LiftHoldsForm) -> HttpResponse:
        holds = list(self.holds.filter(public_id__in=form.cleaned_data["holds"]))
        ask_to_lift_holds(holds=holds, because=form.cleaned_data["because"], by=signed_in(self.request))
        messages.success(self.request, "We told the other officers. One of them must confirm it.")
        return redirect("proposal_list")


class HoldPage(GovernancePage, OperationView):
    template_name = "retention/legal_hold_detail.html"
    context_object_name = "hold"

    def get_object(self) -> LegalHold:
        seen = LegalHold.objects.visible_to(self.request.user)
        found: LegalHold = get_object_or_404(
            seen.select_related("person", "owner", "placed_by", "lifted_by"), public_id=self.kwargs["public_id"]
        )
        return found

    def beside(self) -> dict[str, forms.BaseForm]:
        return {"extend_form": ExtendHoldForm(), "lift_form": LiftHoldForm()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {
            "in_force": self.object.is_in_force(local_day(database_now())),
            "classes": [BY_KEY[key].name for key in self.object.classes if key in BY_KEY],
            "lifting": lifting_of(self.object, database_now()),
        }
        return context | super().get_context_data(**kwargs)


class LegalHoldDetail(HoldPage):
    http_method_names = ["get", "head"]


class HoldAction(GovernanceAction, HoldPage):
    http_method_names = ["post"]
    operation: ClassVar[Callable[..., object]]
    done: ClassVar[str]

    def perform(self, form: forms.Form) -> HttpResponse:
        type(self).operation(hold=self.object, by=signed_in(self.request), **form.cleaned_data)
        messages.success(self.request, self.done)
        return redirect("legal_hold_detail", self.object.public_id)


class LegalHoldExtend(HoldAction):
    form_name, form_class, operation = "extend_form", ExtendHoldForm, extend_legal_hold
    done = "It is kept until the new day, and the hold is yours."


class LegalHoldLift(HoldAction):
    form_name, form_class, operation = "lift_form", LiftHoldForm, ask_to_lift
    done = "We told the other officers. One of them must confirm it."
