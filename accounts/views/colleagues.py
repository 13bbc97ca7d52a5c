"""Staff accounts: who has one, and the invitation with which somebody starts."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access.permissions import AdministratorPage, RecentAuthenticationRequired, signed_in
from accounts.forms import ColleagueForm
from accounts.models import User
from accounts.operations.add_colleague import NewColleague, add_colleague
from accounts.operations.invite import accept_invitation, invite, read_invitation
from accounts.rules.policy import policy_in_force
from accounts.selectors.colleagues import colleague_row, colleagues_for
from accounts.selectors.keep_access import must_use_sign_on
from accounts.sign_in.invitations import FirstPasswordForm, sign_in_invited
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now, local_day
from foundation.web.operation_view import ActionView, FieldOperationView, OperationView

PER_PAGE = 50


class ColleagueList(AdministratorPage):
    """Everybody with a staff role, those who have not joined first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(colleagues_for(signed_in(request)), PER_PAGE).get_page(request.GET.get("page"))
        now, days = database_now(), policy_in_force().invitation_days
        rows = [colleague_row(person, now, days) for person in page]
        return render(request, "accounts/colleague_list.html", {"rows": rows, "page": page, "days": days})


class ColleagueCreate(RecentAuthenticationRequired, AdministratorPage, FieldOperationView):
    template_name = "accounts/colleague_create.html"
    form_class = ColleagueForm

    def perform(self, form: ColleagueForm) -> HttpResponse:
        person = add_colleague(colleague=NewColleague(**form.cleaned_data), by=signed_in(self.request), once=self.once)
        messages.success(self.request, f"Invitation sent to {person.email}.")
        return redirect("colleague_list")


class OfColleague(RecentAuthenticationRequired, AdministratorPage):
    kwargs: dict[str, Any]

    def get_object(self) -> User:
        seen = User.objects.colleagues(signed_in(self.request))
        found: User = get_object_or_404(seen, public_id=self.kwargs["public_id"])
        return found


class ColleagueInvite(OfColleague, ActionView):
    """Sends a new link; the earlier one stops working."""

    def get_success_url(self) -> str:
        return reverse("colleague_list")

    def perform(self, form: Any) -> HttpResponse:
        invite(person=self.object, by=signed_in(self.request))
        messages.success(self.request, f"New invitation sent to {self.object.email}.")
        return redirect(self.get_success_url())


class InvitationAccept(OperationView):
    """The page behind the emailed link. GET changes nothing, because mail programs open links too."""

    http_method_names = ["get", "head", "post"]
    template_name = "accounts/invitation_accept.html"
    form_class = FirstPasswordForm
    context_object_name = "person"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Refused as refused:
            return render(request, self.template_name, {"refusal": refused}, status=refused.status)

    def get_object(self) -> User:
        return read_invitation(self.kwargs["token"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        by_sign_on = must_use_sign_on(self.object, local_day(database_now()))
        return super().get_context_data(**kwargs) | {"by_sign_on": by_sign_on}

    def perform(self, form: FirstPasswordForm) -> HttpResponse:
        person = accept_invitation(token=self.kwargs["token"], password=form.cleaned_data["password1"])
        return sign_in_invited(self.request, person)
