from accounts.models import User
from accounts.operations.record_audit import record_audit
from accounts.operations.undo import mark_undone, require_undo
from foundation.outcomes.refusals import in_one_transaction, require
from messaging.operations.hold_back import withdraw_messages
from queries.models import Query, QueryMessage
from queries.operations.appeals import tell_hold
from queries.operations.handle_query import RESOLUTION
from queries.operations.write_message import REPLY, UNDOABLE, lock_query
from queries.rules.answering import may_answer

LATER = "Reply again or reopen the query instead."


@in_one_transaction
def undo_query_change(*, query: Query, by: User) -> str:
    """Takes back a reply or resolving a query, or both, within the seconds of the policy. Returns the reply's words.

    The query is as it was, with the day promised then; emails that waited are withdrawn, and the person never hears of
    it. Pressed twice, it is done once. Refused as `require_undo` and `withdraw_messages` say. Locks the person and the
    query.
    """
    if query.person_id != by.pk:
        require(may_answer(by, query), status=403)
    locked = lock_query(query)
    undo = require_undo(locked, by=by, remedy=LATER, of=(REPLY, RESOLUTION))
    if not undo:
        return ""
    withdraw_messages(undo["queued"], "It was undone before it was sent.")
    words = ""
    if undo["what"] == REPLY:
        reply = QueryMessage.objects.get(public_id=undo["message"])
        words = reply.text
        reply.delete()
    mark_undone(locked, undo)
    locked.save(update_fields=[*(name.removesuffix("_id") for name in UNDOABLE), "undo"])
    tell_hold(locked)
    record_audit(actor=by, action=f"query_{undo['what']}_undone", on=locked, student=locked.person)
    return words
