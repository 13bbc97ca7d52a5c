from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.access.permissions import signed_in
from accounts.admin.audited import AuditedAdmin
from appointments.forms.configuration import AppointmentTypeForm
from appointments.forms.joining import LocationForm
from appointments.models import AppointmentType
from appointments.operations.joining import save_place
from appointments.rules.window_words import opening_words
from places.models import Location


@admin.register(AppointmentType)
class AppointmentTypeAdmin(AuditedAdmin):
    """Once booked, a type cannot be deleted: turn off “is offered” instead."""

    form = AppointmentTypeForm
    list_display = ["name", "is_offered", "minutes", "audience", "how_many", "opens"]
    list_filter = ["is_offered", "term_only"]
    list_select_related = ["audience"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["public_id"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "is_offered", "summary", "description", ("order", "colour")]}),
        ("How long", {"fields": [("minutes", "turnaround_minutes"), "capacity"]}),
        ("Who, and how many", {"fields": ["audience", "policies"]}),
        ("Where", {"fields": ["modes", "confidential_by_nature"]}),
        (
            "When it can be booked",
            {
                "fields": [
                    ("notice_minutes", "horizon_days"),
                    ("release_time", "release_working_days", "release_days", "release_weekday"),
                    "term_only",
                    "open_on_hold",
                ]
            },
        ),
        (
            "Cancelling and missing",
            {"fields": ["cancel_notice_minutes", "late_cancelling", "late_after_minutes", "late_after_percent"]},
        ),
        ("What we ask", {"fields": ["topics", "questions", "document_wanted"]}),
        ("For programs", {"fields": ["public_id"], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AppointmentType]:
        return super().get_queryset(request).prefetch_related("policies")

    @admin.display(description="how many")
    def how_many(self, type: AppointmentType) -> str:
        return " and ".join(policy.sentence for policy in type.policies.all()) or "no limit"

    @admin.display(description="bookable")
    def opens(self, type: AppointmentType) -> str:
        return opening_words(type)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        booked = obj is not None and obj.bookings.exists()
        return not booked and super().has_delete_permission(request, obj)


class BuildingFilter(admin.AllValuesFieldListFilter):
    """Django leaves the link without a text where a value is empty."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": choice["display"] or "No building"}


@admin.register(Location)
class LocationAdmin(AuditedAdmin):
    """Students read these confidentiality notes before they book (APPT-1, APPT-2, APPT-3)."""

    form = LocationForm
    list_display = ["name", "building", "mode", "confidentiality", "exclusive", "is_open"]
    list_filter = ["confidentiality", "mode", "is_open", ("building", BuildingFilter)]
    search_fields = ["name", "building"]
    readonly_fields = ["public_id"]
    fieldsets = [
        (None, {"fields": [("name", "building"), "mode", "exclusive", "is_open", "directions", "link"]}),
        ("Confidentiality", {"fields": ["confidentiality", "confidentiality_note"]}),
        ("For programs", {"fields": ["public_id"], "classes": ["collapse"]}),
    ]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change and "link" in form.changed_data:
            save_place(location=obj, by=signed_in(request))
        else:
            super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        booked = obj is not None and obj.bookings.exists()
        return not booked and super().has_delete_permission(request, obj)
