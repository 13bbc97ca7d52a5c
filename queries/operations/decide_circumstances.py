from accounts.models import User
from accounts.operations.record_audit import record_audit
from eligibility.operations.circumstances import Accepted, accept_circumstances
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.values.times import database_now
from messaging.operations.queue_message import queue_messages
from queries.models import CircumstancesDecision, MessageKind, Query, QueryMessage, QueryStatus
from queries.notices.queries import decided
from queries.operations.as_seen import require_query_as_seen
from queries.operations.write_message import lock_query
from queries.rules.answering import may_decide, undecided


@in_one_transaction
def decide_circumstances(*, query: Query, decision: str, words: str, by: User) -> Query:
    """Decides extenuating circumstances (ELIG-2). Accepting excuses the absence and grants one more appointment.

    Either way it records who decided and why, sends the student these words and resolves the query. The booking's
    history does not change. If two colleagues decide at once, the second is refused and sees the decision.
    """
    require(may_decide(by, query), status=403)
    if decision not in CircumstancesDecision.values:
        raise Refused("decision", "Accept or decline.", field="decision", status=422)
    if not words.strip():
        raise Refused("no_words", "Enter the reason. The student sees it.", field="words", status=422)
    locked = lock_query(query)
    require(undecided(locked))
    require_query_as_seen(query, locked, by)
    assert locked.strike is not None  # noqa: S101 - `undecided` refuses queries without a strike
    accepted: Accepted | None = None
    if decision == CircumstancesDecision.ACCEPTED:
        accepted = accept_circumstances(strike=locked.strike, because=words.strip()[:300], by=by)
    now = database_now()
    locked.decision, locked.decided_at, locked.decided_by = decision, now, by
    locked.decided_because = words.strip()[:500]
    locked.state, locked.resolved_at, locked.last_at = QueryStatus.RESOLVED, now, now
    locked.answered_at, locked.owner = locked.answered_at or now, locked.owner or by
    locked.save()
    text = "\n".join([words.strip(), *(accepted.sentences if accepted else [])])
    QueryMessage.objects.create(query=locked, kind=MessageKind.REPLY, text=text, by=by, at=now)
    action = f"circumstances_{decision}"
    record_audit(actor=by, action=action, on=locked, student=locked.person)
    queue_messages([decided(locked)], now)
    return locked
