"""What somebody typed into a form that was not sent, and how its page shows it again.

`accounts` keeps the drafts and puts those of the page into `request.typed_before`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

NEVER_KEPT = (forms.PasswordInput, forms.FileInput, forms.HiddenInput)
"""Hidden fields say what the page was about, such as its version: the page's own are right."""


@dataclass(frozen=True, slots=True)
class TypedBefore:
    """`form` is the name of the form in the context of its page."""

    public_id: str
    form: str
    typed: "MultiValueDict[str, str]"
    saved_at: datetime


def keeps_words(form_class: type[forms.BaseForm]) -> bool:
    """Has a form anything that a person types or chooses?"""
    return len(_declared(form_class)) > len(never_kept(form_class))


def never_kept(form_class: type[forms.BaseForm]) -> set[str]:
    """The names of its fields that are no part of a draft."""
    return {name for name, field in _declared(form_class).items() if isinstance(field.widget, NEVER_KEPT)}


def _declared(form_class: type[forms.BaseForm]) -> dict[str, forms.Field]:
    return getattr(form_class, "base_fields", {})


def show_again(request: HttpRequest, context: dict[str, Any]) -> list[TypedBefore]:
    """Puts drafts into the page's empty forms, and returns those that it could show."""
    drafts: Iterable[TypedBefore] = getattr(request, "typed_before", ())
    shown = []
    for draft in drafts:
        form = context.get(draft.form)
        if isinstance(form, forms.BaseForm) and not form.is_bound:
            form.initial = {**form.initial, **values_of(form, draft.typed)}
            shown.append(draft)
    return shown


def values_of(form: forms.BaseForm, typed: "MultiValueDict[str, str]") -> dict[str, Any]:
    """The initial values that show what was typed. A choice that is no longer offered is left out by the page."""
    return {
        name: field.widget.value_from_datadict(typed, MultiValueDict(), form.add_prefix(name))
        for name, field in form.fields.items()
        if not isinstance(field.widget, NEVER_KEPT)
    }
