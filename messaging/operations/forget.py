"""Deletes messages, here and at the provider. Retention decides when, and records it."""

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
    """Deletes messages about these public ids."""
    return _forget(OutboxMessage.objects.filter(regarding__in=things, regarding__gt=""))


def forget_permissions(people: Collection[int]) -> int:
    return delete_rows(ContactPermission.objects.filter(person__in=people))


def forget_addressed(before: datetime) -> int:
    """Deletes old messages to an address rather than a known person (a School, or somebody who emailed us), if they
    were settled and sent before then."""
    over = OutboxMessage.objects.filter(recipient__isnull=True, state__in=OVER, created_at__lt=before)
    return _forget(over.filter(Q(sent_at__isnull=True) | Q(sent_at__lt=before)))


def forget_words(before: datetime) -> int:
    """Deletes the text of settled messages from before then. That they were sent, to whom and when is kept."""
    over = OutboxMessage.objects.filter(state__in=OVER, created_at__lt=before)
    keys = over.filter(HAS_WORDS).order_by("created_at").values("pk")[:AT_A_TIME]
    empty = {"subject": "", "body_text": "", "body_html": "", "attachments": []}
    return OutboxMessage.objects.filter(pk__in=keys).update(**empty)


def _forget(messages: models.QuerySet[OutboxMessage]) -> int:
    """Deletes the messages and lists their copies at the provider, which are deleted after this transaction commits."""
    sent = messages.filter(channel=Channel.SMS).exclude(provider_id="")
    copies = [ProviderCopy(channel=Channel.SMS, provider_id=key) for key in sent.values_list("provider_id", flat=True)]
    ProviderCopy.objects.bulk_create(copies, ignore_conflicts=True)
    attempts = delete_rows(Attempt.objects.filter(message__in=messages))
    return attempts + delete_rows(messages)


def delete_copies() -> tuple[int, int]:
    """Asks providers to delete the listed copies. Returns how many are gone and how many are left for another night.

    Only texts: a delivered email belongs to its recipient, and no relay keeps one. Runs outside a transaction.
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
        pass  # it does not exist (any more)
    except ProviderFailure as failure:
        logger.warning("a provider's copy could not be deleted: %s", failure)
        ProviderCopy.objects.filter(pk=copy.pk).update(asked_at=models.functions.Now(), tries=F("tries") + 1)
        return False
    with transaction.atomic():
        delete_rows(ProviderCopy.objects.filter(pk=copy.pk))
    return True
