"""What tests read of a page in place of its sentences: fields at fault, codes, tones of alerts, addresses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.urls import reverse
from django.utils.html import escape
from lxml import html

from foundation.web.field_errors import field_errors


def link_to(name: str, *args: object) -> str:
    """For `page.locator`: the link of the page itself, or of its menus, that leads to an address."""
    return f'a[href="{reverse(name, args=args)}"]'


def tree_of(response: Any) -> html.HtmlElement:
    return html.fromstring(response.content.decode())


def markup(response: Any) -> str:
    """The page's HTML with every run of white space as one space: how a template breaks its lines does not matter."""
    return " ".join(response.content.decode().split())


def fields_at_fault(response: Any) -> list[str]:
    """What the links of the error summary lead to, each once."""
    found = tree_of(response).xpath("//*[contains(@class, 'error-summary')]//a/@href")
    return list(dict.fromkeys(str(each).removeprefix("#") for each in found))


def faults(response: Any) -> int:
    """How many lines the error summary has."""
    return len(tree_of(response).xpath("//*[contains(@class, 'error-summary')]//li"))


def sentences_of(form: forms.BaseForm, name: str) -> list[str]:
    """What a page says is wrong with one field, or with the whole form (`__all__`)."""
    return list(form.non_field_errors()) if name == NON_FIELD_ERRORS else field_errors(form[name])


def codes(response: Any, form: str = "form") -> dict[str, list[str]]:
    """Of each field at fault the codes of what is wrong with it, as the page shows it; `__all__` is the whole form."""
    bound, shown = response.context[form], markup(response)
    errors = bound.errors.as_data()
    said = [sentence for name in errors for sentence in sentences_of(bound, name)]
    assert all(escape(sentence) in shown for sentence in said)
    return {field: [error.code for error in each] for field, each in errors.items()}


def refusals(response: Any) -> list[str]:
    """The codes of what was refused: shown by the component, given to the page, or said by a field of its form."""
    shown = [str(each) for each in tree_of(response).xpath("//*[contains(@class, 'refusal')]/@data-code")]
    given = response.context.get("refused")
    form = response.context.get("form")
    said = [each.code for errors in form.errors.as_data().values() for each in errors] if form is not None else []
    return shown or ([given.code] if given else said)


def told(response: Any) -> list[str]:
    """The tones of what a page says after a deed: success, info, warning, error."""
    return tones(tree_of(response).xpath("//*[@id='messages']/*[contains(@class, 'alert')]"))


def told_codes(response: Any) -> list[str]:
    """The codes of the refusals that a page tells of after a deed that has no page of its own."""
    return [each.extra_tags for each in response.context["messages"] if each.level_tag == "error"]


def told_words(response: Any) -> list[str]:
    """For `snapshot`: where which of several things was said is the point."""
    found = tree_of(response).xpath("//*[@id='messages']/*[contains(@class, 'alert')]")
    return [" ".join(each.text_content().split()) for each in found]


def alerts(response: Any) -> list[str]:
    """The tones of the alerts of the page itself."""
    return tones(tree_of(response).xpath("//main//*[contains(@class, 'alert ')][not(ancestor::*[@id='messages'])]"))


def tones(elements: Any) -> list[str]:
    return [name.removeprefix("tone-") for each in elements for name in each.get("class").split() if "tone-" in name]


def empty_states(response: Any) -> int:
    """How many lists have nothing to show."""
    return len(tree_of(response).xpath("//*[contains(@class, 'empty-state')]"))


def count(response: Any, path: str) -> int:
    return len(tree_of(response).xpath(path))
