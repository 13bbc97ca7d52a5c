from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access.permissions import GovernancePage, signed_in
from foundation.values.times import database_now, local_day, plain_day
from foundation.web.operation_view import OperationView
from retention.forms import ExtendHoldForm, LegalHoldForm, LiftHoldForm
from retention.models import LegalHold
from retention.operations.legal_holds import ask_to_lift, extend_legal_hold, place_legal_hold
from retention.schedule.register import BY_KEY
from retention.selectors.holds import lifting_of
from retention.selectors.overview import tabs
from retention.views.choose_person import AboutPerson
from retention.views.permissions import GovernanceAction

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
