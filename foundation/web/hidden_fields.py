"""Template tags for the hidden fields of forms: the version of what a form changes, and the key of what it makes."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from foundation.outcomes.versions import Versioned
from foundation.values.public_ids import new_public_id
from foundation.web.once import ONCE
from foundation.web.versions import VERSION

register = template.Library()


@register.simple_tag(takes_context=True)
def version_field(context: template.Context, thing: Versioned, value: str = "") -> SafeString:
    """The hidden field of a form about something that others change too (`foundation/outcomes/versions.py`).

    `value` is for people who see only a part of the thing. A form that comes back with an error keeps the version it
    was sent with.
    """
    kept, version = context.get("kept_version") or (None, "")
    value = (version if kept == thing else "") or value or thing.version
    return format_html('<input type="hidden" name="{}" value="{}">', VERSION, value)


@register.simple_tag(takes_context=True)
def once_field(context: template.Context) -> SafeString:
    """The hidden key of a form that makes something: sending it twice makes one (`accounts/operations/once.py`).

    A form that comes back keeps its key, unless the refusal says that the key has made something else.
    """
    return format_html('<input type="hidden" name="{}" value="{}">', ONCE, context.get("kept_once") or new_public_id())
