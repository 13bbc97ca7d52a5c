"""What a colleague does with an email that opened no query, and reading its original."""

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
    """Handles the email again as if it had just arrived.

    Refused: not_yours, email_done, and email_unreadable if it fails again.
    """
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
    """Puts the email in its thread or opens a query, whatever it looks like. If it is unreadable, the query says so."""
    require(may_settle(by), status=403)
    try:
        said = read_email(bytes(email.raw))
    except Exception as error:  # a bug of ours; the colleague still gets a query with the original
        logger.error("email %s could not be read (%s)", email.public_id, type(error).__name__)
        said = UNREADABLE
    return _place_again(email=email, said=said, by=by, whatever_it_is=True)


@in_one_transaction
def settle_email(*, email: InboundEmail, by: User) -> InboundEmail:
    """Marks it as dealt with elsewhere or needing nothing. It stays in the list until retention deletes it."""
    require(may_settle(by), status=403)
    locked = _locked(email)
    locked.handling = Handling.SETTLED
    locked.save(update_fields=["handling"])
    _record(locked, by)
    return locked


@in_one_transaction
def read_original(*, email: InboundEmail, by: User) -> bytes:
    """The email as received. The reading is recorded first (DATA-6); if that fails, nothing is shown."""
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
    """Takes the same lock as receiving, before the people of its thread. Refused: email_done."""
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
