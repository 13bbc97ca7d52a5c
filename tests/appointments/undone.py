"""What the tests of undoing ask of a booking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from accounts.models import PolicySetting, User
from appointments.models import Booking
from appointments.operations.cancel import cancel_booking
from documents.models import DocumentShare
from eligibility.models import AllocationUse, Strike
from foundation.outcomes.refusals import result_or_refusal
from foundation.values.times import database_now, local_day
from messaging.models import DeliveryState, OutboxMessage


def code_of(operation: Callable[..., Any], **asked: Any) -> str:
    refused = result_or_refusal(operation, **asked)[1]
    return refused.code if refused else ""


def by_student(booking: Booking) -> User:
    cancel_booking(booking=booking, by=booking.student, undo=True)
    return booking.student


def by_service(booking: Booking) -> User:
    cancel_booking(booking=booking, by=booking.adviser, by_service=True, reason="Ill", undo=True)
    return booking.adviser


def all_of(booking: Booking) -> dict[str, Any]:
    """Everything that belongs to a booking, but what says that it was undone."""
    row = Booking.objects.filter(pk=booking.pk).values().get()
    del row["undo"]
    source = booking.source.fields
    uses = AllocationUse.objects.filter(**source)
    waiting = OutboxMessage.objects.filter(regarding=booking.public_id, state=DeliveryState.QUEUED)
    return {
        **row,
        "uses": list(uses.values_list("policy", "period_key", "ordinal", "on", "ends_at")),
        "shares": list(DocumentShare.objects.filter(**source).values_list("document", flat=True)),
        "strikes": list(Strike.objects.filter(**source).values_list("student", "on", "about")),
        "waiting": list(waiting.order_by("pk").values_list("kind", "not_before", "try_at", "dedupe_key")),
    }  # fmt: skip


def later(booking: Booking, seconds: int = 11) -> None:
    row = Booking.objects.get(pk=booking.pk)
    assert row.undo
    until = datetime.fromisoformat(row.undo["until"]) - timedelta(seconds=seconds)
    Booking.objects.filter(pk=booking.pk).update(undo={**row.undo, "until": until.isoformat()})
    past = timedelta(seconds=seconds)
    OutboxMessage.objects.update(not_before=F("not_before") - past, try_at=F("try_at") - past)


def set_seconds(seconds: int) -> None:
    PolicySetting.objects.create(key="undo_seconds", value=seconds, effective_from=local_day(database_now()))
