"""Miss rules: in force, scheduled and past; a draft with its preview; scheduling and withdrawing."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.access.permissions import AdministratorPage, signed_in
from eligibility.operations.schedule_miss_rules import schedule_miss_rules, withdraw_miss_rules
from eligibility.selectors.miss_rules import miss_rules_in_force
from foundation.values.times import spoken_day
from foundation.web.operation_view import OperationView
from rulebook.editor.misses import in_words, miss_page, names_of_types, step_counts
from rulebook.forms import MissRulesForm, WithdrawForm, tomorrow


class MissRuleList(AdministratorPage, OperationView):
    """Sending the form previews it; only the button of the preview schedules it."""

    template_name = "rule_editor/miss_rule_list.html"
    refused_title = "These rules cannot be scheduled"

    def get_form_class(self) -> type[forms.BaseForm]:
        return WithdrawForm if "withdraw" in self.request.POST else MissRulesForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        page, form = miss_page(timezone.localdate()), context["form"]
        if not isinstance(form, MissRulesForm) or not form.is_bound:
            form = MissRulesForm(initial={"value": page.value, "effective_from": tomorrow()})
        return context | {"page": page, "form": form, "preview": _preview(form)}

    def perform(self, form: MissRulesForm | WithdrawForm) -> HttpResponse:
        seen, by = self.request.POST.get("seen", ""), signed_in(self.request)
        if isinstance(form, WithdrawForm):
            withdraw_miss_rules(effective_from=form.cleaned_data["withdraw"], by=by, seen=seen)
            messages.success(self.request, "Withdrawn. The rules before them stay in force.")
        elif self.request.POST.get("action") != "schedule":
            return self.render_form(form, 200)
        else:
            made = schedule_miss_rules(by=by, seen=seen, **form.cleaned_data)
            messages.success(self.request, f"The rules are scheduled from {spoken_day(made.effective_from)}.")
        return redirect("miss_rule_list")


def _preview(form: MissRulesForm) -> dict[str, Any] | None:
    """What the draft says and does; None before it is sent or while it is wrong."""
    if not form.is_bound or not form.is_valid():
        return None
    on, names = form.cleaned_data["effective_from"], names_of_types()
    before = miss_rules_in_force(on)
    return {
        "on": on,
        "words": in_words(form.rules, names),
        "before": in_words(before, names),
        "counts": step_counts(before, form.rules, on),
        "by_itself": any(step.hold and step.hold.by_itself for rule in form.rules for step in rule.steps),
    }
