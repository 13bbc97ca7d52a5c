"""Every field that somebody fills in has a label that a person would say."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator

import pytest
from django import forms
from django.forms.utils import pretty_name

from tools.places import PACKAGES, ROOT

NOT_SHOWN = {
    "ChosenTimeForm": "a time of a list is a button",
    "PersonForm.last_login": "read only",
    "PersonForm.set_by_person": "only the person sets it",
    "QueryResolveForm": "its values are buttons",
    "SignInForm.remember": "allauth’s, and always yes",
}
PROGRAMMERS = re.compile(
    r"\b(slug|pk|uuid|json|null|boolean|string|enum|regex|fk)\b|^(id|(is|has|set by)\b.*[^?])$|_", re.IGNORECASE
)


def every_form() -> Iterator[type[forms.BaseForm]]:
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if "forms" in path.read_text() and not {"migrations", "settings"}.intersection(path.parts):
                importlib.import_module(
                    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
                )
    yield from (each for each in _below(forms.BaseForm) if each.__module__.partition(".")[0] in PACKAGES)


def _below(form: type[forms.BaseForm]) -> set[type[forms.BaseForm]]:
    return {form}.union(*(_below(each) for each in form.__subclasses__()))


def labels() -> Iterator[tuple[str, str]]:
    for form in every_form():
        for name, field in getattr(form, "base_fields", {}).items():
            place = f"{form.__name__}.{name}"
            if not (field.widget.is_hidden or place in NOT_SHOWN or form.__name__ in NOT_SHOWN):
                yield place, str(pretty_name(name) if field.label is None else field.label)


def unsaid(label: str) -> bool:
    return not 1 < len(label) < 90 or not label[0].isupper() or bool(PROGRAMMERS.search(label)) or label.endswith(":")


def test_every_label_is_one_that_a_person_would_say() -> None:
    found = sorted(set(labels()))
    assert len(found) > 250
    assert [each for each in found if unsaid(each[1])] == []


@pytest.mark.parametrize("label", ["", "Id", "Slug", "Is active", "given name", "new_value", "Name:", "The JSON", "X"])
def test_what_nobody_says_is_noticed(label: str) -> None:
    assert unsaid(label)
