import logging
from collections.abc import Iterable
from functools import partial
from time import monotonic

from foundation.process.deadlines import SWEEP
from foundation.values.times import database_now
from messaging.models import MOST_COPIES, AttemptOutcome, Channel, DeliveryState, OutboxMessage
from messaging.operations.claim_message import claim_message
from messaging.operations.hand_over import hand_over
from messaging.operations.note_copy import note_copy
from messaging.operations.settle import (
    settle_permanent,
    settle_sent,
    settle_strike,
    settle_temporary,
    settle_uncertain,
    settle_withdrawn,
)
from messaging.providers.choice import provider_for
from messaging.providers.mail import message_id_of
from messaging.providers.provider import (
    PermanentFailure,
    Provider,
    SaysGoodbye,
    SaysWhenContentLeaves,
    Sent,
    TemporaryFailure,
    UncertainOutcome,
)
from messaging.rules.heartbeats import address_of, may_be_sent
from messaging.rules.kinds import Composed, Withdrawn, kind_named
from messaging.selectors import is_permitted

logger = logging.getLogger(__name__)

FAILURES_IN_A_ROW = 3


def deliver_message(public_id: str = "") -> OutboxMessage | None:
    """Claims (commits), composes, hands over (commits), calls the provider, settles (commits).

    Safe to call at any time from any number of workers: the one that holds the claim sends. Without an id, takes the
    longest waiting message. Returns None if there was nothing to do. Never calls the provider inside a transaction.
    """
    message = claim_message(public_id)
    if message is None:
        return None
    decision = may_be_sent(message, database_now(), permitted=is_permitted(message))
    if not decision.allowed:
        settle_withdrawn(message, decision.message, missed=decision.code == "message_expired")
    else:
        _compose_and_send(message)
    return message


def deliver_messages(public_ids: Iterable[str], *, seconds: float = SWEEP) -> None:
    """Delivers these messages until the time is up. A sweep finds the rest."""
    until = monotonic() + seconds
    for public_id in public_ids:
        if monotonic() < until:
            deliver_message(public_id)


def deliver_due(*, seconds: float = SWEEP) -> int:
    """Delivers waiting messages until none is left or the time is up. Returns how many it processed.

    Stops early after several temporary failures in a row: the provider is down, and each message has its own pause.
    """
    until, done, failing = monotonic() + seconds, 0, 0
    while monotonic() < until and failing < FAILURES_IN_A_ROW:
        message = deliver_message()
        if message is None:
            break
        done += 1
        failing = failing + 1 if message.state == DeliveryState.QUEUED else 0
    return done


def _compose_and_send(message: OutboxMessage) -> None:
    try:
        composed = kind_named(message.kind).compose(message)
    except Exception as failure:  # composing may fail in any way; the next message must still go out
        logger.exception("message %s (%s) could not be composed", message.public_id, message.kind)
        settle_strike(message, f"Its words could not be composed ({type(failure).__name__}).")
        return
    if isinstance(composed, Withdrawn):
        settle_withdrawn(message, composed.reason, missed=composed.missed)
        return
    if message.copies >= MOST_COPIES:
        settle_permanent(message, "It may have arrived twice: the mail server never said whether it took it.")
        return
    provider = provider_for(message.channel)
    if isinstance(provider, SaysWhenContentLeaves):
        provider.before_content = partial(note_copy, message)
    if hand_over(
        message,
        composed,
        address=address_of(message),
        provider=provider.name,
        message_id=message_id_of(message),
    ):
        try:
            _send(message, composed, provider)
        finally:
            if isinstance(provider, SaysGoodbye):
                provider.say_goodbye()


def _send(message: OutboxMessage, composed: Composed, provider: Provider) -> None:
    """Restores `copies` if the provider says that it did not accept the message."""
    try:
        sent: Sent = provider.send(message, composed)
    except PermanentFailure as failure:
        settle_permanent(message, str(failure), copies=message.copies)
    except TemporaryFailure as failure:
        settle_temporary(message, str(failure), copies=message.copies)
    except UncertainOutcome as failure:
        _settle_not_known(message, str(failure))
    except Exception as failure:  # a bug of ours: it may or may not have been sent
        logger.exception("message %s: its provider broke", message.public_id)
        _settle_not_known(message, f"The provider's code failed ({type(failure).__name__}).")
    else:
        settle_sent(message, sent.provider_id)


def _settle_not_known(message: OutboxMessage, reason: str) -> None:
    """Retries an email once with the same Message-ID. A text is sent at most once, so it is looked up first."""
    if message.channel == Channel.SMS:
        settle_uncertain(message, reason)
    else:
        settle_temporary(message, reason, AttemptOutcome.UNCERTAIN)
