"""Assigns, recategorises, resolves and reopens queries."""

from accounts.models import User
from accounts.operations.record_audit import record_audit
from accounts.operations.undo import note_undo, undo_until
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.values.times import database_now
from messaging.operations.hold_back import hold_back
from queries.models import Category, Query, QueryMessage, QueryStatus
from queries.notices.queries import resolved
from queries.operations.appeals import name_hold, require_other_manager, tell_hold
from queries.operations.as_seen import require_query_as_seen
from queries.operations.write_message import UNDOABLE, lock_query, promise_answer, reply_to_query
from queries.rules.answering import answers, is_undecided, may_answer

RESOLUTION = "resolved"
"""What `undo_query_change` undoes."""


@in_one_transaction
def assign_query(*, query: Query, owner: User | None, by: User) -> Query:
    """Assigns a query to a colleague who may answer it, to oneself, or back to everybody."""
    require(may_answer(by, query), status=403)
    locked = lock_query(query)
    if owner is not None and not answers(owner, locked):
        raise Refused("not_theirs", "This colleague does not answer this kind of query.", field="owner", status=422)
    require_query_as_seen(query, locked, by)
    locked.owner = owner
    locked.save(update_fields=["owner"])
    _record(locked, by, "query_assigned")
    return locked


@in_one_transaction
def change_category(*, query: Query, category: str, by: User) -> Query:
    """Moves a query to those who answer that category.

    Refused once circumstances were decided, and (`own_decision`) for an appeal that somebody else must decide.
    """
    require(may_answer(by, query), status=403)
    locked = lock_query(query)
    if category not in Category.values or locked.decision:
        raise Refused("category", "You cannot change the category of this query.", field="category", status=422)
    require_other_manager(locked, by)
    require_query_as_seen(query, locked, by)
    locked.category = category
    name_hold(locked)
    if locked.owner and not answers(locked.owner, locked):
        locked.owner = None
    locked.save(update_fields=["category", "owner", "about_kind", "about_id", "about_words"])
    tell_hold(locked)
    _record(locked, by, "query_recategorised")
    return locked


@in_one_transaction
def resolve_query(*, query: Query, by: User, undecided: bool = False, undo: bool = False) -> Query:
    """Resolves a query, which starts its two months of retention (MAIL-1).

    With `undo`, it can be undone for some seconds (`undo_query_change`). Until then the person is told nothing.

    For those who answer it and for its person, who gives up a decision only with `undecided`. Refused: `undecided`
    without it, `resolved_already`, `changed_since`, `own_decision` (somebody else must decide the appeal).
    """
    if query.person_id != by.pk:
        require(may_answer(by, query), status=403)
    locked = lock_query(query)
    if locked.is_resolved:
        raise Refused("resolved_already", "This query is resolved already.", "Nothing more needs doing.")
    require_query_as_seen(query, locked, by)
    if locked.person_id == by.pk and is_undecided(locked) and not undecided:
        raise Refused("undecided", "Nobody has decided this yet.", "If you close it now, nobody will decide it.")
    if locked.person_id != by.pk:
        require_other_manager(locked, by)
    now, before = database_now(), locked.values_of(UNDOABLE)
    until = undo_until(now) if undo else now
    locked.state, locked.resolved_at, locked.undo = QueryStatus.RESOLVED, now, None
    queued = hold_back([resolved(locked)], now, until) if locked.person_id != by.pk else []
    if until > now:
        note_undo(locked, RESOLUTION, by=by, until=until, before=before, queued=queued)
    locked.save(update_fields=["state", "resolved_at", "undo"])
    tell_hold(locked)
    _record(locked, by, "query_resolved")
    return locked


@in_one_transaction
def reply_and_resolve(
    *, query: Query, text: str, by: User, waits: bool = True, once: str = "", undo: bool = False
) -> QueryMessage:
    """Does both or neither, and undoes both: if resolving is refused, no reply is saved or sent. Sent twice, it is done
    once."""
    message = reply_to_query(query=query, text=text, by=by, waits=waits, once=once, undo=undo)
    if message.query.is_resolved:
        return message  # a reply opens a query again, so this one was sent before
    reply = message.query.undo
    done = resolve_query(query=message.query, by=by, undo=undo)
    if reply and done.undo:
        done.undo = {**reply, "after": done.undo["after"], "queued": reply["queued"] + done.undo["queued"]}
        done.save(update_fields=["undo"])
    return message


@in_one_transaction
def reopen_query(*, query: Query, by: User) -> Query:
    """Reopens a query, with a new day for our answer.

    The two months of retention start again when it is next resolved.
    """
    if query.person_id != by.pk:
        require(may_answer(by, query), status=403)
    locked = lock_query(query)
    if not locked.is_resolved:
        raise Refused("open_already", "This query is open already.", "Write into it.")
    require_query_as_seen(query, locked, by)
    promise_answer(locked, database_now())
    locked.save(update_fields=["state", "resolved_at", "due_on"])
    tell_hold(locked)
    _record(locked, by, "query_reopened")
    return locked


def _record(query: Query, by: User, action: str) -> None:
    record_audit(actor=by, action=action, on=query, student=query.person)
