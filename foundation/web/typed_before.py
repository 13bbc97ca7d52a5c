"""What somebody typed into a form that was not sent, and how its page shows it again.

`accounts` keeps the drafts and puts those of the page into `request.typed_before`.
"""

from collections.abc import Collection, Iterable
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
    """`form` is the name of the form in the context of its page; empty for all forms that share the page's one."""

    public_id: str
    form: str
    typed: "MultiValueDict[str, str]"
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Unsent:
    """`page` is the path of the page that shows it again."""

    page: str
    typed: dict[str, list[str]]


class KeepsWords:
    """A view to which a form is sent. What was typed is kept if it could not be sent, and its page shows it again."""

    form_class: type[forms.BaseForm] = forms.Form
    form_name = "form"
    """The form's name in the template context, for pages with several forms."""

    @classmethod
    def shares_form(cls) -> bool:
        """Do several forms of the page share one HTML form?"""
        return False


def keeps_words(form_class: type[forms.BaseForm]) -> bool:
    """Has a form anything that a person types or chooses?"""
    return len(_declared(form_class)) > len(never_kept(form_class))


def never_kept(form_class: type[forms.BaseForm]) -> set[str]:
    """The names of its fields that are no part of a draft."""
    return {name for name, field in _declared(form_class).items() if isinstance(field.widget, NEVER_KEPT)}


def _declared(form_class: type[forms.BaseForm]) -> dict[str, forms.Field]:
    return getattr(form_class, "base_fields", {})


def typed_before(request: HttpRequest) -> list[TypedBefore]:
    """What was typed on this page and not sent, before; `accounts` says."""
    return list(getattr(request, "typed_before", ()))


def show_again(request: HttpRequest, context: dict[str, Any], beside: Collection[str] = ()) -> list[TypedBefore]:
    """Puts what was typed into the page's empty forms, and returns the drafts that it could show.

    `beside` are the names of the forms that share the page's one: their words come along with every button.
    """
    if request.method == "POST":
        _fill((context[name] for name in beside if context[name] is not context["form"]), request.POST)
        return []
    return [draft for draft in typed_before(request) if _fill(_forms_of(draft, context, beside), draft.typed)]


def _forms_of(draft: TypedBefore, context: dict[str, Any], beside: Iterable[str]) -> Iterable[Any]:
    if draft.form:
        return [context.get(draft.form)]
    return [context[name] for name in beside if _has_words(context[name], draft.typed)]


def _fill(found: Iterable[Any], typed: "MultiValueDict[str, str]") -> bool:
    single = [form for each in found for form in (each if isinstance(each, forms.BaseFormSet) else [each])]
    empty = [form for form in single if isinstance(form, forms.BaseForm) and not form.is_bound]
    for form in empty:
        if any(form.add_prefix(name) in typed for name in form.fields):
            form.initial = {**form.initial, **values_of(form, typed)}
    return bool(empty)


def unsent(
    beside: Iterable[forms.BaseForm], sent: forms.BaseForm, typed: "MultiValueDict[str, str]"
) -> dict[str, list[str]]:
    """What was typed into other forms that share the page's one. A form without words in it is left out."""
    own = {sent.add_prefix(name) for name in sent.fields}
    others = [form for form in beside if not own & {form.add_prefix(name) for name in form.fields}]
    names = [form.add_prefix(name) for form in others if _has_words(form, typed) for name in form.fields]
    return {name: typed.getlist(name) for name in names if name in typed}


def note_unsent(request: HttpRequest, page: str, typed: dict[str, list[str]]) -> None:
    """For `accounts`, which keeps it as the draft of that page, or deletes that draft if nothing is left."""
    request.unsent = Unsent(page, typed)  # type: ignore[attr-defined]  # read by accounts.sign_in.typed_words


def _has_words(form: forms.BaseForm, typed: "MultiValueDict[str, str]") -> bool:
    words = [form.add_prefix(name) for name, field in form.fields.items() if isinstance(field, forms.CharField)]
    return any(typed.get(name, "").strip() for name in words)


def values_of(form: forms.BaseForm, typed: "MultiValueDict[str, str]") -> dict[str, Any]:
    """The initial values that show what was typed. A choice that is no longer offered is left out by the page."""
    return {
        name: field.widget.value_from_datadict(typed, MultiValueDict(), form.add_prefix(name))
        for name, field in form.fields.items()
        if not isinstance(field.widget, NEVER_KEPT)
    }
