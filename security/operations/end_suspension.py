"""How a graduate's case ends: one officer can reinstate the account; terminating it needs two (SEC-4)."""

from accounts.models import User
from accounts.operations.account_status import reinstate_account, terminate_account
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.values.times import database_now
from messaging.operations.queue_message import queue_messages
from security.models import CaseEnding, SecurityCase
from security.notices.account import about_account
from security.operations.case_steps import end
from security.operations.lock_case import breach_of, lock_case
from security.operations.record_step import record_step
from security.rules.cases import breach_is_settled, may_confirm, may_end_suspension, may_propose, may_withdraw


@in_one_transaction
def reinstate(*, case: SecurityCase, reason: str, by: User) -> SecurityCase:
    """Reinstates the account, restores held bookings, tells the person and closes the case."""
    _require_words(reason)
    locked = lock_case(case, by)
    require(may_end_suspension(locked))
    require(breach_is_settled(breach_of(locked)))
    reinstate_account(person=locked.person, by=by)
    end(locked, CaseEnding.REINSTATED, by, reason.strip())
    queue_messages([about_account("reinstated", locked)])
    return locked


@in_one_transaction
def propose_termination(*, case: SecurityCase, reason: str, by: User) -> SecurityCase:
    """The first officer proposes to terminate the account. Nothing changes for the person yet."""
    _require_words(reason)
    locked = lock_case(case, by)
    require(may_propose(locked))
    now = database_now()
    locked.termination_proposed_by, locked.termination_proposed_at = by, now
    locked.termination_reason = reason.strip()
    locked.save()
    record_step(locked, "termination_proposed", by=by, at=now, words=locked.termination_reason)
    return locked


@in_one_transaction
def withdraw_termination(*, case: SecurityCase, by: User) -> SecurityCase:
    """Withdraws the proposal; the officer who made it can do so, and any other."""
    locked = lock_case(case, by)
    require(may_withdraw(locked))
    locked.termination_proposed_by = locked.termination_proposed_at = None
    locked.termination_reason = ""
    locked.save()
    record_step(locked, "termination_withdrawn", by=by, at=database_now())
    return locked


@in_one_transaction
def confirm_termination(*, case: SecurityCase, by: User) -> SecurityCase:
    """A second officer confirms the termination; the first cannot.

    Cancels held bookings, tells the person and closes the case.
    """
    locked = lock_case(case, by)
    require(may_confirm(locked, by))
    require(breach_is_settled(breach_of(locked)))
    terminate_account(person=locked.person, by=by)
    locked.termination_confirmed_by = by
    end(locked, CaseEnding.TERMINATED, by, locked.termination_reason)
    queue_messages([about_account("terminated", locked)])
    return locked


def _require_words(reason: str) -> None:
    if not reason.strip():
        raise Refused("reason_needed", "Say why.", field="reason", status=422)
