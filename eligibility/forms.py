"""Input of Django's admin: spans of days are typed as their first and their last day."""

import json
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from psycopg2.extras import DateRange

from accounts.admin_audit import ConfigurationForm
from eligibility.models import AcademicPeriod, ActivityResult, AllocationPolicy, Audience, Grant, Hold


class DaysForm(ConfigurationForm):
    """`during` as two days, both inclusive; the database keeps it half-open."""

    first_day = forms.DateField(widget=AdminDateWidget)
    last_day = forms.DateField(widget=AdminDateWidget, help_text="Inclusive.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.during:
            self.initial["first_day"] = self.instance.during.lower
            self.initial["last_day"] = self.instance.during.upper - timedelta(days=1)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and first > last:
            self.add_error("last_day", "The last day is before the first.")
        elif first and last:
            self.instance.during = DateRange(first, last + timedelta(days=1))
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """The range is no field of this form, but its constraints are to speak here."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"during"} if self.instance.during and not self.errors else excluded | {"during"}


class AcademicPeriodForm(DaysForm):
    constraint_fields = {"period_overlaps": "first_day", "period_empty": "last_day"}

    class Meta:
        model = AcademicPeriod
        fields = ["kind", "name"]


class HoldForm(DaysForm):
    constraint_fields = {"hold_dates": "last_day"}

    class Meta:
        model = Hold
        fields = ["student", "reason", "message"]


class RuleField(forms.JSONField):
    """Laid out over lines, to be read by people."""

    widget = forms.Textarea(attrs={"rows": 16, "cols": 90, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return (
            json.dumps(value, indent=2, ensure_ascii=False) if isinstance(value, dict) else super().prepare_value(value)
        )


class AudienceForm(ConfigurationForm):
    rule = RuleField(
        required=False,
        initial=dict,
        help_text='For example {"course": {"level": ["undergraduate"], "status": ["current"]}}. Join conditions with '
        "“all”, “any” or “none”; “activity”, “declares_disability” and “everybody” are conditions too. An empty rule "
        "matches nobody.",
    )

    class Meta:
        model = Audience
        fields = ["name", "slug", "rule"]


class AllocationPolicyForm(ConfigurationForm):
    constraint_fields = {"rolling_days": "rolling_days", "limit_zero": "limit"}

    class Meta:
        model = AllocationPolicy
        fields = ["name", "slug", "limit", "period", "rolling_days", "audience"]


class ActivityResultForm(ConfigurationForm):
    constraint_fields = {"result_twice": "activity", "score_range": "score"}

    class Meta:
        model = ActivityResult
        fields = ["student", "activity", "completed_on", "score", "count"]


class GrantForm(ConfigurationForm):
    constraint_fields = {"grant_zero": "extra", "grant_dates": "expires_on"}

    class Meta:
        model = Grant
        fields = ["student", "policy", "extra", "starts_on", "expires_on", "reason"]
