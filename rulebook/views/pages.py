"""Pages that show rules: the list, one audience with its history, trying a person, and limits and booking times."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.access.permissions import AdministratorPage
from accounts.models import Enrolment
from eligibility.models import Audience
from eligibility.operations.name_audience import name_audience
from eligibility.operations.try_person import try_person
from eligibility.selectors.audience_history import rule_on
from foundation.outcomes.refusals import result_or_refusal
from foundation.web.operation_view import FieldOperationView
from foundation.web.versions import carried_version
from rulebook.editor.differences import sentence
from rulebook.editor.people import failing, found_people, people_to_try
from rulebook.editor.previews import how_many
from rulebook.editor.reading import audience_page, audience_rows, for_list
from rulebook.editor.windows import type_rules
from rulebook.forms.rules import DraftForm, NameForm, TryForm

AUDIENCES_PER_PAGE = 25


class AudienceList(AdministratorPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(for_list(), AUDIENCES_PER_PAGE).get_page(request.GET.get("page"))
        context = {"page": page, "rows": audience_rows(list(page), timezone.localdate())}
        return render(request, "rule_editor/audience_list.html", context)


class TypeRuleList(AdministratorPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "rule_editor/type_rule_list.html", {"types": type_rules()})


class AudienceCreate(AdministratorPage, FieldOperationView):
    template_name = "rule_editor/audience_create.html"
    form_class, refused_status = NameForm, 422

    def perform(self, form: NameForm) -> HttpResponse:
        audience = name_audience(by=self.request.user, **form.cleaned_data)
        return redirect("audience_change", audience.slug)


class AudienceDetail(AdministratorPage):
    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        audience, today = get_object_or_404(Audience, slug=slug), timezone.localdate()
        page = audience_page(audience, today)
        context = {"audience": audience, "page": page, "count": how_many(page.rule, today)}
        return render(request, "rule_editor/audience_detail.html", context)


class AudienceTry(AdministratorPage):
    """GET tries the rule in force; POST tries the submitted draft and saves nothing."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        audience = get_object_or_404(Audience, slug=slug)
        return tried(request, audience, request.GET, None)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        audience = get_object_or_404(Audience, slug=slug)
        draft, _ = DraftForm(request.POST).draft_and_day()
        return tried(request, audience, request.POST, draft)


def tried(request: HttpRequest, audience: Audience, asked: QueryDict, draft: dict[str, Any] | None) -> HttpResponse:
    form = TryForm({"on": str(timezone.localdate()), **asked.dict()})
    form.full_clean()
    on = form.cleaned_data.get("on") or timezone.localdate()
    rule = rule_on(audience, on) if draft is None else draft
    words = form.cleaned_data.get("q", "").strip()
    searched = {"found": found_people(words, request.user), "searched": bool(words)}
    context: dict[str, Any] = {"audience": audience, "form": form, "on": on, "words": sentence(rule), **searched}
    context["kept_version"] = carried_version(request, audience)
    context["draft"] = DraftForm(initial={"rule": draft})["rule"].value() if draft is not None else ""
    if asked.get("person") and form.is_valid():
        context |= answered(request, audience, asked["person"], rule, on)
    status = 200 if form.is_valid() else 422
    return render(request, "rule_editor/audience_try.html", context, status=status)


def answered(request: HttpRequest, audience: Audience, public_id: str, rule: object, on: date) -> dict[str, Any]:
    person = people_to_try(request.user).filter(public_id=public_id).first()
    if person is None:
        raise Http404
    decision, refused = result_or_refusal(
        try_person, person=person, audience=audience.slug, rule=rule, on=on, by=request.user
    )
    if decision is None:
        return {"person": person, "refused": refused, "refused_title": "Not shown"}
    courses = Enrolment.objects.filter(student=person).select_related("programme")
    return {"person": person, "answered": True, "decision": decision, "details": failing(decision), "courses": courses}
