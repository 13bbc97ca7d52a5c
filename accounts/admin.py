from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.forms import PolicySettingForm
from accounts.models import AuditEntry, Enrolment, PolicySetting, Programme, School, User
from accounts.permissions import signed_in


class EnrolmentInline(admin.TabularInline):
    model = Enrolment
    extra = 0
    autocomplete_fields = ["programme"]


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ["name", "email", "university_id", "role_names", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["given_name", "family_name", "preferred_name", "email", "university_id"]
    readonly_fields = ["public_id", "joined_at", "last_login"]
    exclude = ["password"]
    inlines = [EnrolmentInline]

    @admin.display(description="roles")
    def role_names(self, user: User) -> str:
        return ", ".join(user.roles)


@admin.register(School)
class SchoolAdmin(admin.ModelAdmin):
    list_display = ["name", "faculty"]
    search_fields = ["name"]


@admin.register(Programme)
class ProgrammeAdmin(admin.ModelAdmin):
    list_display = ["name", "code", "school", "has_placement_year"]
    list_select_related = ["school"]
    search_fields = ["name", "code"]


@admin.register(PolicySetting)
class PolicySettingAdmin(admin.ModelAdmin):
    form = PolicySettingForm
    list_display = ["label", "value", "effective_from", "set_by", "note"]
    list_filter = ["key"]
    list_select_related = ["set_by"]

    def save_model(self, request: HttpRequest, obj: PolicySetting, form: Any, change: bool) -> None:
        obj.set_by = signed_in(request)
        super().save_model(request, obj, form, change)


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin):
    list_display = ["at", "actor", "action", "subject", "subject_id"]
    list_filter = ["action", "subject"]
    search_fields = ["subject_id"]
    list_select_related = ["actor"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False
