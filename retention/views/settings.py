"""Settings that delete data: their values, and asking a second officer for a change."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access.permissions import GovernancePage, signed_in
from accounts.models import PolicySetting
from foundation.values.times import database_now, local_day
from foundation.web.operation_view import ActionView, FieldOperationView
from retention.forms import SettingForm
from retention.operations.settings import SettingChange, ask_for_setting, preview_setting, withdraw_setting
from retention.selectors.overview import tabs
from retention.selectors.setting_effects import erasing_settings
from retention.views.permissions import GovernanceAction


class RetentionSettingList(GovernancePage):
    def get(self, request: HttpRequest) -> HttpResponse:
        rows = erasing_settings(local_day(database_now()))
        return render(request, "retention/retention_setting_list.html", {"tabs": tabs(NAME), "rows": rows})


NAME = "retention_setting_list"


class RetentionSettingChange(GovernanceAction, FieldOperationView):
    """Shows the effect first; the second time, it asks another officer."""

    template_name = "retention/retention_setting_change.html"
    form_class = SettingForm

    def get_initial(self) -> dict[str, Any]:
        return {"key": self.request.GET.get("key", "")}

    def perform(self, form: SettingForm) -> HttpResponse:
        change = SettingChange(**form.change)
        if not form.cleaned_data["sure"]:
            effect = preview_setting(change=change, by=signed_in(self.request))
            return self.render_form(form, 200, effect=effect)
        ask_for_setting(change=change, by=signed_in(self.request))
        messages.success(self.request, "We told the other officers. One of them must confirm it.")
        return redirect("proposal_list")


class RetentionSettingWithdraw(GovernanceAction, ActionView):
    def get_object(self) -> PolicySetting:
        return get_object_or_404(PolicySetting, pk=self.kwargs["number"])

    def get_success_url(self) -> str:
        return reverse(NAME)

    def perform(self, form: Any) -> HttpResponse:
        withdraw_setting(setting=self.object, by=signed_in(self.request))
        messages.success(self.request, "Change withdrawn.")
        return redirect(NAME)
