from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.models import Enrolment, User
from accounts.sign_in.typed_words import keep_for_page
from foundation.values.public_ids import id_in
from foundation.values.times import database_now
from foundation.web.operation_view import OperationView
from security.forms import (
    BreachForm,
    CaseCloseForm,
    CaseForm,
    CaseNoteForm,
    NotifiedForm,
    NotNeededForm,
    OutcomeForm,
    ProposeForm,
    ReinstateForm,
    WhoForm,
)
from security.models import Lead, SecurityCase
from security.operations import breaches, case_steps, end_suspension
from security.operations.open_case import open_case
from security.rules.treatment import treatment_of
from security.selectors.case_page import case_page
from security.selectors.people import found_people, people_for
from security.views.permissions import OfficerPage, SecurityAction
from security.views.register import lead_for

FORMS: dict[str, type[forms.Form]] = {
    "note_form": CaseNoteForm,
    "outcome_form": OutcomeForm,
    "close_form": CaseCloseForm,
    "reinstate_form": ReinstateForm,
    "propose_form": ProposeForm,
    "breach_form": BreachForm,
    "notified_form": NotifiedForm,
    "not_needed_form": NotNeededForm,
}


def case_for(request: HttpRequest, public_id: str) -> SecurityCase:
    seen = SecurityCase.objects.visible_to(request.user).select_related(
        "person", "opened_by", "closed_by", "termination_proposed_by", "lead"
    )
    found: SecurityCase = get_object_or_404(seen, public_id=public_id)
    return found


class CaseView(OfficerPage, OperationView):
    """The case with all its forms. An invalid form is shown again on this page with its errors."""

    template_name = "security/case_detail.html"
    context_object_name = "case"

    def get_object(self) -> SecurityCase:
        return case_for(self.request, self.kwargs["public_id"])

    def beside(self) -> dict[str, forms.BaseForm]:
        return {name: form(prefix=name) for name, form in FORMS.items()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {"page": case_page(self.object, database_now()), **super().get_context_data(**kwargs)}


class CaseCreate(SecurityAction, OperationView):
    """First asks whom the case is about, then what is suspected. The page says what opening the case will do."""

    template_name = "security/case_create.html"
    form_class, context_object_name = CaseForm, "person"
    refused_title = "The case was not opened"
    lead: Lead | None = None

    def get(self, request: HttpRequest) -> HttpResponse:
        self.lead = lead_wanted(request, request.GET.get("lead", ""))
        self.object = person_wanted(request, request.GET.get("person", ""), self.lead)
        return self.render_form(self.get_form(), 200) if self.object else self.search()

    def post(self, request: HttpRequest) -> HttpResponse:
        """“Somebody else” searches again, and keeps what was typed."""
        if "somebody_else" not in request.POST:
            return super().post(request)
        self.lead = lead_wanted(request, id_in(request.POST.get("lead", "")))
        keep_for_page(request, CaseCreate, request.path)
        return self.search()

    def search(self) -> HttpResponse:
        asked, lead = self.request.GET, self.lead
        form = WhoForm(asked if "who" in asked else None, initial={"who": lead.whose if lead else ""})
        found = found_people(form.cleaned_data["who"], self.request.user) if form.is_bound and form.is_valid() else []
        return self.render_to_response({"form": form, "who_form": form, "found": found, "lead": lead})

    def get_object(self) -> User:
        self.lead = lead_wanted(self.request, id_in(self.request.POST.get("lead", "")))
        whose = id_in(self.request.POST.get("person", ""))
        found: User = get_object_or_404(people_for(self.request.user), public_id=whose)
        return found

    def get_initial(self) -> dict[str, Any]:
        return {"summary": self.lead.happened if self.lead else ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        courses = list(Enrolment.objects.filter(student=self.object).select_related("programme__school"))
        treated_as = treatment_of(self.object.roles, [course.status for course in courses])
        context = {"lead": self.lead, "courses": courses, "treated_as": treated_as}
        return context | super().get_context_data(**kwargs)

    def perform(self, form: CaseForm) -> HttpResponse:
        case = open_case(person=self.object, lead=self.lead, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"Case about {self.object.name} opened.")
        return redirect("case_detail", case.public_id)


def lead_wanted(request: HttpRequest, public_id: str) -> Lead | None:
    return lead_for(request, public_id) if public_id else None


def person_wanted(request: HttpRequest, public_id: str, lead: Lead | None) -> User | None:
    if not public_id:
        return lead.person if lead else None
    found: User = get_object_or_404(people_for(request.user), public_id=public_id)
    return found


class CaseDetail(CaseView):
    http_method_names = ["get", "head"]


class CaseAction(SecurityAction, CaseView):
    """A view with one form and one operation that redirects to the case."""

    http_method_names = ["post"]
    operation: ClassVar[Callable[..., object]]
    done: ClassVar[str]
    makes = False
    """Does it add something that must not be added twice?"""

    def get_form_class(self) -> type[forms.Form]:
        return FORMS.get(self.form_name, forms.Form)

    def get_prefix(self) -> str:
        return self.form_name

    def perform(self, form: forms.Form) -> HttpResponse:
        key = {"once": self.once} if self.makes else {}
        type(self).operation(case=self.object, by=self.request.user, **form.cleaned_data, **key)
        messages.success(self.request, self.done)
        return redirect("case_detail", self.object.public_id)


class CaseInvestigate(CaseAction):
    operation, done = case_steps.investigate_case, "The case is being investigated."


class CaseNoteCreate(CaseAction):
    form_name, operation, done = "note_form", case_steps.note_on_case, "The note is in the log."
    makes = True


class OutcomeCreate(CaseAction):
    form_name, operation, done = "outcome_form", case_steps.record_outcome, "The outcome is recorded."
    makes = True


class CaseClose(CaseAction):
    form_name, operation, done = "close_form", case_steps.close_case, "The case is closed."


class CaseReinstate(CaseAction):
    form_name, operation = "reinstate_form", end_suspension.reinstate
    done = "The account is open again, and appointments that were held take place. The case is closed."


class TerminationPropose(CaseAction):
    form_name, operation = "propose_form", end_suspension.propose_termination
    done = "The termination is proposed. A second officer has to confirm it."


class TerminationWithdraw(CaseAction):
    operation, done = end_suspension.withdraw_termination, "The proposal is withdrawn."


class TerminationConfirm(CaseAction):
    operation, done = end_suspension.confirm_termination, "The account is terminated. The case is closed."


class BreachCreate(CaseAction):
    form_name, operation, done = "breach_form", breaches.mark_breach, "The 72-hour clock is running."


class BreachNotified(CaseAction):
    form_name, operation, done = "notified_form", breaches.record_notification, "The notification is recorded."


class BreachNotNeeded(CaseAction):
    form_name, operation, done = "not_needed_form", breaches.record_not_needed, "It is recorded why none is needed."
