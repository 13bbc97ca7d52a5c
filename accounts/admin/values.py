"""What a change in the Django admin did to codes, numbers, days and choices. Words that somebody wrote stay out."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db import models
from django.db.models.fields.files import FileField

from accounts.models import PolicySetting
from accounts.operations.record_audit import id_outside

WORDS = (forms.CharField, forms.FileField)
"""Form fields whose values are never recorded. Subclasses such as JSON fields count."""

OWN_WORDS = (models.CharField, models.TextField, models.JSONField, FileField)
SAID = {(PolicySetting, "value"), (PolicySetting, "key")}
"""Values of the policy, which are about nobody."""


def values_before_and_after(form: Any, formsets: Any) -> dict[str, str]:
    """`before` and `after` of the changed fields, as `name: value; name: value`."""
    pairs = list(_of_form(form, ""))
    for formset in formsets or []:
        for each in formset.forms:
            if each.has_changed() and each.instance.pk:
                pairs += _of_form(each, f"{each.instance._meta.verbose_name} {each.instance.pk} ")
    return {
        when: "; ".join(f"{name}: {values[place]}" for name, *values in pairs)
        for place, when in enumerate(("before", "after"))
        if pairs
    }


def values_of_row(row: models.Model) -> str:
    """The same of a row that is deleted."""
    said = []
    for field in row._meta.concrete_fields:
        is_words = isinstance(field, OWN_WORDS) and not field.choices and (type(row), field.name) not in SAID
        if not (field.primary_key or is_words):
            value = getattr(row, field.name) if field.is_relation else field.value_from_object(row)
            said.append(f"{field.name}: {shown_value(value)}")
    return "; ".join(said)


def _of_form(form: Any, prefix: str) -> Iterator[tuple[str, str, str]]:
    for name in form.changed_data:
        field = form.fields.get(name)
        is_words = isinstance(field, WORDS) and (type(form.instance), name) not in SAID
        if field is not None and not is_words and name != "DELETE":
            before = form.get_initial_for_field(field, name)
            yield f"{prefix}{name}", shown_value(_row(field, before)), shown_value(form.cleaned_data.get(name))


def _row(field: forms.Field, value: Any) -> Any:
    """A choice of rows is its key before it is changed, and the row after it."""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return list(value or [])
    if isinstance(field, forms.ModelChoiceField) and value is not None and not isinstance(value, models.Model):
        return field.queryset.filter(pk=value).first() if field.queryset is not None else value
    return value


def shown_value(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, models.Model):
        return id_outside(value)
    if isinstance(value, list | tuple | set | frozenset | models.QuerySet):
        return ", ".join(sorted(shown_value(each) for each in value)) or "–"
    return str(value)
