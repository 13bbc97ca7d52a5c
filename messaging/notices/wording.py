"""Renders a message's text from its templates. Apps extend `messaging/layout.txt` and `messaging/layout.html`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils.text import Truncator

from messaging.notices.colours import hex_colour
from messaging.rules.kinds import Attachment, Composed

PREVIEW = 110
SIGNATURE = "-- "  # with its space, mail programs set off what follows (RFC 3676)


def compose_email(
    template: str, subject: str, context: Mapping[str, Any], attachments: Sequence[Attachment] = ()
) -> Composed:
    """Renders a pair of templates: `appointments/mail/booked` means `booked.txt` and `booked.html` there."""
    words = {**_frame(), "subject": subject, **context}
    plain = _plain(f"{template}.txt", words)
    html = get_template(f"{template}.html").render({**words, "preview": preview(plain)})
    return Composed(subject, plain, html, attachments)


def preview(plain: str) -> str:
    """What mail programs show beside the subject: the text after the greeting, in one line."""
    _, _, text = plain.partition("\n\n")
    return Truncator(" ".join(text.split())).chars(PREVIEW)


def compose_text(template: str, context: Mapping[str, Any]) -> Composed:
    """Renders a text message: one template, one paragraph."""
    return Composed("", " ".join(_plain(template, {**_frame(), **context}).split()))


def _plain(template: str, words: Mapping[str, Any]) -> str:
    """Renders plain text without escaping.

    Collapses empty lines, which template tags on lines of their own leave behind.
    """
    rendered = get_template(template).template.render(Context(dict(words), autoescape=False))  # type: ignore[attr-defined]  # Django's own template, which the backend's protocol does not declare
    lines = [line.rstrip() for line in rendered.strip().splitlines()]
    lines = [SIGNATURE if line == "--" else line for line in lines]
    kept = [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]
    return "\n".join(kept) + "\n"


def _frame() -> dict[str, Any]:
    brand = settings.BRAND
    return {
        "brand": brand,
        "brand_colour": hex_colour(brand["primary"]),
        "brand_on_colour": hex_colour(brand["primary_content"]),
        "site_url": settings.SITE_URL,
        "reply_to": settings.MESSAGING_REPLY_TO,
    }
