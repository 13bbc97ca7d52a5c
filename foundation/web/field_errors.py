"""What is wrong with a field, in a sentence that names the field and the way out.

Django's own messages (“This field is required.”) name neither. A field that has its own message keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.forms.utils import pretty_name

CHOICES = (forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.ClearableFileInput, forms.FileInput)
OWN_ARTICLE = re.compile(r"(your|the|a|an|its|what|why|how|who|when) ", re.IGNORECASE)
NO_NOUN = re.compile(r" (at|by|for|from|in|of|on|to|until)$")
"""The end of a label that is no noun, such as “Released at”: named after its column, or short for a sentence."""
AGAIN = " (again)"
OWN = {"Email": "your email address", "Password": "your password"}
"""Labels of allauth."""


def without_capitals(label: str) -> str:
    """“Current Password” as it stands within a sentence; ICO and API stay."""
    return " ".join(word.lower() if word[1:].islower() or len(word) == 1 else word for word in label.split())


def named(label: str) -> str:
    """The field within a sentence: the subject, your message, what happened."""
    if label.endswith("?") or (NO_NOUN.search(label) and not OWN_ARTICLE.match(label)):
        return f"“{label[:1].upper()}{label[1:]}”"
    if label in OWN:
        return OWN[label]
    again = label.endswith(AGAIN)
    noun = without_capitals(label.rpartition(" (")[0] if label.endswith(")") else label)
    noun = noun if OWN_ARTICLE.match(f"{noun} ") else f"the {noun}"
    return f"{noun} again" if again else noun


def missing(label: str, field: forms.Field) -> str:
    widget = getattr(field.widget, "widget", field.widget)  # the Django admin wraps a list of related things
    if isinstance(widget, forms.HiddenInput):
        return "Part of this page is missing. Reload it and try again."
    if isinstance(widget, forms.CheckboxInput):
        return f"Tick “{label}”."
    if label.endswith("?"):
        return f"Answer “{label}”"
    return f"{'Choose' if isinstance(widget, CHOICES) else 'Enter'} {named(label)}."


def must_choose_again(form: forms.BaseForm, field: forms.BoundField) -> bool:
    """Did the form come back although a file had been chosen? The page cannot choose it again."""
    return isinstance(field.field, forms.FileField) and field.html_name in form.files


def subject(label: str) -> str:
    """The field where a sentence begins with it."""
    name = f"your answer to “{label}”" if label.endswith("?") else named(label)
    return name[:1].upper() + name[1:]


REQUIRED = str(forms.Field.default_error_messages["required"])


def say_what_is_missing(name: str, field: forms.Field) -> None:
    """The sentence as the field's own message, for forms that other templates show: the Django admin's."""
    if str(field.error_messages.get("required")) == REQUIRED:
        field.error_messages["required"] = missing(str(field.label or pretty_name(name)), field)


DJANGOS: dict[str, Callable[[str, forms.Field], str]] = {
    REQUIRED: missing,
    str(forms.ChoiceField.default_error_messages["invalid_choice"]): lambda label, _: f"Choose {named(label)} again.",
    str(forms.ModelChoiceField.default_error_messages["invalid_choice"]): (
        lambda label, _: f"Choose {named(label)} again."
    ),
    str(forms.IntegerField.default_error_messages["invalid"]): lambda label, _: (
        f"{subject(label)} must be a whole number."
    ),
    str(forms.DecimalField.default_error_messages["invalid"]): lambda label, _: f"{subject(label)} must be a number.",
    str(EmailValidator.message): lambda *_: "Enter an email address such as name@example.ac.uk.",
}
BOUNDS = {
    "max_length": "must be {limit_value} characters or fewer. You have {show_value}.",
    "min_length": "must be {limit_value} characters or more. You have {show_value}.",
    "max_value": "must be {limit_value} or less.",
    "min_value": "must be {limit_value} or more.",
}


def what_it_must_be(error: ValidationError) -> str:
    """The end of a sentence that begins with the field, where a bound of Django is broken; else nothing."""
    found: dict[str, Any] = error.params or {}
    return BOUNDS[error.code].format(**found) if error.code in BOUNDS and "limit_value" in found else ""


def _sentence(error: ValidationError, label: str, field: forms.Field) -> str:
    if bound := what_it_must_be(error):
        return f"{subject(label)} {bound}"
    ours = DJANGOS.get(str(error.message))
    return ours(label, field) if ours else str(error.messages[0])


def field_errors(bound: forms.BoundField) -> list[str]:
    """The sentences for one field of a form, each once."""
    found = bound.form.errors.as_data().get(bound.name, [])
    return list(dict.fromkeys(_sentence(error, str(bound.label), bound.field) for error in found))
