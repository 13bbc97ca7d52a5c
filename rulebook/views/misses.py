"""Miss rules: in force, scheduled and past; a draft with its preview; scheduling and withdrawing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.access.permissions import AdministratorPage, signed_in
from eligibility.operations.schedule_miss_rules import schedule_miss_rules, withdraw_miss_rules
from eligibility.selectors.miss_rules import miss_rules_in_force
from foundation.outcomes.versions import Changed
from foundation.values.times import spoken_day
from foundation.web.days import day_in
from foundation.web.operation_view import OperationView
from foundation.web.typed_before import typed_before
from rulebook.editor.misses import MissPage, effects, in_words, miss_page, names_of_types
from rulebook.forms.misses import MissRulesForm, WithdrawForm
from rulebook.forms.rules import tomorrow


class MissRuleList(AdministratorPage, OperationView):
    template_name = "rule_editor/miss_rule_list.html"
    form_class = WithdrawForm
    refused_title = "These rules cannot be withdrawn"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"page": miss_page(timezone.localdate())}

    def perform(self, form: WithdrawForm) -> HttpResponse:
        seen = self.request.POST.get("seen", "")
        withdraw_miss_rules(effective_from=form.cleaned_data["withdraw"], by=signed_in(self.request), seen=seen)
        messages.success(self.request, "Withdrawn. The rules before them stay in force.")
        return redirect("miss_rule_list")


class MissRuleChange(AdministratorPage, OperationView):
    """One form: buttons add and remove rules and steps, and preview. Only the button of the preview schedules."""

    template_name = "rule_editor/miss_rule_change.html"
    form_class = MissRulesForm
    refused_title = "These rules cannot be scheduled"

    def get_object(self) -> MissPage:
        return miss_page(timezone.localdate())

    def get_initial(self) -> dict[str, Any]:
        return {"effective_from": tomorrow()}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Starts from what was typed before, or from the rules of the day that a link names, or those in force."""
        day = day_in(self.request.GET.get("from", ""))
        values, current = self.object.values, self.object.current.day
        start = values[day] if day and day in values else values[current]
        typed = next((draft.typed for draft in typed_before(self.request) if draft.form == self.form_name), None)
        rules = {"value": start, "sent": typed}
        return {**super().get_form_kwargs(), "types": names_of_types(), **rules}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        action = request.POST.get("action", "")
        if action in ("preview", "schedule"):
            return super().post(request, *args, **kwargs)
        self.object = self.get_object()
        form = self.get_form().as_typed()
        form.draft.act(action)
        return self.render_form(form, 200)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        refused = kwargs.get("refused")
        kept = "" if isinstance(refused, Changed) else self.request.POST.get("seen", "")
        context = super().get_context_data(**kwargs)
        return context | {"seen": kept or self.object.version, "preview": _preview(context["form"], self.object)}

    def perform(self, form: MissRulesForm) -> HttpResponse:
        if self.request.POST["action"] == "preview":
            return self.render_form(form, 200)
        day, seen = form.cleaned_data["effective_from"], self.request.POST.get("seen", "")
        note, by = form.cleaned_data["note"], signed_in(self.request)
        schedule_miss_rules(value=form.draft.value, effective_from=day, note=note, by=by, seen=seen)
        messages.success(self.request, f"The rules are scheduled from {spoken_day(day)}.")
        return redirect("miss_rule_list")


def _preview(form: MissRulesForm, page: MissPage) -> dict[str, Any] | None:
    """What the draft says and does; None before it is sent or while it is wrong."""
    if not form.is_bound or not form.is_valid():
        return None
    on, rules = form.cleaned_data["effective_from"], form.draft.rules
    before = miss_rules_in_force(on)
    return {
        "on": on,
        "words": in_words(rules, form.draft.types),
        "before": in_words(before, form.draft.types),
        "effects": effects(before, rules, on),
        "later": page.later_than(on),
        "by_itself": any(step.hold and step.hold.by_itself for rule in rules for step in rule.steps),
    }
