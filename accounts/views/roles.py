"""Roles of staff: who has which, giving and taking them away, and what waits for a second person."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access.permissions import (
    GovernancePage,
    RecentAuthenticationRequired,
    RolePage,
    signed_in,
)
from accounts.forms import GiveRoleForm
from accounts.models import GUARDED, Proposal, Role
from accounts.operations.review_roles import review_roles
from accounts.operations.roles import give_role, take_role
from accounts.operations.two_people import confirm_proposal, end_proposal
from accounts.rules.policy import policy_in_force
from accounts.selectors.roles import held_roles, role_review, seal_of_roles
from accounts.selectors.two_people import proposal_page, proposal_row, proposals_for
from accounts.views.colleagues import OfColleague
from foundation.values.times import database_now, local_day
from foundation.web.operation_view import ActionView, FieldOperationView, OperationView

PER_PAGE = 25


class GuardedRolePage(RolePage):
    """For everybody who can be the second person in something."""

    roles = frozenset(GUARDED)


class RoleList(RolePage):
    """Who has which role, since when and given by whom."""

    roles = frozenset({Role.ADMINISTRATOR, Role.INFORMATION_GOVERNANCE})

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = held_roles()
        review = role_review(local_day(database_now()), policy_in_force().role_review_months)
        context = {"rows": rows, "seal": seal_of_roles(rows), "review": review}
        return render(request, "accounts/role_list.html", context)


class RoleReviewCreate(RecentAuthenticationRequired, GovernancePage, ActionView):
    def get_success_url(self) -> str:
        return reverse("role_list")

    def perform(self, form: Any) -> HttpResponse:
        review_roles(seen=self.request.POST.get("seal", ""), by=signed_in(self.request))
        messages.success(self.request, "Review recorded.")
        return redirect("role_list")


class ColleagueRoles(OfColleague, FieldOperationView):
    template_name = "accounts/colleague_roles.html"
    form_class = GiveRoleForm
    context_object_name = "person"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"person": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        held = [(role, str(Role(role).label).capitalize()) for role in self.object.roles]
        return super().get_context_data(**kwargs) | {"held": held}

    def perform(self, form: GiveRoleForm) -> HttpResponse:
        asked = give_role(person=self.object, role=form.cleaned_data["role"], by=signed_in(self.request))
        messages.success(self.request, "We told the people who can confirm it." if asked else "Role given.")
        return redirect("colleague_roles", self.object.public_id)


class ColleagueRoleTake(OfColleague, ActionView):
    def get_success_url(self) -> str:
        return reverse("colleague_roles", args=[self.kwargs["public_id"]])

    def perform(self, form: Any) -> HttpResponse:
        take_role(person=self.object, role=self.request.POST.get("role", ""), by=signed_in(self.request))
        messages.success(self.request, "Role taken away.")
        return redirect("colleague_list")


class ProposalList(GuardedRolePage):
    """What waits for a second person, and what has been decided."""

    def get(self, request: HttpRequest) -> HttpResponse:
        now, seen = database_now(), proposals_for(signed_in(request))
        waiting = seen.waiting(now)
        page = Paginator(seen.exclude(pk__in=waiting.order_by().values("pk")), PER_PAGE).get_page(
            request.GET.get("page")
        )
        context = {"waiting": [proposal_row(each, now) for each in waiting], "page": page,
                   "over": [proposal_row(each, now) for each in page]}  # fmt: skip
        return render(request, "accounts/proposal_list.html", context)


class ProposalDetail(GuardedRolePage, OperationView):
    template_name = "accounts/proposal_detail.html"
    context_object_name = "proposal"
    http_method_names = ["get", "head"]

    def get_object(self) -> Proposal:
        return get_object_or_404(proposals_for(signed_in(self.request)), public_id=self.kwargs["public_id"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = proposal_page(self.object, signed_in(self.request), database_now())
        return super().get_context_data(**kwargs) | {"shown": shown}


class ProposalConfirm(RecentAuthenticationRequired, ProposalDetail):
    http_method_names = ["post"]

    def perform(self, form: forms.Form) -> HttpResponse:
        confirm_proposal(proposal=self.object, by=signed_in(self.request))
        messages.success(self.request, "Confirmed.")
        return redirect("proposal_list")


class ProposalEnd(RecentAuthenticationRequired, ProposalDetail):
    """Withdraws or declines it."""

    http_method_names = ["post"]

    def perform(self, form: forms.Form) -> HttpResponse:
        state = end_proposal(proposal=self.object, by=signed_in(self.request))
        messages.success(self.request, f"{state.label}.")
        return redirect("proposal_list")
