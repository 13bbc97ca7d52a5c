"""How messages are forgotten, here and at the provider; when, is for retention to say, which records it."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime

from django.db import models, transaction
from django.db.models import F, Q

from foundation.db.deleting import delete_rows
from messaging.models import HAS_WORDS, Attempt, Channel, ContactPermission, DeliveryState, OutboxMessage, ProviderCopy
from messaging.providers.choice import provider_for
from messaging.providers.provider import Deletes, PermanentFailure, ProviderFailure

logger = logging.getLogger(__name__)

AT_A_TIME = 1000
COPIES_AT_A_TIME = 100
OVER = (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.CANCELLED, DeliveryState.MISSED)


def forget_messages(people: Collection[int]) -> int:
    return _forget(OutboxMessage.objects.filter(recipient__in=people))


def forget_messages_about(things: Collection[str]) -> int:
    """`things`: public ids of what the messages tell of."""
    return _forget(OutboxMessage.objects.filter(regarding__in=things, regarding__gt=""))


def forget_permissions(people: Collection[int]) -> int:
    return delete_rows(ContactPermission.objects.filter(person__in=people))


def forget_addressed(before: datetime) -> int:
    """Messages to an address rather than to somebody known here (a School, whoever wrote an email), once they are
    over for so long."""
    over = OutboxMessage.objects.filter(recipient__isnull=True, state__in=OVER, created_at__lt=before)
    return _forget(over.filter(Q(sent_at__isnull=True) | Q(sent_at__lt=before)))


def forget_words(before: datetime) -> int:
    """What was said in messages that were over by then: that they were sent, to whom and when stays."""
    over = OutboxMessage.objects.filter(state__in=OVER, created_at__lt=before)
    keys = over.filter(HAS_WORDS).order_by("created_at").values("pk")[:AT_A_TIME]
    empty = {"subject": "", "body_text": "", "body_html": "", "attachments": []}
    return OutboxMessage.objects.filter(pk__in=keys).update(**empty)


def _forget(messages: models.QuerySet[OutboxMessage]) -> int:
    """The provider's copy is noted down to be deleted once this is committed: nothing is asked of it in here."""
    sent = messages.filter(channel=Channel.SMS).exclude(provider_id="")
    copies = [ProviderCopy(channel=Channel.SMS, provider_id=key) for key in sent.values_list("provider_id", flat=True)]
    ProviderCopy.objects.bulk_create(copies, ignore_conflicts=True)
    attempts = delete_rows(Attempt.objects.filter(message__in=messages))
    return attempts + delete_rows(messages)


def delete_copies() -> tuple[int, int]:
    """Has providers delete what they were noted down for; how many are gone, and how many are left for another night.

    Texts alone: an email that has been delivered is its recipient's, and no relay keeps one. Outside a transaction.
    """
    gone = 0
    for copy in ProviderCopy.objects.order_by("asked_at", "pk")[:COPIES_AT_A_TIME]:
        gone += _delete_copy(copy)
    return gone, ProviderCopy.objects.count()


def _delete_copy(copy: ProviderCopy) -> bool:
    provider = provider_for(copy.channel)
    try:
        if isinstance(provider, Deletes):
            provider.delete(copy.provider_id)
    except PermanentFailure:
        pass  # it does not have it (any more)
    except ProviderFailure as failure:
        logger.warning("a provider's copy could not be deleted: %s", failure)
        ProviderCopy.objects.filter(pk=copy.pk).update(asked_at=models.functions.Now(), tries=F("tries") + 1)
        return False
    with transaction.atomic():
        delete_rows(ProviderCopy.objects.filter(pk=copy.pk))
    return True
