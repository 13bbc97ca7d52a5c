from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.access.permissions import signed_in
from accounts.admin.audited import AuditedAdmin
from accounts.admin.finding import FindsPeople
from eligibility.forms import (
    AcademicPeriodForm,
    ActivityForm,
    ActivityResultForm,
    AllocationPolicyForm,
    AudienceForm,
    GrantForm,
    GroupForm,
    GroupMemberForm,
)
from eligibility.models import (
    AcademicPeriod,
    Activity,
    ActivityKind,
    ActivityResult,
    AllocationPolicy,
    Audience,
    Grant,
    Group,
    GroupMember,
)
from eligibility.models.conditions import RuleProblem, parse
from eligibility.rules.words import words
from eligibility.selectors.audiences import people_in
from foundation.values.times import spoken_day

DAY = timedelta(days=1)


@admin.register(AcademicPeriod)
class AcademicPeriodAdmin(AuditedAdmin):
    form = AcademicPeriodForm
    fields = ["kind", "name", "slug", "first_day", "last_day"]
    list_display = ["name", "kind", "first_day", "last_day"]
    list_filter = ["kind"]
    ordering = ["-during"]
    search_fields = ["name"]

    @admin.display(ordering="during")
    def first_day(self, period: AcademicPeriod) -> str:
        return spoken_day(period.during.lower)

    @admin.display
    def last_day(self, period: AcademicPeriod) -> str:
        return spoken_day(period.during.upper - DAY)


@admin.register(Activity)
class ActivityAdmin(AuditedAdmin):
    form = ActivityForm
    fields = ["name", "slug", "kind", "highest_score", "link", "shown_to_students", "lower_replaces"]
    list_display = ["name", "kind", "scale", "shown_to_students", "slug", "results"]
    list_filter = ["kind", "shown_to_students"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Activity]:
        return super().get_queryset(request).annotate(result_count=Count("results"))

    @admin.display
    def scale(self, activity: Activity) -> str:
        return f"0 to {activity.highest_score}" if activity.kind == ActivityKind.SCORE else "–"

    @admin.display(ordering="result_count")
    def results(self, activity: Any) -> int:
        count: int = activity.result_count
        return count


@admin.register(ActivityResult)
class ActivityResultAdmin(FindsPeople, AuditedAdmin):
    form = ActivityResultForm
    list_display = ["student", "activity", "completed_on", "score", "count"]
    list_filter = ["activity"]
    list_select_related = ["student", "activity"]
    autocomplete_fields = ["student"]
    search_fields, person_field = ["student__search_text"], "student"


@admin.register(Group)
class GroupAdmin(AuditedAdmin):
    form = GroupForm
    list_display = ["name", "slug", "how_many"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        return super().get_queryset(request).annotate(member_count=Count("members"))

    @admin.display(description="members", ordering="member_count")
    def how_many(self, group: Any) -> int:
        count: int = group.member_count
        return count


@admin.register(GroupMember)
class GroupMemberAdmin(FindsPeople, AuditedAdmin):
    form = GroupMemberForm
    list_display = ["student", "group"]
    list_filter = ["group"]
    list_select_related = ["student", "group"]
    autocomplete_fields = ["student", "group"]
    search_fields, person_field = ["student__search_text"], "student"


@admin.register(Audience)
class AudienceAdmin(AuditedAdmin):
    form = AudienceForm
    list_display = ["name", "in_words", "slug"]
    search_fields = ["name", "slug"]
    readonly_fields = ["in_words", "how_many"]
    fields = ["name", "slug", "rule", "in_words", "how_many"]

    def get_readonly_fields(self, request: HttpRequest, obj: Audience | None = None) -> Any:
        """An existing rule is changed on the rule pages, which keep its history."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "rule"] if obj else fields

    @admin.display(description="the rule in words")
    def in_words(self, audience: Audience) -> str:
        if audience.pk is None:
            return "Appears here once it is saved."
        try:
            return f"For {words(parse(audience.rule))}."
        except RuleProblem as problem:
            return str(problem)

    @admin.display(description="people it matches today")
    def how_many(self, audience: Audience) -> str:
        if audience.pk is None:
            return "–"
        today = timezone.localdate()
        return f"{people_in(audience.rule, today, today).students().count():,} students and graduates"


@admin.register(AllocationPolicy)
class AllocationPolicyAdmin(AuditedAdmin):
    form = AllocationPolicyForm
    list_display = ["name", "sentence", "types", "audience"]
    list_filter = ["period"]
    list_select_related = ["audience"]
    search_fields = ["name", "slug"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AllocationPolicy]:
        return super().get_queryset(request).prefetch_related("appointment_types")

    @admin.display(description="counted over")
    def types(self, policy: AllocationPolicy) -> str:
        return ", ".join(type.name for type in policy.appointment_types.all()) or "no type yet"


@admin.register(Grant)
class GrantAdmin(FindsPeople, AuditedAdmin):
    """Records the signed-in person as the one who decided (ELIG-2)."""

    form = GrantForm
    list_display = ["student", "policy", "extra", "starts_on", "expires_on", "granted_by"]
    list_filter = ["policy"]
    list_select_related = ["student", "policy", "granted_by"]
    autocomplete_fields = ["student"]
    readonly_fields = ["granted_by", "granted_at"]
    search_fields, person_field = ["student__search_text"], "student"

    def save_model(self, request: HttpRequest, obj: Grant, form: Any, change: bool) -> None:
        obj.granted_by = signed_in(request)
        super().save_model(request, obj, form, change)
