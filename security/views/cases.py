from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.models import Enrolment, User
from foundation.outcomes.refusals import Refused
from foundation.values.public_ids import id_in
from foundation.values.times import database_now
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


def shown(request: HttpRequest, case: SecurityCase, status: int = 200, **more: Any) -> HttpResponse:
    """The case with everything that can be done to it; a form that was wrong comes back to it with its errors."""
    fresh = {name: form(prefix=name) for name, form in FORMS.items() if name not in more}
    context = {"case": case, "page": case_page(case, database_now()), **fresh, **more}
    return render(request, "security/case_detail.html", context, status=status)


class CaseCreate(SecurityAction):
    """First whom it is about, then what is suspected; what opening will do is said before it is done."""

    def get(self, request: HttpRequest) -> HttpResponse:
        lead = lead_wanted(request, request.GET.get("lead", ""))
        if person := person_wanted(request, request.GET.get("person", ""), lead):
            return self.page(request, person, lead, CaseForm(initial={"summary": lead.happened if lead else ""}))
        form = WhoForm(request.GET if "who" in request.GET else None, initial={"who": lead.whose if lead else ""})
        found = found_people(form.cleaned_data["who"], request.user) if form.is_bound and form.is_valid() else []
        context = {"who_form": form, "found": found, "lead": lead}
        return render(request, "security/case_create.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        lead = lead_wanted(request, id_in(request.POST.get("lead", "")))
        person = get_object_or_404(people_for(request.user), public_id=id_in(request.POST.get("person", "")))
        form = CaseForm(request.POST)
        if not form.is_valid():
            return self.page(request, person, lead, form, 422)
        try:
            case = open_case(person=person, lead=lead, by=request.user, **form.cleaned_data)
        except Refused as refused:
            return self.page(request, person, lead, form, refused.status, refused=refused)
        messages.success(request, f"The case about {person.name} is open.")
        return redirect("case_detail", case.public_id)

    def page(
        self, request: HttpRequest, person: User, lead: Lead | None, form: forms.Form, status: int = 200, **more: Any
    ) -> HttpResponse:
        courses = list(Enrolment.objects.filter(student=person).select_related("programme__school"))
        treated_as = treatment_of(person.roles, [course.status for course in courses])
        context = {"person": person, "lead": lead, "form": form, "courses": courses, "treated_as": treated_as}
        return render(request, "security/case_create.html", context | more, status=status)


def lead_wanted(request: HttpRequest, public_id: str) -> Lead | None:
    return lead_for(request, public_id) if public_id else None


def person_wanted(request: HttpRequest, public_id: str, lead: Lead | None) -> User | None:
    if not public_id:
        return lead.person if lead else None
    found: User = get_object_or_404(people_for(request.user), public_id=public_id)
    return found


class CaseDetail(OfficerPage):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return shown(request, case_for(request, public_id))


class CaseAction(SecurityAction):
    """One form, one operation, back to the case."""

    form_name: ClassVar[str] = ""
    operation: ClassVar[Callable[..., object]]
    done: ClassVar[str]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        case = case_for(request, public_id)
        form = FORMS[self.form_name](request.POST, prefix=self.form_name) if self.form_name else None
        if form is not None and not form.is_valid():
            return shown(request, case, 422, invalid=form, **{self.form_name: form})
        try:
            type(self).operation(case=case, by=request.user, **(form.cleaned_data if form else {}))
        except Refused as refused:
            kept = {self.form_name: form} if form else {}
            return shown(request, case_for(request, public_id), refused.status, refused=refused, **kept)
        messages.success(request, self.done)
        return redirect("case_detail", public_id)


class CaseInvestigate(CaseAction):
    operation, done = case_steps.investigate_case, "The case is being investigated."


class CaseNoteCreate(CaseAction):
    form_name, operation, done = "note_form", case_steps.note_on_case, "The note is in the log."


class OutcomeCreate(CaseAction):
    form_name, operation, done = "outcome_form", case_steps.record_outcome, "The outcome is recorded."


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
