"""Email that a provider hands over by its webhook, which anymail has checked the secret and signature of."""

from typing import Any

from anymail.signals import inbound
from django.dispatch import receiver

from queries.operations.receive_email import receive_email


@receiver(inbound, dispatch_uid="queries.receive_email")
def email_came_in(event: Any, **_: Any) -> None:
    """Kept before the provider is told that it arrived; what fails is handed over again."""
    as_sent = event.message.policy.clone(refold_source="none")  # folding long headers again takes quadratic time
    receive_email(raw=event.message.as_bytes(policy=as_sent))
