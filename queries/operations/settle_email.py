"""What a colleague does with an email that no query came of, and how its original is read."""

from __future__ import annotations

import logging

from accounts.models import User
from accounts.operations.record_audit import record_audit
from accounts.operations.record_reading import record_reading
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from queries.models import Handling, InboundEmail
from queries.operations.place_email import place_email
from queries.operations.receive_email import lock_email
from queries.rules.answering import may_settle
from queries.rules.emails import UNREADABLE, ReadEmail, read_email

logger = logging.getLogger(__name__)


def retry_email(*, email: InboundEmail, by: User) -> InboundEmail:
    """As if it came in now. Refused: not_yours, email_done, email_unreadable where it fails again."""
    require(may_settle(by), status=403)
    try:
        return _place_again(email=email, said=read_email(bytes(email.raw)), by=by, whatever_it_is=False)
    except Refused:
        raise
    except Exception as error:
        logger.error("email %s could not be handled again (%s)", email.public_id, type(error).__name__)
        raise Refused(
            "email_unreadable",
            "We still cannot read this email.",
            "Download the original, or open it as a query.",
            status=422,
        ) from error


def open_email(*, email: InboundEmail, by: User) -> InboundEmail:
    """Into its thread or a query of its own, whatever it looks like. What cannot be read opens one that says so."""
    require(may_settle(by), status=403)
    try:
        said = read_email(bytes(email.raw))
    except Exception as error:  # a defect of ours, and the colleague still gets the query with the original
        logger.error("email %s could not be read (%s)", email.public_id, type(error).__name__)
        said = UNREADABLE
    return _place_again(email=email, said=said, by=by, whatever_it_is=True)


@in_one_transaction
def settle_email(*, email: InboundEmail, by: User) -> InboundEmail:
    """Dealt with elsewhere, or nothing to do. It stays in the list until its time is up."""
    require(may_settle(by), status=403)
    locked = _locked(email)
    locked.handling = Handling.SETTLED
    locked.save(update_fields=["handling"])
    _record(locked, by)
    return locked


@in_one_transaction
def read_original(*, email: InboundEmail, by: User) -> bytes:
    """The email as it came in. That it was looked at is recorded first (DATA-6), or nothing is shown."""
    student = email.query.person if email.query else None
    record_reading(reader=by, on=email, student=student)
    return bytes(email.raw)


@in_one_transaction
def _place_again(*, email: InboundEmail, said: ReadEmail, by: User, whatever_it_is: bool) -> InboundEmail:
    locked = _locked(email)
    place_email(locked, said, whatever_it_is=whatever_it_is)
    _record(locked, by)
    return locked


def _locked(email: InboundEmail) -> InboundEmail:
    """Locked as receiving locks it, before the people of its thread. Refused: email_done."""
    lock_email(email.digest)
    found = InboundEmail.objects.filter(pk=email.pk).first()
    if found is None or not found.may_be_opened:
        raise Refused("email_done", "This email has already been dealt with.", "Nothing more needs doing.")
    return found


def _record(email: InboundEmail, by: User) -> None:
    record_audit(
        actor=by, action=f"email_{email.handling}", on=email,
        student=email.query.person if email.query else None,
    )  # fmt: skip
