"""Notices to people about their last day and the progress of their requests. Contexts contain ids and dates only."""

from datetime import date

from accounts.models import User
from messaging.models import Channel
from messaging.notices.notice import Notice
from retention.models import RightsRequest

LEAVING, REQUEST, ERASED = "retention.leaving", "retention.request", "retention.erased"


def leaving(person: User, kept_until: date) -> Notice:
    return Notice(
        kind=LEAVING,
        channel=Channel.EMAIL,
        recipient=person,
        dedupe_key=f"{LEAVING}:{person.public_id}:{kept_until}",
        context={"kept_until": kept_until.isoformat()},
    )


def request_news(request: RightsRequest, step: str, number: int) -> Notice:
    """`step` is what happened; `number` is the primary key of its entry in the history, so that each is sent once."""
    return Notice(
        kind=REQUEST,
        channel=Channel.EMAIL,
        recipient=request.person,
        regarding=request.public_id,
        dedupe_key=f"{REQUEST}:{request.public_id}:{number}",
        context={"request": request.public_id, "step": step, "number": number},
    )


def erased(address: str, request_id: str) -> Notice:
    """Sent to an address, because the person no longer exists in the database."""
    return Notice(
        kind=ERASED, channel=Channel.EMAIL, recipient=None, to_address=address, dedupe_key=f"{ERASED}:{request_id}"
    )
