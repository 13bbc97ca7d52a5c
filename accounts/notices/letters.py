"""Plain-text emails about a person's account. Links are built from SITE_URL only."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings

from foundation.values.outbox_email import OutboxEmail
from foundation.web.plain_text import render_plain

DAY = timedelta(days=1)


def letter(
    template: str, to: str, said: Mapping[str, Any], *, once: str = "", of_use_for: timedelta = DAY
) -> OutboxEmail:
    """`template` is the prefix of two templates, as in allauth: `…_subject.txt` and `…_message.txt`."""
    words = {"brand": settings.BRAND, "site_url": settings.SITE_URL, "reply_to": settings.MESSAGING_REPLY_TO, **said}
    subject = " ".join(render_plain(f"{template}_subject.txt", words).split())
    return OutboxEmail(
        subject, render_plain(f"{template}_message.txt", words), None, [to], once=once, of_use_for=of_use_for
    )
