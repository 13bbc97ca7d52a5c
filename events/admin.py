from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin.audited import AuditedAdmin
from events.models import EventType


@admin.register(EventType)
class EventTypeAdmin(AuditedAdmin):
    """Once an event has this type, it cannot be deleted: turn off “in use” instead."""

    list_display = ["name", "is_offered", "is_employer_led", "counts_as", "late_after_minutes"]
    list_filter = ["is_offered", "is_employer_led"]
    list_select_related = ["counts_as"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["public_id"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "is_offered", ("order", "colour")]}),
        ("What its events have in common", {"fields": ["is_employer_led", "counts_as", "policies"]}),
        ("Attendance", {"fields": ["late_after_minutes", "partial_percent"]}),
        ("For programs", {"fields": ["public_id"], "classes": ["collapse"]}),
    ]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        used = obj is not None and obj.events.exists()
        return not used and super().has_delete_permission(request, obj)
