"""Notices to information governance and wellbeing leads that something is waiting; they name nobody."""

from datetime import date

from accounts.models import User
from messaging.models import Channel
from messaging.notices.notice import Notice
from retention.models import LegalHold, PurgeRun, RightsRequest

OFFICER = "retention.officer"


def _notice(officer: User, what: str, once: str, address: str, *args: str) -> Notice:
    return Notice(
        kind=OFFICER,
        channel=Channel.EMAIL,
        recipient=officer,
        dedupe_key=f"{OFFICER}:{what}:{once}:{officer.public_id}",
        context={"what": what, "address": address, "args": list(args)},
    )


def asking(officer: User, run: PurgeRun) -> Notice:
    return _notice(officer, "asking", run.public_id, "purge_run_detail", run.public_id)


def late(officer: User, day: date) -> Notice:
    return _notice(officer, "late", day.isoformat(), "retention_overview")


def roles_to_review(officer: User, week: str) -> Notice:
    return _notice(officer, "review", week, "role_list")


def hold_ends(officer: User, hold: LegalHold) -> Notice:
    once = f"{hold.public_id}:{hold.expires_on}"
    return _notice(officer, "hold_ends", once, "legal_hold_detail", hold.public_id)


def request_waits(officer: User, request: RightsRequest, what: str, day: date | None = None) -> Notice:
    """`what`: new, due_soon, late_request, or part_waits for whoever decides whether a class is in a copy.

    `day`: send once on each day.
    """
    address = "rights_part_list" if what == "part_waits" else "rights_request_detail"
    args = () if what == "part_waits" else (request.public_id,)
    return _notice(officer, what, f"{request.public_id}:{day or request.due_on}", address, *args)
