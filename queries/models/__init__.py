from queries.models.inbound_email import NEEDS_ATTENTION, Handling, InboundEmail
from queries.models.query import (
    RAISED_BY_PEOPLE,
    Category,
    CircumstancesDecision,
    Query,
    QueryStatus,
    categories_answered_by,
)
from queries.models.query_message import MessageKind, QueryMessage, Via
from queries.models.reply_template import ReplyTemplate

__all__ = [
    "NEEDS_ATTENTION",
    "RAISED_BY_PEOPLE",
    "Category",
    "CircumstancesDecision",
    "Handling",
    "InboundEmail",
    "MessageKind",
    "Query",
    "QueryMessage",
    "QueryStatus",
    "ReplyTemplate",
    "Via",
    "categories_answered_by",
]
