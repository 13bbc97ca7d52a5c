import uuid
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction

from foundation.process.deadlines import SWEEP
from foundation.values.times import database_now
from messaging.models import AttemptOutcome, DeliveryState, OutboxMessage
from messaging.operations.settle import settle, settle_permanent, settle_sent
from messaging.providers.choice import provider_for
from messaging.providers.provider import LooksUp, LookUpResult, ProviderFailure

AT_A_TIME = 20
ASK_AGAIN_AFTER = timedelta(minutes=10)
ASK_FOR_AT_MOST = timedelta(days=2)


def look_up_unknown(*, seconds: float = SWEEP) -> int:
    """Asks the provider about messages in state unknown. Returns how many it asked about: at least one if any is due,
    and no more once `seconds` have passed.

    Found: sent. Known to be absent: queued again, since it was not sent. No answer: asked again later for two days,
    then failed.
    """
    until, asked = monotonic() + seconds, 0
    while asked < AT_A_TIME and (asked == 0 or monotonic() < until) and (message := _take_one()) is not None:
        asked += 1
        _ask(message)
    return asked


def _take_one() -> OutboxMessage | None:
    with transaction.atomic(durable=True):
        now = database_now()
        unresolved = OutboxMessage.objects.unresolved(now).order_by("try_at", "id")
        message = unresolved.select_for_update(skip_locked=True).first()
        if message is not None:
            message.try_at = now + ASK_AGAIN_AFTER
            message.claim = uuid.uuid4()
            message.save(update_fields=("try_at", "claim"))
    return message


def _ask(message: OutboxMessage) -> None:
    provider, since = provider_for(message.channel), message.handed_over_at or message.created_at
    if not isinstance(provider, LooksUp):
        settle_permanent(message, "Nobody can tell whether it was sent.", was=DeliveryState.UNKNOWN)
        return
    try:
        found = provider.look_up(message, since, not_these=_known_ids(message, since))
    except ProviderFailure:
        if database_now() - since > ASK_FOR_AT_MOST:
            settle_permanent(message, "The provider never said whether it was sent.", was=DeliveryState.UNKNOWN)
        return
    _settle(message, found)


def _settle(message: OutboxMessage, found: LookUpResult | None) -> None:
    if found is None:
        reason = "The provider has not had it."
        settle(
            message,
            DeliveryState.QUEUED,
            AttemptOutcome.ABSENT,
            reason,
            was=DeliveryState.UNKNOWN,
            try_at=database_now(),
            reason=reason,
        )
    elif found.failed:
        settle_permanent(message, found.failed, was=DeliveryState.UNKNOWN)
    else:
        settle_sent(message, found.provider_id, found=True)


def _known_ids(message: OutboxMessage, since: datetime) -> frozenset[str]:
    """Provider ids that belong to other messages: two texts may have the same number and words."""
    others = OutboxMessage.objects.filter(to_address=message.to_address, channel=message.channel, sent_at__gte=since)
    return frozenset(others.exclude(provider_id="").values_list("provider_id", flat=True))
