from django.contrib import admin

from eligibility.models import (
    AcademicPeriod,
    Activity,
    ActivityResult,
    AllocationPolicy,
    Audience,
    Grant,
    Hold,
)


@admin.register(AcademicPeriod)
class AcademicPeriodAdmin(admin.ModelAdmin):
    list_display = ["name", "kind", "during"]
    list_filter = ["kind"]


@admin.register(Activity)
class ActivityAdmin(admin.ModelAdmin):
    list_display = ["name", "kind", "slug"]


@admin.register(ActivityResult)
class ActivityResultAdmin(admin.ModelAdmin):
    list_display = ["student", "activity", "completed_on", "score", "count"]
    list_filter = ["activity"]
    list_select_related = ["student", "activity"]
    autocomplete_fields = ["student"]


@admin.register(Audience)
class AudienceAdmin(admin.ModelAdmin):
    list_display = ["name", "slug"]


@admin.register(AllocationPolicy)
class AllocationPolicyAdmin(admin.ModelAdmin):
    list_display = ["name", "sentence", "audience"]
    list_select_related = ["audience"]


@admin.register(Grant)
class GrantAdmin(admin.ModelAdmin):
    list_display = ["student", "policy", "extra", "starts_on", "expires_on", "granted_by"]
    list_select_related = ["student", "policy", "granted_by"]
    autocomplete_fields = ["student", "granted_by"]


@admin.register(Hold)
class HoldAdmin(admin.ModelAdmin):
    list_display = ["student", "during", "decided_by", "lifted_at"]
    list_select_related = ["student", "decided_by"]
    autocomplete_fields = ["student", "decided_by"]
