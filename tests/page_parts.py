"""What tests read from a page instead of its sentences: fields with errors, codes, tones of alerts, URLs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.urls import reverse
from django.utils.html import escape
from lxml import html

from foundation.web.field_errors import field_errors


def link_to(name: str, *args: object) -> str:
    """A selector for `page.locator`: a link to this URL, on the page or in its menus."""
    return f'a[href="{reverse(name, args=args)}"]'


def tree_of(response: Any) -> html.HtmlElement:
    return html.fromstring(response.content.decode())


def markup(response: Any) -> str:
    """The page's HTML with white space collapsed, so that line breaks in templates do not matter."""
    return " ".join(response.content.decode().split())


def fields_at_fault(response: Any) -> list[str]:
    """Fields that the error summary links to, each once."""
    found = tree_of(response).xpath("//*[contains(@class, 'error-summary')]//a/@href")
    return list(dict.fromkeys(str(each).removeprefix("#") for each in found))


def faults(response: Any) -> int:
    """How many lines the error summary has."""
    return len(tree_of(response).xpath("//*[contains(@class, 'error-summary')]//li"))


def sentences_of(form: forms.BaseForm, name: str) -> list[str]:
    """The errors that a page shows for one field, or for the whole form (`__all__`)."""
    return list(form.non_field_errors()) if name == NON_FIELD_ERRORS else field_errors(form[name])


def codes(response: Any, form: str = "form") -> dict[str, list[str]]:
    """Error codes by field, which must be shown on the page; `__all__` is the whole form."""
    bound, shown = response.context[form], markup(response)
    errors = bound.errors.as_data()
    said = [sentence for name in errors for sentence in sentences_of(bound, name)]
    assert all(escape(sentence) in shown for sentence in said)
    return {field: [error.code for error in each] for field, each in errors.items()}


def refusals(response: Any) -> list[str]:
    """Codes of refusals: shown by the component, passed to the page, or in an error of its form."""
    shown = [str(each) for each in tree_of(response).xpath("//*[contains(@class, 'refusal')]/@data-code")]
    given = response.context.get("refused")
    form = response.context.get("form")
    said = [each.code for errors in form.errors.as_data().values() for each in errors] if form is not None else []
    return shown or ([given.code] if given else said)


def told(response: Any) -> list[str]:
    """Tones of the messages after an action: success, info, warning, error."""
    return tones(tree_of(response).xpath("//*[@id='messages']/*[contains(@class, 'alert')]"))


def told_codes(response: Any) -> list[str]:
    """Codes of refusals shown as a message, after an action that has no page of its own."""
    return [each.extra_tags for each in response.context["messages"] if each.level_tag == "error"]


def told_words(response: Any) -> list[str]:
    """The text of these messages for `snapshot`, where it matters which of several was shown."""
    found = tree_of(response).xpath("//*[@id='messages']/*[contains(@class, 'alert')]")
    return [" ".join(each.text_content().split()) for each in found]


def alerts(response: Any) -> list[str]:
    """Tones of the alerts on the page itself."""
    return tones(tree_of(response).xpath("//main//*[contains(@class, 'alert ')][not(ancestor::*[@id='messages'])]"))


def tones(elements: Any) -> list[str]:
    return [name.removeprefix("tone-") for each in elements for name in each.get("class").split() if "tone-" in name]


def empty_states(response: Any) -> int:
    """How many lists have nothing to show."""
    return len(tree_of(response).xpath("//*[contains(@class, 'empty-state')]"))


def hidden_version(response: Any) -> str:
    """The version that the page's forms carry; the same in all of them."""
    found = set(tree_of(response).xpath("//main//input[@name='version']/@value"))
    assert len(found) == 1, found
    return str(found.pop())


def count(response: Any, path: str) -> int:
    return len(tree_of(response).xpath(path))
