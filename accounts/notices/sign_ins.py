"""Emails about signing in, sent through Django's mail API, which the outbox implements."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import SignIn
from foundation.values.times import told_when


def replaced(ended: SignIn, new: SignIn) -> EmailMessage:
    """Tells the owner that a new sign-in has ended an older one."""
    words = render_to_string(
        "accounts/messages/sign_in_replaced.txt",
        {
            "first_name": ended.person.first_name,
            "new_device": new.device,
            "ended_device": ended.device,
            "when": told_when(new.started_at),
            "since": told_when(ended.started_at),
            "subject": SUBJECT,
            "action_words": "See where you are signed in",
            "action_url": settings.SITE_URL + reverse("sign_in_list"),
            "brand": settings.BRAND,
            "site_url": settings.SITE_URL,
            "reply_to": settings.MESSAGING_REPLY_TO,
        },
    )
    return EmailMessage(SUBJECT, words.strip() + "\n", to=[ended.person.email])


SUBJECT = "A new sign-in ended an older one"
