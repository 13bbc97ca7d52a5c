from messaging.models.attempt import Attempt, Outcome
from messaging.models.outbox_message import Channel, OutboxMessage, Purpose, State

__all__ = ["Attempt", "Channel", "OutboxMessage", "Outcome", "Purpose", "State"]
