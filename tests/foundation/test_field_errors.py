"""Errors of fields name the field and what to do, never in Django's words."""

from __future__ import annotations

from pathlib import Path

import pytest
from django import forms

from foundation.web.field_errors import field_errors, say_what_is_missing

SNAPSHOTS = Path(__file__).parents[1] / "wording"
DJANGOS = ("This field is required", "Ensure this value", "Select a valid choice", "Enter a valid email address")


def said(field: forms.Field, label: str, value: str = "") -> list[str]:
    field.label = label
    form = type("TriedForm", (forms.Form,), {"tried": field})({"tried": value})
    return field_errors(form["tried"])


@pytest.mark.parametrize(
    ("label", "widget", "sentence"),
    [
        ("Subject", forms.TextInput, "Enter the subject."),
        ("Your message", forms.Textarea, "Enter your message."),
        ("What they asked, in your words", forms.Textarea, "Enter what they asked, in your words."),
        ("What happened?", forms.Textarea, "Answer “What happened?”"),
        ("Current Password", forms.PasswordInput, "Enter the current password."),
        ("New Password (again)", forms.PasswordInput, "Enter the new password again."),
        ("Reason (the student sees this)", forms.TextInput, "Enter the reason."),
        ("Email", forms.EmailInput, "Enter your email address."),
        ("ICO reference", forms.TextInput, "Enter the ICO reference."),
        ("Category", forms.Select, "Choose the category."),
        ("How serious is it?", forms.RadioSelect, "Answer “How serious is it?”"),
        ("Key", forms.HiddenInput, "Part of this page is missing. Reload it and try again."),
    ],
)
def test_an_empty_field_is_named(label: str, widget: type[forms.Widget], sentence: str) -> None:
    assert said(forms.CharField(widget=widget), label) == [sentence]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        (forms.CharField(max_length=3), "four", "The subject must be 3 characters or fewer. You have 4."),
        (forms.CharField(min_length=3), "no", "The subject must be 3 characters or more. You have 2."),
        (forms.IntegerField(min_value=5), "1", "The subject must be 5 or more."),
        (forms.IntegerField(max_value=5), "9", "The subject must be 5 or less."),
        (forms.IntegerField(), "x", "The subject must be a whole number."),
        (forms.DecimalField(), "x", "The subject must be a number."),
        (forms.EmailField(), "x", "Enter an email address such as name@example.ac.uk."),
        (forms.ChoiceField(choices=[("a", "A")]), "b", "Choose the subject again."),
    ],
)
def test_what_does_not_fit_is_named(field: forms.Field, value: str, sentence: str) -> None:
    assert said(field, "Subject", value) == [sentence]


def test_a_box_is_ticked() -> None:
    assert said(forms.BooleanField(), "I have read it") == ["Tick “I have read it”."]


def test_a_field_keeps_its_own_sentence() -> None:
    assert said(forms.CharField(error_messages={"required": "Say why."}), "Reason") == ["Say why."]
    field = forms.CharField(error_messages={"required": "Say why."})
    say_what_is_missing("reason", field)
    assert field.error_messages["required"] == "Say why."


def test_one_thing_is_said_once() -> None:
    """Two validators with the same limit: the model field's and the form's."""
    assert (
        len(said(forms.CharField(max_length=2, validators=[forms.CharField(max_length=2).validators[0]]), "A", "abc"))
        == 1
    )


def test_no_page_shows_djangos_words() -> None:
    pages = [path for path in SNAPSHOTS.rglob("*") if path.suffix in (".txt", ".ambr")]
    assert len(pages) > 300
    assert [str(path.name) for path in pages for words in DJANGOS if words in path.read_text()] == []
