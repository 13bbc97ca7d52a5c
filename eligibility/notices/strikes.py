"""Friendly messages to students about absences and holds: what they mean, what helps, whom to ask."""

from datetime import datetime

from eligibility.models import Hold, Strike
from messaging.models import Channel
from messaging.notices.notice import Notice

MISSED, HOLD_PLACED, HOLD_LIFTED = "eligibility.missed", "eligibility.hold_placed", "eligibility.hold_lifted"


def missed(strike: Strike, not_before: datetime) -> Notice:
    """Sent once per strike; withdrawn if the strike is removed or excused before the message is sent."""
    return Notice(
        kind=MISSED,
        channel=Channel.EMAIL,
        recipient=strike.student,
        regarding=strike.source_id,
        dedupe_key=f"{MISSED}:{strike.public_id}",
        context={"strike": strike.public_id},
        not_before=not_before,
    )


def about_hold(kind: str, hold: Hold) -> Notice:
    """An immediate email. `kind`: HOLD_PLACED or HOLD_LIFTED."""
    return Notice(
        kind=kind,
        channel=Channel.EMAIL,
        recipient=hold.student,
        regarding=hold.public_id,
        dedupe_key=f"{kind}:{hold.public_id}",
        context={"hold": hold.public_id},
    )
