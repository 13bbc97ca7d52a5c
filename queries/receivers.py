"""Receives email that a provider posts to its webhook. anymail has checked its secret and signature."""

from typing import Any

from anymail.signals import inbound
from django.dispatch import receiver

from queries.operations.receive_email import receive_email


@receiver(inbound, dispatch_uid="queries.receive_email")
def email_came_in(event: Any, **_: Any) -> None:
    """Stores the email before confirming receipt; after a failure the provider posts it again."""
    as_sent = event.message.policy.clone(refold_source="none")  # refolding long headers takes quadratic time
    receive_email(raw=event.message.as_bytes(policy=as_sent))
