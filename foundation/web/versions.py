"""The version that a form carries, and what has been saved since it was filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest

from foundation.outcomes.versions import Versioned

VERSION = "version"
"""The name of the hidden field that `{% version_field %}` writes."""


def name_seen_version(thing: Any, request: HttpRequest) -> None:
    """Notes on the thing which version the form named. A form without one is not compared, as in the API."""
    version = request.POST.get(VERSION, "")
    if isinstance(thing, Versioned) and version:
        thing.seen_versions = [version]


def carried_version(request: HttpRequest, thing: Versioned) -> tuple[Versioned, str]:
    """`kept_version` of a page in a row of pages: each sends the version of the first one to the next."""
    return thing, request.POST.get(VERSION, "")


@dataclass(frozen=True, slots=True)
class SavedValue:
    """What a field of the form says now, where somebody typed something else."""

    label: str
    words: str


def saved_values(form: forms.BaseForm, saved: Mapping[str, Any]) -> list[SavedValue]:
    """`saved` are the fields' present values, as in `initial`. Fields in which both agree are left out."""
    found = []
    for name, value in saved.items():
        field = form.fields.get(name)
        if field is None or field.widget.is_hidden:
            continue
        typed = form.cleaned_data.get(name) if hasattr(form, "cleaned_data") else None
        if _words(field, typed) != _words(field, value):
            found.append(SavedValue(str(form[name].label), _words(field, value) or "Nothing"))
    return found


def saved_row(form: forms.ModelForm[Any], fresh: models.Model) -> dict[str, Any]:
    return forms.models.model_to_dict(fresh, fields=list(form.fields))


def _words(field: Any, value: Any) -> str:
    if isinstance(field, forms.ModelMultipleChoiceField):
        keys = {each.pk if isinstance(each, models.Model) else each for each in value or ()}
        every: Any = field.queryset
        rows = every.model.objects.filter(pk__in=keys)
        return ", ".join(sorted(field.label_from_instance(each) for each in rows))
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        labels = {str(key): str(label) for key, label in choices}
        return labels.get(str(value), "") if value not in (None, "") else ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return "" if value is None else str(field.widget.format_value(field.prepare_value(value)) or "")
