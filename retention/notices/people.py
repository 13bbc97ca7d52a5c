"""What people hear from retention: their last day, and how their requests go on. Ids and dates alone."""

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
    """`step` is what happened, `number` the entry in the request's story: each is told once."""
    return Notice(
        kind=REQUEST,
        channel=Channel.EMAIL,
        recipient=request.person,
        regarding=request.public_id,
        dedupe_key=f"{REQUEST}:{request.public_id}:{number}",
        context={"request": request.public_id, "step": step, "number": number},
    )


def erased(address: str, request_id: str) -> Notice:
    """To an address rather than a person: nobody is here any more whose message it could be."""
    return Notice(
        kind=ERASED, channel=Channel.EMAIL, recipient=None, to_address=address, dedupe_key=f"{ERASED}:{request_id}"
    )
