from messaging.models.attempt import Attempt, AttemptOutcome
from messaging.models.contact_permission import ASKED_FOR, ContactChannel, ContactPermission, How
from messaging.models.heartbeat import Heartbeat, Part
from messaging.models.outbox_message import HAS_WORDS, MOST_COPIES, Channel, DeliveryState, OutboxMessage, Purpose
from messaging.models.provider_copy import ProviderCopy

__all__ = [
    "ASKED_FOR",
    "HAS_WORDS",
    "MOST_COPIES",
    "Attempt",
    "AttemptOutcome",
    "Channel",
    "ContactChannel",
    "ContactPermission",
    "DeliveryState",
    "Heartbeat",
    "How",
    "OutboxMessage",
    "Part",
    "ProviderCopy",
    "Purpose",
]
