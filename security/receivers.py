from typing import Any

from django.dispatch import receiver

from accounts.models import User
from accounts.operations.signals import sharing_suspected
from security.operations.open_lead import open_lead


@receiver(sharing_suspected, dispatch_uid="security.open_lead")
def sharing_was_suspected(person: User, kind: str, evidence: dict[str, Any], **_: Any) -> None:
    """Opens a lead for a person to judge (SEC-1)."""
    open_lead(person=person, kind=kind, evidence=evidence)
