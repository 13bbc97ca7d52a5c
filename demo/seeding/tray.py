"""Sends due messages through the outbox, so that the tray has real messages."""

from django.db.models import F

from demo.seeding.institution import Institution
from demo.seeding.named_people import NAMED_PEOPLE
from messaging.models import DeliveryState, OutboxMessage
from messaging.operations.deliver import deliver_message


def deliver_first_messages(institution: Institution) -> None:
    """Delivers confirmations for the named people and all reminders due by now.

    Runs outside a transaction, because each message commits.
    """
    emails = [person.email for person in NAMED_PEOPLE]
    waiting = OutboxMessage.objects.filter(state=DeliveryState.QUEUED)
    confirmations = waiting.filter(recipient__email__in=emails, kind="appointments.booked")
    due = waiting.filter(not_before__lte=institution.now)
    wanted = list((due | confirmations).order_by("not_before").values_list("public_id", flat=True))
    for public_id in wanted:
        deliver_message(public_id)
    sent = OutboxMessage.objects.filter(public_id__in=wanted, state=DeliveryState.SENT)
    sent.filter(not_before__lt=institution.now).update(sent_at=F("not_before"))
