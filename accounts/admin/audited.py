"""Base classes of our admin pages: every change is audited, and refusals are shown at their field."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access.permissions import signed_in
from accounts.admin.values import values_before_and_after, values_of_row
from accounts.admin.versions import AdminVersions
from accounts.models import User
from accounts.operations.record_audit import record_audit
from accounts.operations.signals import configuration_changed
from foundation.outcomes.consequences import Consequence, seal_of
from foundation.web.days import DayField
from foundation.web.field_errors import say_what_is_missing

CONFIRMED = "confirmed"
"""The form field that carries `seal_of` the consequences that a person has confirmed."""


SHORT_NAME = {"slug": "Short name"}
"""Labels of a form: what rules files and addresses call a row."""


class ConfigurationForm(forms.ModelForm):
    """Shows a violated constraint at the field that `constraint_fields` names for its code, or above the form."""

    constraint_fields: dict[str, str] = {}

    def add_error(self, field: str | None, error: Any) -> None:
        if field is None and hasattr(error, "error_dict"):
            for key, errors in error.error_dict.items():
                for each in errors:
                    place = self.constraint_fields.get(each.code or "", "") if key == NON_FIELD_ERRORS else key
                    super().add_error(place if place in self.fields else None, ValidationError([each]))
            return
        super().add_error(field, error)


class KeyAutocomplete(AutocompleteSelect):
    """Ignores values that cannot be primary keys. Django would look them up and fail."""

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        keys = [each for each in value if str(each).isascii() and str(each).isdecimal() and len(str(each)) < 19]
        return super().optgroups(name, keys, attrs)


class AdminInputs(BaseModelAdmin):
    """For every admin class: malformed input must not cause a server error."""

    formfield_overrides: ClassVar[Any] = {models.DateField: {"form_class": DayField}}

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = KeyAutocomplete(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """A field that is left empty says its own sentence, as it does in the pages."""
        of_the_admin: Any = super()
        form = of_the_admin.get_form(request, obj, change=change, **kwargs)
        for name, field in form.base_fields.items():
            say_what_is_missing(name, field)
        return form

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Treats an empty `_to_field` in the address as absent."""
        of_the_admin: Any = super()
        return of_the_admin.get_object(request, object_id, from_field or None)


class ReadOnly:
    """Nobody adds, changes or deletes rows there."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class NotConfirmed(Exception):
    """The change affects others, and nobody has confirmed it: rolls the admin's transaction back."""

    def __init__(self, consequences: list[Consequence]) -> None:
        super().__init__()
        self.consequences = consequences


class AuditedAdmin(AdminVersions, AdminInputs, admin.ModelAdmin):
    """Records additions, changes and deletions in the same transaction: the fields' names, and the values of codes,
    numbers, days and choices before and after. Words are never recorded (`accounts.admin.values`).

    A change that affects others is saved, its consequences are read, and it is rolled back until they are confirmed.

    The “delete selected” action is removed, so that each deletion has its own audit entry.
    """

    list_per_page = 50
    show_full_result_count = False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allows only the filters that the list shows.

        Django would allow lookups on any column, even the password hash.
        """
        offered = {_filter_name(each) for each in self.list_filter}
        return lookup.split("__")[0] in offered and bool(super().lookup_allowed(lookup, value, request))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Ignores initial values in the address. Django would take any text there for a key and fail."""
        return {}

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except NotConfirmed as unconfirmed:
            return self.ask(request, unconfirmed.consequences)

    def ask(self, request: HttpRequest, consequences: list[Consequence]) -> HttpResponse:
        """Shows what the change would do. Its button sends everything that was typed once more."""
        typed = [(name, value) for name, values in request.POST.lists() for value in values]
        context = {
            **self.admin_site.each_context(request),
            "title": "This changes appointments",
            "consequences": consequences,
            "seal": seal_of(consequences),
            "typed": [pair for pair in typed if pair[0] not in ("csrfmiddlewaretoken", CONFIRMED)],
            "back": request.get_full_path(),
        }
        return render(request, "admin/consequences.html", context, status=409)

    def announce(self, request: HttpRequest, object: models.Model) -> None:
        answers = configuration_changed.send(sender=type(object), object=object, by=signed_in(request))
        found: list[Consequence] = [each for _, answer in answers for each in cast(list[Consequence], answer or [])]
        if found and request.POST.get(CONFIRMED) != seal_of(found):
            raise NotConfirmed(found)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        configuration_changed.send(sender=type(obj), object=obj, by=signed_in(request))

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """Django calls it after saving, just before it logs the change."""
        noted: Any = request
        noted.values_changed = values_before_and_after(form, formsets)
        return super().construct_change_message(request, form, formsets, add)

    def log_addition(self, request: HttpRequest, object: Any, message: Any) -> Any:
        self.record(request, "added", object, after=values_changed(request).get("after", ""))
        self.announce(request, object)
        return super().log_addition(request, object, message)

    def log_change(self, request: HttpRequest, object: Any, message: Any) -> Any:
        self.record(request, "changed", object, fields=changed_fields(message), **values_changed(request))
        self.announce(request, object)
        return super().log_change(request, object, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for object in queryset:
            self.record(request, "deleted", object, before=values_of_row(object))
        return super().log_deletions(request, queryset)

    def record(self, request: HttpRequest, action: str, object: models.Model, **details: str) -> None:
        record_audit(
            actor=signed_in(request),
            action=action,
            on=object,
            student=student_of(object),
            **details,
        )


def values_changed(request: HttpRequest) -> dict[str, str]:
    """What `construct_change_message` noted; empty for a change outside a form."""
    found: dict[str, str] = getattr(request, "values_changed", {})
    return found


def _filter_name(filter: Any) -> str:
    """A list filter's name in the address; the filter is a column, a column with a filter class, or our own filter
    class.
    """
    return str(filter if isinstance(filter, str) else getattr(filter, "parameter_name", "") or filter[0])


def changed_fields(message: Any) -> str:
    """Field names from Django's change message, such as `Name, Audience`. It contains no values."""
    if not isinstance(message, list):
        return ""
    names = [name for part in message for name in part.get("changed", {}).get("fields", [])]
    return ", ".join(str(name) for name in names)


def student_of(object: models.Model) -> User | None:
    student = object if isinstance(object, User) else getattr(object, "student", None)
    return student if isinstance(student, User) and student.is_student and student.pk else None
