"""The components of pages, as template tags with typed arguments (docs/design.md).

`{% badge text="Late" tone="error" %}` renders `components/badge.html` with its arguments and nothing else from the
page's context. A missing or unknown argument is an error when the template is compiled. A literal that the type does
not allow fails `tests/architecture/test_components.py`. An empty value means “not given”.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet, BoundField
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from foundation.values.telephones import shown_number
from foundation.web.field_errors import field_errors, must_choose_again
from foundation.web.markdown import markdown_html
from foundation.web.undo_offer import undo_url

Arguments = dict[str, Any]
Tone = Literal["", "neutral", "primary", "info", "success", "warning", "error"]
ButtonTone = Literal["", "primary", "outline", "ghost", "danger"]
ButtonSize = Literal["", "sm", "block"]
IconSize = Literal["", "sm", "lg", "xl"]
PersonSize = Literal["", "sm", "lg"]
Width = Literal["", "xs", "sm", "md"]
Look = Literal["", "pills", "cards", "inline"]
Live = Literal["", "status", "alert"]

register = template.Library()
register.filter("field_errors", field_errors)
register.filter("must_choose_again", must_choose_again)
register.filter("telephone", shown_number)
register.filter("undo_url", undo_url)
register.filter("markdown", markdown_html)


@register.inclusion_tag("components/alert.html")
def alert(
    title: str,
    tone: Tone = "",
    body: str = "",
    items: Sequence[str] = (),
    link_label: str = "",
    link_url: str = "",
    live: Live = "",
) -> Arguments:
    """A message on the page. Screen readers announce it if `live` is set: politely (`status`) or at once (`alert`)."""
    return locals()


@register.inclusion_tag("components/back_link.html")
def back_link(url: str, label: str = "") -> Arguments:
    """The link back, above the page's header."""
    return locals()


@register.inclusion_tag("components/badge.html")
def badge(text: str, tone: Tone = "", icon: str = "") -> Arguments:
    """A short status as coloured text."""
    return locals()


@register.inclusion_tag("components/button.html")
def button(
    label: str,
    tone: ButtonTone = "",
    icon: str = "",
    size: ButtonSize = "",
    name: str = "",
    value: str = "",
    busy: str = "",
    context: str = "",
    url: str = "",
) -> Arguments:
    """A submit button. `busy` is its label while the form is being sent; `context` is extra text for screen readers.

    `url` is where it sends the form, if that is not the form's own address.
    """
    return locals()


@register.inclusion_tag("components/button_link.html")
def button_link(
    label: str,
    url: str,
    tone: ButtonTone = "",
    icon: str = "",
    size: ButtonSize = "",
    download: bool = False,
) -> Arguments:
    """A link that looks like a button."""
    return locals()


@register.inclusion_tag("components/confirmation.html")
def confirmation(
    title: str,
    text: str = "",
) -> Arguments:
    """Confirms what has just been done. Contains the page's h1."""
    return locals()


@register.inclusion_tag("components/copy_text.html")
def copy_text(
    id: str,
    value: str,
) -> Arguments:
    """A value with a button that copies it; the button needs JavaScript."""
    return locals()


@register.inclusion_tag("components/empty_state.html")
def empty_state(
    title: str,
    level: int = 0,
    icon: str = "",
    text: str = "",
    action_label: str = "",
    action_url: str = "",
    compact: bool = False,
) -> Arguments:
    """Shown in place of an empty list."""
    return locals()


@register.inclusion_tag("components/enter_presses.html")
def enter_presses(url: str = "") -> Arguments:
    """First in a form with several buttons, because Enter in a box presses the first.

    Without `url`, Enter does nothing.
    """
    return locals()


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: Any, extra: Sequence[Mapping[str, str]] = ()) -> Arguments:
    """Lists all errors of a form or a set of forms with links to the fields, and takes the focus. Renders nothing if
    there are none.

    Each entry of `extra` has `message` and optionally `href`.
    """
    is_set = isinstance(form, BaseFormSet)
    forms = form.forms if is_set else [form] if form else []
    shared = form.non_form_errors() if is_set else []
    return {"forms": forms, "shared": shared, "extra": extra, "any": shared or any(each.errors for each in forms)}


@register.inclusion_tag("components/field.html")
def field(
    field: BoundField,
    look: Look = "",
    label: str = "",
    width: Width = "",
    hide_optional: bool = False,
) -> Arguments:
    """A bound field with its label, help and errors. `look` is for radio buttons and checkboxes."""
    return locals()


