"""Emails that opened no query, for the colleagues who check them."""

from accounts.models import User
from queries.models import Handling, InboundEmail
from queries.models.inbound_email import InboundEmailQuerySet

EMAIL_VIEWS = {"": "Need attention", "ignored": "Set aside", "settled": "Dealt with"}


def emails_without_query(user: User, view: str) -> InboundEmailQuerySet:
    """Newest first, without the raw emails."""
    seen = InboundEmail.objects.visible_to(user).filter(query__isnull=True).defer("raw")
    if view in (Handling.IGNORED, Handling.SETTLED):
        return seen.filter(handling=view).order_by("-received_at", "-pk")
    return seen.needing_attention().order_by("-received_at", "-pk")
