from messaging.models.attempt import Attempt, Outcome
from messaging.models.contact_permission import ASKED_FOR, ContactChannel, ContactPermission, How
from messaging.models.outbox_message import HAS_WORDS, Channel, OutboxMessage, Purpose, State
from messaging.models.provider_copy import ProviderCopy

__all__ = [
    "ASKED_FOR",
    "HAS_WORDS",
    "Attempt",
    "Channel",
    "ContactChannel",
    "ContactPermission",
    "How",
    "OutboxMessage",
    "Outcome",
    "ProviderCopy",
    "Purpose",
    "State",
]
