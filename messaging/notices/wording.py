"""Renders a message's text from its templates. Apps extend `messaging/layout.txt` and `messaging/layout.html`."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.utils.text import Truncator

from foundation.web.plain_text import render_plain
from messaging.notices.colours import hex_colour
from messaging.rules.kinds import Attachment, Composed

PREVIEW = 110


def compose_email(
    template: str, subject: str, context: Mapping[str, Any], attachments: Sequence[Attachment] = ()
) -> Composed:
    """Renders a pair of templates: `appointments/mail/booked` means `booked.txt` and `booked.html` there."""
    words = {**_frame(), "subject": subject, **context}
    plain = render_plain(f"{template}.txt", words)
    html = get_template(f"{template}.html").render({**words, "preview": preview(plain)})
    return Composed(subject, plain, html, attachments)


def preview(plain: str) -> str:
    """What mail programs show beside the subject: the text after the greeting, in one line."""
    _, _, text = plain.partition("\n\n")
    return Truncator(" ".join(text.split())).chars(PREVIEW)


def compose_text(template: str, context: Mapping[str, Any]) -> Composed:
    """Renders a text message: one template, one paragraph."""
    return Composed("", " ".join(render_plain(template, {**_frame(), **context}).split()))


def _frame() -> dict[str, Any]:
    brand = settings.BRAND
    return {
        "brand": brand,
        "brand_colour": hex_colour(brand["primary"]),
        "brand_on_colour": hex_colour(brand["primary_content"]),
        "site_url": settings.SITE_URL,
        "reply_to": settings.MESSAGING_REPLY_TO,
    }
