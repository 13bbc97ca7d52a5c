"""A box that holds 5,000 characters takes 5,000, whatever the browser makes of line ends."""

import pytest
from django import forms

from foundation.web.inputs import TextBox
from foundation.web.operation_view import OperationView
from queries.forms import QueryMessageForm
from tests.access.test_versions import form_routes


def test_a_line_end_counts_once() -> None:
    text = ("word" + "\r\n") * 1000
    form = QueryMessageForm({"text": text[:-2]})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["text"] == "word\n" * 999 + "word"


def boxes() -> list[tuple[str, str, forms.Widget]]:
    declared = {view.form_class for view in form_routes().values() if issubclass(view, OperationView)}
    return [
        (form.__name__, name, field.widget)
        for form in declared
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field.widget, forms.Textarea)
    ]


def test_every_box_is_such_a_box() -> None:
    found = boxes()
    assert len(found) > 20
    assert [(form, name) for form, name, widget in found if not isinstance(widget, TextBox)] == []


@pytest.mark.parametrize("said", [None, 5])
def test_what_is_no_text_stays(said: object) -> None:
    assert TextBox().value_from_datadict({"text": said}, {}, "text") == said
