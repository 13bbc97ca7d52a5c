"""Forms of the admin and of result uploads. Ranges of days are entered as first and last day."""

import json
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.core import signing
from psycopg2.extras import DateRange

from accounts.admin.audited import SHORT_NAME, ConfigurationForm
from eligibility.models import (
    AcademicPeriod,
    Activity,
    ActivityResult,
    AllocationPolicy,
    Audience,
    Grant,
    Group,
    GroupMember,
)
from eligibility.operations.schedule_rule import require_rule
from foundation.outcomes.refusals import Refused
from foundation.web.days import DayField
from foundation.web.inputs import TextBox

SALT, HOUR = "eligibility.results", 3600
LARGEST_RESULTS_MB = 2
"""Bytes; about 50,000 rows."""


class DaysForm(ConfigurationForm):
    """Edits `during` as two inclusive days; the database stores a half-open range."""

    first_day = DayField(widget=AdminDateWidget)
    last_day = DayField(widget=AdminDateWidget, help_text="Inclusive.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.during:
            self.initial["first_day"] = self.instance.during.lower
            self.initial["last_day"] = self.instance.during.upper - timedelta(days=1)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and first > last:
            self.add_error(
                "last_day", forms.ValidationError("The last day is before the first.", code="ends_before_start")
            )
        elif first and last:
            self.instance.during = DateRange(first, last + timedelta(days=1))
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """The form has no field for the range, but checks the range's constraints."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # private in Django, so its stubs omit it
        return excluded - {"during"} if self.instance.during and not self.errors else excluded | {"during"}


class AcademicPeriodForm(DaysForm):
    constraint_fields = {"period_overlaps": "first_day", "period_empty": "last_day"}

    slug = forms.SlugField(
        label=SHORT_NAME["slug"],
        max_length=60,
        required=False,
        help_text="Names it in rules files. It stays when the days move.",
    )

    class Meta:
        model = AcademicPeriod
        fields = ["kind", "name", "slug"]


class RuleField(forms.JSONField):
    """Shows JSON indented over several lines."""

    widget = TextBox(attrs={"rows": 16, "cols": 90, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return (
            json.dumps(value, indent=2, ensure_ascii=False) if isinstance(value, dict) else super().prepare_value(value)
        )


class AudienceForm(ConfigurationForm):
    rule = RuleField(
        required=False,
        initial=dict,
        help_text='For example {"course": {"level": ["undergraduate"], "status": ["current"]}}. Join conditions with '
        "“all”, “any” or “none”; “activity”, “group”, “declares_disability” and “everybody” are conditions too. An "
        "empty rule matches nobody.",
    )

    class Meta:
        model = Audience
        fields = ["name", "slug", "rule"]
        labels = SHORT_NAME

    def clean_rule(self) -> Any:
        rule = self.cleaned_data["rule"] or {}
        try:
            require_rule(rule)
        except Refused as refused:
            raise forms.ValidationError(refused.message, code=refused.code) from refused
        return rule


class AllocationPolicyForm(ConfigurationForm):
    constraint_fields = {"rolling_days": "rolling_days", "limit_zero": "limit"}

    class Meta:
        model = AllocationPolicy
        fields = ["name", "slug", "limit", "unit", "period", "rolling_days", "audience"]
        labels = SHORT_NAME


class GroupForm(ConfigurationForm):
    class Meta:
        model = Group
        fields = ["name", "slug"]
        labels = SHORT_NAME


class GroupMemberForm(ConfigurationForm):
    constraint_fields = {"member_twice": "student"}

    class Meta:
        model = GroupMember
        fields = ["group", "student"]


class ActivityResultForm(ConfigurationForm):
    constraint_fields = {"result_twice": "activity", "score_range": "score"}

    class Meta:
        model = ActivityResult
        fields = ["student", "activity", "completed_on", "score", "count"]


class ActivityForm(ConfigurationForm):
    constraint_fields = {"scale_range": "highest_score"}
    link = forms.URLField(required=False, assume_scheme="https", help_text="Where students do it.")

    class Meta:
        model = Activity
        fields = ["name", "slug", "kind", "highest_score", "link", "shown_to_students", "lower_replaces"]
        labels = SHORT_NAME


class ResultUploadForm(forms.Form):
    file = forms.FileField(
        label="File of results",
        help_text=f"CSV in UTF-8, up to {LARGEST_RESULTS_MB} MB. You can check the changes before you apply them.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": "Choose a file.", "empty": "This file is empty."},
    )

    def clean_file(self) -> Any:
        if self.cleaned_data["file"].size > LARGEST_RESULTS_MB * 1024 * 1024:
            raise forms.ValidationError(
                f"This file is larger than {LARGEST_RESULTS_MB} MB. Upload it in parts, or use the command "
                "import_activity_results."
            )
        return self.cleaned_data["file"]


class ResultCheckedForm(forms.Form):
    """The checked file, signed by this page. It is stored only in the page."""

    checked = forms.CharField(widget=forms.HiddenInput)

    def clean_checked(self) -> bytes:
        try:
            text: str = signing.loads(self.cleaned_data["checked"], salt=SALT, max_age=HOUR)
        except signing.BadSignature:
            raise forms.ValidationError("We checked this file more than an hour ago. Upload it again.") from None
        return text.encode("latin-1")


def signed_file(body: bytes) -> str:
    return signing.dumps(body.decode("latin-1"), salt=SALT, compress=True)


class GrantForm(ConfigurationForm):
    constraint_fields = {"grant_zero": "extra", "grant_dates": "expires_on"}

    class Meta:
        model = Grant
        fields = ["student", "policy", "extra", "starts_on", "expires_on", "reason"]
