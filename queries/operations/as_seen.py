from accounts.models import User
from accounts.operations.require_as_seen import last_change
from foundation.outcomes.versions import Changed, as_seen
from foundation.values.times import database_now, spoken_ago
from queries.models import MessageKind, Query
from queries.models.query_message import TOLD

VERBS = {
    "query_written_to": "wrote again",
    "query_replied_to": "replied",
    "query_commented_on": "added an internal comment",
    "query_assigned": "changed who it is assigned to",
    "query_recategorised": "changed the category",
    "query_resolved": "resolved it",
    "query_reopened": "reopened it",
    "query_reply_undone": "took a reply back",
    "query_resolved_undone": "undid resolving it",
    "query_merged": "merged it",
    "query_merge_undone": "undid the merge",
    "circumstances_accepted": "accepted the circumstances",
    "circumstances_declined": "declined the circumstances",
}
"""By action of the audit trail."""


def require_query_as_seen(seen: Query, locked: Query, by: User) -> None:
    """Raises `Changed` if a colleague or the person has changed the query since: `Helen Marsh replied 10 seconds ago.`

    The person hears of our replies only.
    """
    if not as_seen(seen, locked):
        raise Changed(_reply_since(locked) if by.pk == locked.person_id else last_change(locked, by, VERBS))


def _reply_since(query: Query) -> str:
    found = query.messages.filter(TOLD, kind=MessageKind.REPLY).select_related("by").last()
    return f"{found.by.name} replied {spoken_ago(database_now() - found.at)}." if found and found.by else ""
