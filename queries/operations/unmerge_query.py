from accounts.models import User
from accounts.operations.record_audit import record_audit
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from queries.models import InboundEmail, Query, QueryMessage, QueryStatus
from queries.operations.write_message import lock_query
from queries.rules.answering import may_answer


@in_one_transaction
def unmerge_query(*, query: Query, merged: str, by: User) -> Query:
    """Moves what came from the merged query (its public id) back, and opens it. Locks both, as merging does.

    Messages written since stay where they are. The other query keeps its state. Refused: not_merged, not_yours.
    """
    require(may_answer(by, query), status=403)
    source = Query.objects.select_related("person").filter(public_id=merged).first()
    if source is None:
        raise Refused("not_merged", "This query is not merged with the other one.", "Nothing more needs doing.")
    require(may_answer(by, source), status=403)
    target = lock_query(query)
    locked = Query.objects.select_for_update(no_key=True, of=("self",)).get(pk=source.pk)
    if locked.merged_into_id != target.pk:
        raise Refused("not_merged", "This query is not merged with the other one.", "Nothing more needs doing.")
    back = QueryMessage.objects.filter(query=target, moved_from=locked)
    emails = list(back.filter(email__isnull=False).values_list("email", flat=True))
    InboundEmail.objects.filter(pk__in=emails, query=target).update(query=locked)
    back.update(query=locked, moved_from=None)
    locked.merged_into, locked.state, locked.resolved_at = None, QueryStatus.OPEN, None
    locked.save(update_fields=["merged_into", "state", "resolved_at"])
    record_audit(actor=by, action="query_unmerged", on=locked, student=source.person, was_in=target.public_id)
    return locked
