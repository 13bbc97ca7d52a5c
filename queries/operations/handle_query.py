"""Assigns, recategorises, resolves, reopens and merges queries."""

from accounts.models import User
from accounts.operations.record_audit import record_audit
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.values.times import database_now
from messaging.operations.queue_message import queue_messages
from queries.models import Category, InboundEmail, Query, QueryMessage, QueryStatus
from queries.notices.queries import resolved
from queries.operations.write_message import lock_query, promise_answer, reply_to_query
from queries.rules.answering import answers, may_answer, may_merge


@in_one_transaction
def assign_query(*, query: Query, owner: User | None, by: User) -> Query:
    """Assigns a query to a colleague who may answer it, to oneself, or back to everybody."""
    require(may_answer(by, query), status=403)
    locked = lock_query(query)
    if owner is not None and not answers(owner, locked):
        raise Refused("not_theirs", "This colleague does not answer this kind of query.", field="owner", status=422)
    locked.owner = owner
    locked.save(update_fields=["owner"])
    _record(locked, by, "query_assigned")
    return locked


@in_one_transaction
def change_category(*, query: Query, category: str, by: User) -> Query:
    """Moves a query to those who answer that category. Refused once circumstances were decided."""
    require(may_answer(by, query), status=403)
    locked = lock_query(query)
    if category not in Category.values or locked.decision:
        raise Refused("category", "You cannot change the category of this query.", field="category", status=422)
    locked.category = category
    if locked.owner and not answers(locked.owner, locked):
        locked.owner = None
    locked.save(update_fields=["category", "owner"])
    _record(locked, by, "query_recategorised")
    return locked


@in_one_transaction
def resolve_query(*, query: Query, by: User) -> Query:
    """Resolves a query, which starts its two months of retention (MAIL-1).

    For those who answer it and for its person.
    """
    if query.person_id != by.pk:
        require(may_answer(by, query), status=403)
    locked = lock_query(query)
    if locked.is_resolved:
        raise Refused("resolved_already", "This query is resolved already.", "Nothing more needs doing.")
    locked.state, locked.resolved_at = QueryStatus.RESOLVED, database_now()
    locked.save(update_fields=["state", "resolved_at"])
    _record(locked, by, "query_resolved")
    if locked.person_id != by.pk:
        queue_messages([resolved(locked)])
    return locked


@in_one_transaction
def reply_and_resolve(*, query: Query, text: str, by: User, waits: bool = True) -> QueryMessage:
    """Does both or neither: if resolving is refused, no reply is saved or sent."""
    message = reply_to_query(query=query, text=text, by=by, waits=waits)
    resolve_query(query=query, by=by)
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
    promise_answer(locked, database_now())
    locked.save(update_fields=["state", "resolved_at", "due_on"])
    _record(locked, by, "query_reopened")
    return locked


@in_one_transaction
def merge_queries(*, query: Query, into: Query, by: User) -> Query:
    """Moves messages and emails to another query. Replies to the old one reach the new one. Locks both, in order of id.

    If somebody still waits for an answer in the old one, the new one is open too. `unmerge_query` undoes it. An email
    from an address that proves nothing may be merged into a student's query, but not the other way round.

    Queries already merged into the old one now point to the new one, so a merge is always one step and never circular.
    """
    for each in (query, into):
        require(may_answer(by, each), status=403)
    first, second = sorted((query, into), key=lambda each: each.pk)
    locked = {each.pk: lock_query(each) for each in (first, second)}
    source, target = locked[query.pk], locked[into.pk]
    require(may_merge(source, target))
    QueryMessage.objects.filter(query=source, moved_from=None).update(moved_from=source)
    QueryMessage.objects.filter(query=source).update(query=target)
    InboundEmail.objects.filter(query=source).update(query=target)
    Query.objects.filter(merged_into=source).update(merged_into=target)
    target.last_at = max(target.last_at, source.last_at)
    if source.state == QueryStatus.OPEN and target.state != QueryStatus.OPEN:
        target.state, target.resolved_at, target.due_on = QueryStatus.OPEN, None, source.due_on
    target.save(update_fields=["last_at", "state", "resolved_at", "due_on"])
    source.merged_into, source.state, source.resolved_at = target, QueryStatus.RESOLVED, database_now()
    source.save(update_fields=["merged_into", "state", "resolved_at"])
    record_audit(
        actor=by, action="query_merged", on=source, student=source.person,
        into=target.public_id,
    )  # fmt: skip
    return target


def _record(query: Query, by: User, action: str) -> None:
    record_audit(actor=by, action=action, on=query, student=query.person)
