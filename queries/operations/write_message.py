"""Writes a message in a thread: by its person, by us to the person, or between colleagues."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import EventKind, User
from accounts.operations.count_events import Limit, require_count
from accounts.operations.lock_people import lock_people
from accounts.operations.once import Once
from accounts.operations.record_audit import record_audit
from accounts.operations.undo import note_undo, undo_until
from accounts.rules.policy import policy_in_force
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.values.times import database_now
from messaging.operations.hold_back import hold_back
from queries.models import InboundEmail, MessageKind, Query, QueryMessage, QueryStatus, Via
from queries.notices.queries import replied
from queries.operations.appeals import require_other_manager, tell_hold
from queries.operations.as_seen import require_query_as_seen
from queries.rules.answering import may_answer, may_write
from queries.selectors.promises import answer_day

REPLY = "reply"
"""What `undo_query_change` undoes."""

UNDOABLE = ("state", "resolved_at", "due_on", "last_at", "answered_at", "owner_id")
"""The fields of a query that a reply or resolving it changes."""


@in_one_transaction
def write_to_query(
    *,
    query: Query,
    text: str,
    by: User | None,
    via: str = Via.PAGE,
    quoted: str = "",
    sender: str = "",
    email: InboundEmail | None = None,
    once: str = "",
) -> QueryMessage:
    """The person writes again. We promise an answer anew, unless they still wait for one.

    A resolved query is reopened, and its two months start again when it is next resolved (MAIL-1).

    `by` is empty for an email with a reply token: the token proves the thread, but not who typed the email. If the
    query was merged, the message goes into the one it was merged into. Sent twice with one key (`once`), it is written
    once.
    """
    key = Once(by, once, ("written", query.public_id, text))
    if earlier := key.earlier():
        return _written(earlier)
    if by is not None:
        require(may_write(by, query), status=403)
    locked = lock_query(query, follows_merges=by is None)
    if by is not None:
        require_query_as_seen(query, locked, by)
        require_not_too_many(by)
    now = database_now()
    promise_answer(locked, now)
    locked.last_at = locked.seen_at = now
    locked.save(update_fields=["state", "resolved_at", "due_on", "last_at", "seen_at"])
    tell_hold(locked)
    message = _add(locked, MessageKind.ASKED, text, by, now, via=via, quoted=quoted, from_address=sender, email=email)
    key.remember(message.public_id)
    _record(locked, by, "query_written_to")
    return message


@in_one_transaction
def reply_to_query(
    *, query: Query, text: str, by: User, waits: bool = True, via: str = Via.PAGE, once: str = "", undo: bool = False
) -> QueryMessage:
    """Emails a reply to the person. The first colleague to reply becomes the owner.

    Refused: `changed_since` on a page that does not show an earlier reply, `own_decision` to who made the decision that
    an undecided appeal is about, and `undone_already` if the same form was sent before and undone.

    With `undo`, it can be undone for some seconds (`undo_query_change`). Until then the person is told nothing.

    `waits`: the query is answered and now waits for the person, so it is not overdue. Without it the query stays open,
    with a new day by which we write again.
    """
    require(may_answer(by, query), status=403)
    key = Once(by, once, ("reply", query.public_id, text, waits))
    if earlier := key.earlier():
        return _written(earlier)
    locked = lock_query(query)
    require_other_manager(locked, by)
    require_query_as_seen(query, locked, by)
    now, before = database_now(), locked.values_of(UNDOABLE)
    until = undo_until(now) if undo else now
    locked.state, locked.resolved_at, locked.last_at = QueryStatus.WAITING, None, now
    if not waits:
        promise_answer(locked, now)
    locked.answered_at = locked.answered_at or now
    locked.owner = locked.owner or by
    message = _add(locked, MessageKind.REPLY, text, by, now, via=via, held_until=until if until > now else None)
    queued = hold_back([replied(locked, message)], now, until)
    locked.undo = None
    if until > now:
        note_undo(locked, REPLY, by=by, until=until, before=before, message=message.public_id, queued=queued)
    locked.save(update_fields=["state", "resolved_at", "due_on", "last_at", "answered_at", "owner", "undo"])
    tell_hold(locked)
    key.remember(message.public_id)
    _record(locked, by, "query_replied_to")
    return message


@in_one_transaction
def comment_on_query(*, query: Query, text: str, by: User, once: str = "") -> QueryMessage:
    """Comments for colleagues. It is never shown or sent to the person and does not count as an answer."""
    require(may_answer(by, query), status=403)
    key = Once(by, once, ("comment", query.public_id, text))
    if earlier := key.earlier():
        return _written(earlier)
    locked = lock_query(query)
    message = _add(locked, MessageKind.COMMENT, text, by, database_now())
    key.remember(message.public_id)
    _record(locked, by, "query_commented_on")
    return message


def promise_answer(query: Query, now: datetime) -> None:
    """Opens a query with a new day for our answer. A query that is open already keeps its day. Does not save."""
    if query.state != QueryStatus.OPEN:
        query.state, query.resolved_at, query.due_on = QueryStatus.OPEN, None, answer_day(now)


def require_not_too_many(person: User) -> None:
    """Limits the queries and answers that a person sends from their own pages. Raises Refused (`too_many_queries`)."""
    limit = Limit(EventKind.QUERY, f"person:{person.pk}", policy_in_force().queries_a_day, timedelta(days=1))
    require_count(limit, code="too_many_queries", message="You’ve sent us a lot of messages today.")


def lock_query(query: Query, *, follows_merges: bool = False) -> Query:
    """Locks the person, then the query. Refused (`merged_already`) if it was merged into another.

    With `follows_merges`, locks the query it was merged into instead, following further merges. All belong to one
    person, whom merging also locks. Refused as well if merges form a circle.
    """
    if query.person is not None:
        lock_people(query.person)
    rows = Query.objects.select_for_update(no_key=True, of=("self",)).select_related("person", "strike")
    locked: Query = rows.get(pk=query.pk)
    passed = {locked.pk}
    while locked.merged_into_id is not None:
        if not follows_merges or locked.merged_into_id in passed:
            raise Refused("merged_already", "This query was merged into another one.", "Continue there.")
        locked = rows.get(pk=locked.merged_into_id)
        passed.add(locked.pk)
    return locked


def _written(public_id: str) -> QueryMessage:
    found = QueryMessage.objects.select_related("query__person", "by").filter(public_id=public_id).first()
    if found is None:
        raise Refused("undone_already", "You took this reply back.", "Send it again from the page of the query.")
    return found


def _add(query: Query, kind: str, text: str, by: User | None, now: datetime, **more: Any) -> QueryMessage:
    if not text.strip():
        raise Refused("no_words", "Write something first.", field="text", status=422)
    return QueryMessage.objects.create(query=query, kind=kind, text=text.strip(), by=by, at=now, **more)


def _record(query: Query, by: User | None, action: str) -> None:
    record_audit(actor=by, action=action, on=query, student=query.person)
