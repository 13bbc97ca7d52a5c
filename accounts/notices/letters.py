"""Plain-text emails about a person's account. Links are built from SITE_URL only."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template

from foundation.values.outbox_email import OutboxEmail

DAY = timedelta(days=1)


def letter(
    template: str, to: str, said: Mapping[str, Any], *, once: str = "", of_use_for: timedelta = DAY
) -> OutboxEmail:
    """`template` is the prefix of two templates, as in allauth: `…_subject.txt` and `…_message.txt`."""
    words = {"brand": settings.BRAND, "site_url": settings.SITE_URL, "reply_to": settings.MESSAGING_REPLY_TO, **said}
    subject = " ".join(_plain(f"{template}_subject.txt", words).split())
    return OutboxEmail(subject, _plain(f"{template}_message.txt", words), None, [to], once=once, of_use_for=of_use_for)


def _plain(template: str, words: Mapping[str, Any]) -> str:
    """Renders without escaping and collapses blank lines."""
    rendered = get_template(template).template.render(Context(dict(words), autoescape=False))  # type: ignore[attr-defined]  # the protocol does not declare the backend's template
    lines = [line.rstrip() for line in rendered.strip().splitlines()]
    kept = [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]
    return "\n".join("-- " if line == "--" else line for line in kept) + "\n"