@register.inclusion_tag("components/fields.html")
def fields(form: BaseForm) -> Arguments:
    """All fields of a form. Non-field errors are shown by the error summary."""
    return locals()


@register.inclusion_tag("components/filter_bar.html")
def filter_bar(
    form: BaseForm,
    url: str = "",
    target: str = "",
    reset_url: str = "",
) -> Arguments:
    """A GET form above a list. Selects and dates submit at once; htmx replaces `target` (for example `#results`)."""
    return locals()


@register.inclusion_tag("components/form_actions.html")
def form_actions(
    label: str,
    tone: ButtonTone = "",
    icon: str = "",
    busy: str = "",
    cancel_url: str = "",
    cancel_label: str = "",
    url: str = "",
) -> Arguments:
    """The end of a form: the submit button and a link to cancel. `url` as for `button`."""
    return locals()


@register.simple_tag
def icon(name: str, label: str = "", size: IconSize = "") -> SafeString:
    """An icon from `static/src/icons`. Without a label it is hidden from screen readers."""
    return _icon(name, label, size)


@lru_cache(maxsize=1000)
def _icon(name: str, label: str, size: str) -> SafeString:
    """Kept, because lists repeat the same few icons dozens of times."""
    return render_to_string("components/icon.html", {"name": name, "label": label, "size": size})


@register.inclusion_tag("components/note.html")
def note(
    by: str,
    at: datetime,
    text: str,
    next_step: str = "",
) -> Arguments:
    """A note written by staff."""
    return locals()


@register.inclusion_tag("components/page_header.html")
def page_header(
    title: str, lead: str = "", eyebrow: str = "", action_label: str = "", action_url: str = "", action_icon: str = ""
) -> Arguments:
    """The page's h1, a lead paragraph and at most one action."""
    return locals()


@register.inclusion_tag("components/pagination.html")
def pagination(page: Page[Any], query: QueryDict, label: str = "") -> Arguments:
    """Links to the other pages of a list; renders nothing for a single page. `query` is `request.GET`."""
    return locals()


@register.inclusion_tag("components/person.html")
def person(
    name: str,
    initials: str = "",
    detail: str = "",
    url: str = "",
    size: PersonSize = "",
) -> Arguments:
    """A person's name, with initials and a line of detail."""
    return locals()


@register.inclusion_tag("components/post_button.html")
def post_button(
    url: str,
    label: str,
    tone: ButtonTone = "",
    icon: str = "",
    size: ButtonSize = "",
    busy: str = "",
    next: str = "",
    context: str = "",
) -> Arguments:
    """A form with one button."""
    return locals()


@register.inclusion_tag("components/print_button.html")
def print_button() -> Arguments:
    """Prints the page; shown only with JavaScript."""
    return locals()


@register.inclusion_tag("components/refusal.html")
def refusal(
    message: str,
    title: str = "",
    code: str = "",
    remedy: str = "",
    others: Sequence[Any] = (),
    link_label: str = "",
    link_url: str = "",
    alert: bool = False,
) -> Arguments:
    """The reason that decides, and what would change it. `others` are folded; each has message and perhaps remedy.

    `alert` takes the focus: use it in the answer to a POST.
    """
    return locals()


@register.inclusion_tag("components/stats.html")
def stats(tiles: Sequence[Mapping[str, Any]], label: str = "") -> Arguments:
    """Figures side by side. Each tile has `label` and `value`, and optionally `note`, `tone`, `url` and `icon`."""
    return locals()


@register.inclusion_tag("components/steps.html")
def steps(
    steps: Sequence[str],
    current: int,
) -> Arguments:
    """Progress through the steps of a task; `current` counts from 1."""
    return locals()


@register.inclusion_tag("components/tabs.html")
def tabs(tabs: Sequence[Any], label: str = "") -> Arguments:
    """Links to sibling pages, each with `label`, `url`, `current` and optionally `count`."""
    return locals()


@register.inclusion_tag("components/timeline.html")
def timeline(
    items: Sequence[Mapping[str, Any]],
    title: str = "",
) -> Arguments:
    """What happens next. Each item has `title` and optionally `text`, `when`, `done` and `icon`."""
    return locals()


@register.inclusion_tag("components/undo_notice.html")
def undo_notice(title: str, url: str) -> Arguments:
    """What was done, with a button that undoes it for some seconds. Screen readers announce it."""
    return locals()
