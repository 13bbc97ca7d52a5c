"""Notices to leads that a concern is waiting, without a name, and disclosures, whose text is deleted after delivery."""

from accounts.models import User
from messaging.models import Channel
from messaging.notices.notice import Notice
from wellbeing.models import Concern, Disclosure

WAITS, DISCLOSURE = "wellbeing.concern_waits", "wellbeing.disclosure"


def concern_waits(concern: Concern, lead: User) -> Notice:
    return Notice(
        kind=WAITS,
        channel=Channel.EMAIL,
        recipient=lead,
        dedupe_key=f"{WAITS}:{concern.public_id}:{lead.public_id}",
        context={"urgent": concern.seriousness == "urgent"},
    )


def disclosed(disclosure: Disclosure) -> Notice:
    return Notice(
        kind=DISCLOSURE,
        channel=Channel.EMAIL,
        recipient=None,
        to_address=disclosure.address,
        dedupe_key=f"{DISCLOSURE}:{disclosure.public_id}",
        context={"disclosure": disclosure.public_id},
    )
