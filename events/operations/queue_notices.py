from datetime import datetime
from typing import Any

from accounts.rules.policy import Policy
from events.models import Registration, RegistrationStatus
from events.notices.registration import REGISTERED, reminders, told
from messaging.operations.cancel_messages import cancel_messages
from messaging.operations.hold_back import hold_back


def queue_registration_notices(
    kind: str,
    registration: Registration,
    policy: Policy,
    now: datetime,
    until: datetime | None = None,
    **more: Any,
) -> list[str]:
    """In the operation's own transaction: withdraws outdated messages, queues the one of this `kind`, and reminders if
    the student is still expected (APPT-5). They wait until `until`, the end of the time in which it can be undone.

    `more` is added to the message's context. Returns the public ids of the messages.
    """
    if kind != REGISTERED:
        cancel_messages(regarding=registration.public_id, reason="The registration has changed since.")
    notices = [told(kind, registration, **more)]
    if registration.status == RegistrationStatus.REGISTERED:
        notices += reminders(registration, policy, now)
    return hold_back(notices, now, until or now)
