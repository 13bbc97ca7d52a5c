"""Errors of fields name the field and what to do, never in Django's words."""

from __future__ import annotations

from pathlib import Path

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from syrupy.assertion import SnapshotAssertion

from foundation.web.field_errors import field_errors, must_choose_again, say_what_is_missing

SNAPSHOTS = Path(__file__).parents[1] / "wording"
DJANGOS = ("This field is required", "Ensure this value", "Select a valid choice", "Enter a valid email address")


def said(field: forms.Field, label: str, value: str = "") -> list[str]:
    field.label = label
    form = type("TriedForm", (forms.Form,), {"tried": field})({"tried": value})
    return field_errors(form["tried"])


EMPTY: list[tuple[str, type[forms.Widget]]] = [
    ("Subject", forms.TextInput),
    ("Your message", forms.Textarea),
    ("What they asked, in your words", forms.Textarea),
    ("What happened?", forms.Textarea),
    ("Current Password", forms.PasswordInput),
    ("New Password (again)", forms.PasswordInput),
    ("Reason (the student sees this)", forms.TextInput),
    ("Email", forms.EmailInput),
    ("ICO reference", forms.TextInput),
    ("Category", forms.Select),
    ("How serious is it?", forms.RadioSelect),
    ("Key", forms.HiddenInput),
]
UNFIT: list[tuple[str, forms.Field, str]] = [
    ("too long", forms.CharField(max_length=3), "four"),
    ("too short", forms.CharField(min_length=3), "no"),
    ("too low", forms.IntegerField(min_value=5), "1"),
    ("too high", forms.IntegerField(max_value=5), "9"),
    ("not whole", forms.IntegerField(), "x"),
    ("not a number", forms.DecimalField(), "x"),
    ("not an address", forms.EmailField(), "x"),
    ("not a choice", forms.ChoiceField(choices=[("a", "A")]), "b"),
]


def test_an_empty_field_is_named(snapshot: SnapshotAssertion) -> None:
    assert {label: said(forms.CharField(widget=widget), label) for label, widget in EMPTY} == snapshot


def test_what_does_not_fit_is_named(snapshot: SnapshotAssertion) -> None:
    assert {why: said(field, "Subject", value) for why, field, value in UNFIT} == snapshot


@pytest.mark.parametrize("label", ["released at", "Effective from", "Recorded by", "Kept until"])
def test_a_label_that_is_no_noun_is_quoted(label: str) -> None:
    assert said(forms.DateField(), label)[0] == f"Enter “{label[:1].upper()}{label[1:]}”."


def test_a_page_that_comes_back_asks_for_the_file_again() -> None:
    class Upload(forms.Form):
        name = forms.CharField()
        file = forms.FileField()

    chosen = {"file": SimpleUploadedFile("cv.pdf", b"%PDF")}
    again = [must_choose_again(form, form["file"]) for form in (Upload({}, chosen), Upload({}, {}), Upload())]
    assert again == [True, False, False]
    form = Upload({}, chosen)
    assert not must_choose_again(form, form["name"])
    assert "data-choose-again" in render_to_string("components/field.html", {"field": form["file"]})


def test_a_box_is_ticked(snapshot: SnapshotAssertion) -> None:
    assert said(forms.BooleanField(), "I have read it") == snapshot


def test_a_field_keeps_its_own_sentence() -> None:
    assert said(forms.CharField(error_messages={"required": "Mine"}), "Reason") == ["Mine"]
    field = forms.CharField(error_messages={"required": "Mine"})
    say_what_is_missing("reason", field)
    assert field.error_messages["required"] == "Mine"


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
