"""Records the outcome of a claimed message. Each function is one transaction and does nothing if the claim was lost."""

import logging
import random
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from foundation.values.counted import counted
from foundation.values.times import database_now
from messaging.models import Attempt, AttemptOutcome, DeliveryState, OutboxMessage
from messaging.rules.kinds import UnknownKind, kind_named

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
MOST_ATTEMPTS = 20
"""With these pauses, temporary failures are retried for about thirteen hours."""

MOST_STRIKES = 3
"""A message that kills its worker or cannot be composed is given up after this many strikes."""

DEFAULT_LOOK_UP_SECONDS = 120
"""Seconds after an interrupted request until the provider's list is trusted to be complete."""


def pause_before(attempt: int) -> timedelta:
    """Doubles up to an hour, with 20 % jitter so that a recovered provider is not flooded."""
    pause = min(FIRST_PAUSE * int(2 ** min(attempt - 1, 20)), LONGEST_PAUSE)
    return pause * random.uniform(0.8, 1.2)  # noqa: S311 - spreads retries; not used for security


def settle(
    message: OutboxMessage,
    state: DeliveryState,
    outcome: AttemptOutcome,
    detail: str = "",
    *,
    was: DeliveryState = DeliveryState.SENDING,
    **changes: Any,
) -> bool:
    """Only the dispatcher with the claim may settle. SENT is accepted late, also from queued and unknown."""
    expected = (was, DeliveryState.QUEUED, DeliveryState.UNKNOWN) if state == DeliveryState.SENT else (was,)
    with transaction.atomic(durable=True):
        mine = OutboxMessage.objects.held_by(message).filter(state__in=expected)
        if outcome == AttemptOutcome.LAPSED:  # the lease may have been renewed since the row was read
            mine = mine.stuck(database_now())
        if not mine.update(state=state, lease_until=None, **changes):
            logger.warning("message %s: %s came too late", message.public_id, outcome)
            return False
        Attempt.objects.create(message=message, outcome=outcome, detail=detail[:500], at=database_now())
    message.state = state
    logger.info("message %s (%s by %s): %s", message.public_id, message.kind, message.channel, outcome)
    return True


def settle_sent(message: OutboxMessage, provider_id: str, *, found: bool = False) -> bool:
    changes: dict[str, Any] = {"provider_id": provider_id[:200], "sent_at": database_now(), "reason": ""}
    if _words_are_secret(message):
        changes |= {"body_text": "", "body_html": "", "attachments": []}
    was = DeliveryState.UNKNOWN if found else DeliveryState.SENDING
    return settle(
        message, DeliveryState.SENT, AttemptOutcome.FOUND if found else AttemptOutcome.SENT, was=was, **changes
    )


def settle_withdrawn(message: OutboxMessage, reason: str, *, missed: bool = False) -> bool:
    state = DeliveryState.MISSED if missed else DeliveryState.CANCELLED
    return settle(message, state, AttemptOutcome.WITHDRAWN, reason, reason=reason[:300])


def settle_permanent(
    message: OutboxMessage,
    reason: str,
    outcome: AttemptOutcome = AttemptOutcome.PERMANENT,
    *,
    was: DeliveryState = DeliveryState.SENDING,
    **changes: Any,
) -> bool:
    return settle(message, DeliveryState.FAILED, outcome, reason, was=was, reason=reason[:300], **changes)


def settle_temporary(
    message: OutboxMessage, reason: str, outcome: AttemptOutcome = AttemptOutcome.TEMPORARY, **changes: Any
) -> bool:
    """Retries after a pause, or at once if the worker stopped. Gives up after MOST_ATTEMPTS."""
    if message.attempts >= MOST_ATTEMPTS:
        given_up = f"Given up after {counted(message.attempts, 'attempt')}: {reason}"
        return settle_permanent(message, given_up, outcome, **changes)
    pause = timedelta() if outcome == AttemptOutcome.LAPSED else pause_before(message.attempts)
    try_at = database_now() + pause
    return settle(message, DeliveryState.QUEUED, outcome, reason, try_at=try_at, reason=reason[:300], **changes)


def settle_strike(message: OutboxMessage, reason: str, outcome: AttemptOutcome = AttemptOutcome.TEMPORARY) -> bool:
    strikes = message.strikes + 1
    if strikes >= MOST_STRIKES:
        reason = f"Given up after {counted(strikes, 'strike')}: {reason}"
        return settle(message, DeliveryState.FAILED, outcome, reason, strikes=strikes, reason=reason[:300])
    try_at = database_now() + (timedelta() if outcome == AttemptOutcome.LAPSED else pause_before(strikes))
    return settle(message, DeliveryState.QUEUED, outcome, reason, strikes=strikes, try_at=try_at, reason=reason[:300])


def settle_uncertain(message: OutboxMessage, reason: str, outcome: AttemptOutcome = AttemptOutcome.UNCERTAIN) -> bool:
    pause = timedelta(seconds=getattr(settings, "MESSAGING_LOOK_UP_SECONDS", DEFAULT_LOOK_UP_SECONDS))
    try_at = database_now() + pause
    return settle(message, DeliveryState.UNKNOWN, outcome, reason, try_at=try_at, reason=reason[:300])


def _words_are_secret(message: OutboxMessage) -> bool:
    if message.provider == "tray":
        return False
    try:
        return kind_named(message.kind).forget_body
    except UnknownKind:
        return False
