"""Editing a rule: build, preview, check and schedule it; withdraw a scheduled one."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access.permissions import AdministratorPage, signed_in
from accounts.operations.drafts import drop_draft
from eligibility.models import Audience, AudienceRule
from eligibility.operations.roll_back import roll_back
from eligibility.operations.schedule_rule import schedule_rule
from eligibility.operations.withdraw_rule import withdraw_rule
from eligibility.selectors.audience_history import rule_on
from foundation.web.operation_view import ActionView, OperationView
from foundation.web.typed_before import TypedBefore, typed_before
from foundation.web.versions import carried_version, name_seen_version
from rulebook.editor.choices import choices
from rulebook.editor.differences import differences, sentence
from rulebook.editor.draft import Node, act, from_form, from_rule, problems, to_rule
from rulebook.editor.fields import shown
from rulebook.editor.previews import bookings_that_stand, how_many, preview
from rulebook.editor.reading import audience_page, day_words, next_steps, version_of, whom
from rulebook.forms.rules import BuilderForm, DraftForm, RollBackForm, ScheduleForm, tomorrow


class AudiencePage(AdministratorPage):
    def audience(self, slug: str) -> Audience:
        found: Audience = get_object_or_404(Audience, slug=slug)
        return found


class AudienceStep(AudiencePage):
    """A page that only accepts POST. Opening its address redirects to the builder."""

    def get(self, request: HttpRequest, slug: str, **more: Any) -> HttpResponse:
        return redirect("audience_change", self.audience(slug).slug)


def progress(rule: Any, wrong: list[Any]) -> dict[str, Any]:
    return {"count": None if wrong else how_many(rule, tomorrow()), "missing": len(wrong)}


class BuilderPage(AudiencePage, OperationView):
    """Takes the fields of the builder. If the session has ended, they are kept for the builder (`typed_words`)."""

    form_class = BuilderForm


def builder(
    request: HttpRequest, audience: Audience, root: Node, status: int = 200, kept: Sequence[TypedBefore] = ()
) -> HttpResponse:
    """Renders the builder. Errors are shown at their fields after submitting (422), and only counted before."""
    known = choices()
    rule, wrong = to_rule(root, known), problems(root)
    if status == 200:
        root.forget_errors()
    context = {
        "audience": audience, "shown": shown(root, known), "words": sentence(rule), "typed_before": kept,
        "summary": wrong if status == 422 else [], **progress(rule, wrong),
        "no_form": forms.Form(), "kept_version": carried_version(request, audience),
    }  # fmt: skip
    return render(request, "rule_editor/audience_change.html", context, status=status)


class AudienceChange(BuilderPage):
    def get(self, request: HttpRequest, slug: str, **more: Any) -> HttpResponse:
        audience, kept = self.audience(slug), typed_before(request)[:1]
        root = from_form(kept[0].typed) if kept else from_rule(rule_on(audience, timezone.localdate()))
        return builder(request, audience, root, kept=kept)

    def perform(self, form: BuilderForm) -> HttpResponse:
        request, audience = self.request, self.audience(self.kwargs["slug"])
        if "rule" in request.POST:
            draft, _ = DraftForm(request.POST).draft_and_day()
            return builder(
                request, audience, from_rule(rule_on(audience, timezone.localdate()) if draft is None else draft)
            )
        root = act(from_form(request.POST), form.cleaned_data["action"], request.POST)
        return builder(request, audience, root)


class AudiencePreview(AudienceStep, BuilderPage):
    def perform(self, form: BuilderForm) -> HttpResponse:
        request, audience = self.request, self.audience(self.kwargs["slug"])
        if "rule" in request.POST:
            draft, on = DraftForm(request.POST).draft_and_day()
            sent = {"rule": draft, "effective_from": on, "note": request.POST.get("note", "")}
            return previewed(request, audience, ScheduleForm(initial=sent))
        root = from_form(request.POST)
        rule = to_rule(root, choices())
        if problems(root):
            return builder(request, audience, root, 422)
        return previewed(request, audience, ScheduleForm(initial={"rule": rule, "effective_from": tomorrow()}))


def previewed(request: HttpRequest, audience: Audience, form: ScheduleForm, status: int = 200) -> HttpResponse:
    draft, on = form.draft_and_day()
    if draft is None:
        return builder(request, audience, from_rule(rule_on(audience, timezone.localdate())))
    context = {"audience": audience, "form": form, "on": on, "whom": whom(audience), **effects(audience, draft, on)}
    context["kept_version"] = carried_version(request, audience)
    return render(request, "rule_editor/audience_preview.html", context, status=status)


def effects(audience: Audience, draft: Any, on: date) -> dict[str, Any]:
    """What the draft changes on that day, in words and people."""
    in_force = rule_on(audience, on)
    return {
        "words": sentence(draft),
        "before": sentence(in_force),
        "differences": differences(in_force, draft),
        "preview": preview(now_in_force=in_force, draft=draft, on=on),
        "standing": bookings_that_stand(audience, draft, on),
    }


class CheckPage(AudienceStep, OperationView):
    """Shows what scheduling will do. If the form is invalid, returns to the previous step."""

    template_name = "rule_editor/audience_check.html"
    form_class, context_object_name = ScheduleForm, "audience"
    refused_title = "This rule cannot hold"

    def get_object(self) -> Audience:
        return self.audience(self.kwargs["slug"])

    def form_invalid(self, form: ScheduleForm) -> HttpResponse:
        return previewed(self.request, self.object, form, 422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        data = kwargs["form"].cleaned_data
        rule, on = data["rule"], data["effective_from"]
        context = {
            "data": data,
            "words": sentence(rule),
            "before": sentence(rule_on(self.object, on)),
            "standing": bookings_that_stand(self.object, rule, on),
            "whom": whom(self.object),
        }
        return super().get_context_data(**kwargs) | context


class AudienceCheck(CheckPage):
    def perform(self, form: ScheduleForm) -> HttpResponse:
        return self.render_form(form, 200)


class AudienceSchedule(CheckPage):
    def perform(self, form: ScheduleForm) -> HttpResponse:
        schedule_rule(audience=self.object, by=self.request.user, **form.cleaned_data)
        for name in ("audience_change", "audience_preview"):
            drop_draft(person=signed_in(self.request), address=reverse(name, args=[self.object.slug]))
        return redirect("audience_scheduled", self.object.slug)


class AudienceScheduled(AudiencePage):
    """The version set last, and what happens next."""

    def get(self, request: HttpRequest, slug: str, **more: Any) -> HttpResponse:
        audience = self.audience(slug)
        page = audience_page(audience, timezone.localdate())
        if page.latest is None:
            return redirect("audience_detail", audience.slug)
        context = {"audience": audience, "page": page, "steps": next_steps(page)}
        return render(request, "rule_editor/audience_scheduled.html", context)


class RuleWithdraw(AudienceStep, ActionView):
    http_method_names = ["get", "head", "post"]

    def get_success_url(self) -> str:
        return reverse("audience_detail", args=[self.kwargs["slug"]])

    def perform(self, form: forms.Form) -> HttpResponse:
        version = version_of(self.audience(self.kwargs["slug"]), self.kwargs["pk"])
        withdraw_rule(version=version, by=self.request.user)
        messages.success(self.request, "Change withdrawn. The current rule stays in force.")
        return redirect(self.get_success_url())


class RuleRollBack(AudiencePage, OperationView):
    template_name = "rule_editor/rule_roll_back.html"
    form_class, context_object_name = RollBackForm, "version"
    refused_title = "This version cannot return"

    def get_object(self) -> AudienceRule:
        return version_of(self.audience(self.kwargs["slug"]), self.kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        return {"effective_from": tomorrow()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context, version, audience = super().get_context_data(**kwargs), self.object, self.object.audience
        form = context["form"]
        on = (form.cleaned_data if form.is_bound else form.initial).get("effective_from") or tomorrow()
        in_force = rule_on(audience, on)
        return context | {
            "audience": audience,
            "day": day_words(version),
            "on": on,
            "words": sentence(version.rule),
            "differences": differences(in_force, version.rule),
            "preview": preview(now_in_force=in_force, draft=version.rule, on=on),
            "standing": bookings_that_stand(audience, version.rule, on),
        }

    def perform(self, form: RollBackForm) -> HttpResponse:
        audience = self.object.audience
        name_seen_version(audience, self.request)
        roll_back(audience=audience, version=self.object, by=self.request.user, **form.cleaned_data)
        return redirect("audience_scheduled", audience.slug)
