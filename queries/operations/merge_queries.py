"""Merges two queries of one person, and undoes it."""

from datetime import date, datetime
from typing import Any

from django.db.models import Max

from accounts.models import User
from accounts.operations.record_audit import record_audit
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.values.times import database_now
from queries.models import InboundEmail, MessageKind, Query, QueryMessage, QueryStatus
from queries.operations.appeals import require_other_manager, tell_hold
from queries.operations.as_seen import require_query_as_seen
from queries.operations.write_message import lock_query
from queries.rules.answering import may_answer, may_merge, may_undo_merge


@in_one_transaction
def merge_queries(*, query: Query, into: Query, by: User, reopen: bool = False) -> Query:
    """Moves messages and emails to another query. Replies to the old one reach the new one. Locks both, in order of id.

    An open query merged into a resolved one opens that again, so that nobody's question disappears: refused
    (`merge_reopens`) unless `reopen` says so. Queries already merged into the old one now point to the new one, so a
    merge is always one step and never circular. `undo_merge` undoes it.
    """
    source, target = _locked(query, into, by)
    require_other_manager(source, by)
    require(may_merge(source, target))
    require_query_as_seen(query, source, by)
    reopens = target.is_resolved and not source.is_resolved
    if reopens and not reopen:
        raise Refused(
            "merge_reopens", f"“{target.subject}” is resolved. Merging reopens it.",
            "Tick the box and merge again.", field="reopen",
        )  # fmt: skip
    source.before_merge = _before(source, target)
    QueryMessage.objects.filter(query=source).update(query=target)
    InboundEmail.objects.filter(query=source).update(query=target)
    Query.objects.filter(merged_into=source).update(merged_into=target)
    target.last_at = max(target.last_at, source.last_at)
    if reopens:
        target.state, target.resolved_at, target.due_on = source.state, None, source.due_on
    target.save(update_fields=["last_at", "state", "resolved_at", "due_on"])
    source.merged_into, source.state, source.resolved_at = target, QueryStatus.RESOLVED, database_now()
    source.save(update_fields=["merged_into", "state", "resolved_at", "before_merge"])
    _record("query_merged", source, target, by)
    tell_hold(target)
    return target


@in_one_transaction
def undo_merge(*, query: Query, by: User) -> Query:
    """Takes a query out of the one it was merged into, with its messages and emails, in the state it had.

    What was written since stays where it was written. The other query is resolved again if merging reopened it and
    nothing was written in it since. Refused: `merge_undone` if it is no longer merged there, `merged_already` if that
    query has been merged on.
    """
    into = query.merged_into
    if into is None:
        raise Refused("merge_undone", "This query is not merged any more.", "Nothing more needs doing.")
    source, target = _locked(query, into, by, follows=True)
    require(may_undo_merge(source, target))
    before: dict[str, Any] = source.before_merge or {}
    merged_at = source.resolved_at
    QueryMessage.objects.filter(query=target, pk__in=before["messages"]).update(query=source)
    InboundEmail.objects.filter(query=target, pk__in=before["emails"]).update(query=source)
    Query.objects.filter(merged_into=target, pk__in=before["queries"]).update(merged_into=source)
    source.state, source.resolved_at = before["state"], _moment(before["resolved_at"])
    source.merged_into, source.before_merge = None, None
    source.save(update_fields=["state", "resolved_at", "merged_into", "before_merge"])
    _as_before(target, before["into"], merged_at)
    _record("query_merge_undone", source, target, by)
    tell_hold(source)
    tell_hold(target)
    return source


def _locked(query: Query, into: Query, by: User, *, follows: bool = False) -> tuple[Query, Query]:
    for each in (query, into):
        require(may_answer(by, each), status=403)
    if follows:
        lock_query(into)  # the person and the query merged into
        rows = Query.objects.select_for_update(no_key=True, of=("self",)).select_related("person", "strike")
        return rows.get(pk=query.pk), rows.get(pk=into.pk)
    first, second = sorted((query, into), key=lambda each: each.pk)
    locked = {each.pk: lock_query(each) for each in (first, second)}
    return locked[query.pk], locked[into.pk]


def _before(source: Query, target: Query) -> dict[str, Any]:
    """What `undo_merge` needs: keys of the rows that move, and the state of both."""
    return {
        "state": source.state,
        "resolved_at": source.resolved_at.isoformat() if source.resolved_at else None,
        "messages": list(source.messages.order_by("pk").values_list("pk", flat=True)),
        "emails": list(InboundEmail.objects.filter(query=source).order_by("pk").values_list("pk", flat=True)),
        "queries": list(Query.objects.filter(merged_into=source).order_by("pk").values_list("pk", flat=True)),
        "into": {
            "state": target.state,
            "resolved_at": target.resolved_at.isoformat() if target.resolved_at else None,
            "due_on": target.due_on.isoformat(),
        },
    }


def _as_before(target: Query, was: dict[str, Any], merged_at: datetime | None) -> None:
    written = target.messages.exclude(kind=MessageKind.COMMENT)
    last = written.aggregate(last=Max("at"))["last"]
    target.last_at = last or target.opened_at
    is_quiet = merged_at is None or last is None or last < merged_at
    if was["resolved_at"] and not target.is_resolved and is_quiet:
        target.state, target.resolved_at = was["state"], _moment(was["resolved_at"])
        target.due_on = date.fromisoformat(was["due_on"])
    target.save(update_fields=["last_at", "state", "resolved_at", "due_on"])


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _record(action: str, source: Query, target: Query, by: User) -> None:
    record_audit(actor=by, action=action, on=source, student=source.person, into=target.public_id)
    record_audit(actor=by, action=action, on=target, student=target.person)
