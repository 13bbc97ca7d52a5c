"""Friendly messages to students about absences and holds: what they mean, what helps, whom to ask."""

from collections.abc import Sequence
from datetime import datetime

from eligibility.models import Grant, Hold, Strike
from messaging.models import Channel
from messaging.notices.notice import Notice

MISSED, HOLD_PLACED, HOLD_LIFTED = "eligibility.missed", "eligibility.hold_placed", "eligibility.hold_lifted"
EXCUSED = "eligibility.excused"


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


def excused(strike: Strike, grants: Sequence[Grant]) -> Notice:
    """An immediate email: the absence is excused, and what these grants give."""
    return Notice(
        kind=EXCUSED,
        channel=Channel.EMAIL,
        recipient=strike.student,
        regarding=strike.source_id,
        dedupe_key=f"{EXCUSED}:{strike.public_id}",
        context={"strike": strike.public_id, "grants": [grant.pk for grant in grants]},
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
