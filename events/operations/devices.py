"""Check-in devices: a tablet that can check people in at one event, and nothing else, until it ends by itself."""

import hashlib
import secrets
from datetime import timedelta

from accounts.models import User
from accounts.operations.record_audit import record_audit
from accounts.rules.policy import policy_in_force
from events.models import CheckInDevice, Event
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.values.times import database_now


def digest_of_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@in_one_transaction
def open_device(*, event: Event | None, name: str, by: User) -> tuple[CheckInDevice, str]:
    """The device and its token, which is nowhere else. Only careers staff open one. Without an event it is for arrivals
    at the front desk."""
    if not by.is_careers_staff:
        raise Refused("not_yours", "Only careers staff can open a check-in device.", status=403)
    now, token = database_now(), secrets.token_urlsafe(32)
    ends = now + timedelta(hours=policy_in_force().check_in_device_hours)
    device = CheckInDevice.objects.create(
        name=name.strip() or "Check-in", token_digest=digest_of_token(token), event=event, opened_by=by, opened_at=now,
        expires_at=ends,
    )  # fmt: skip
    record_audit(actor=by, action="device_opened", on=device, event=event.public_id if event else "")
    return device, token


@in_one_transaction
def end_device(*, device: CheckInDevice, by: User) -> None:
    """Ends it at once. Done twice, it is done once."""
    row = CheckInDevice.objects.select_for_update(no_key=True).get(pk=device.pk)
    if row.ended_at is None:
        row.ended_at = database_now()
        row.save(update_fields=["ended_at"])
        record_audit(actor=by, action="device_ended", on=row)
