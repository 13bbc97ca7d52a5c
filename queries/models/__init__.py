from queries.models.inbound_email import Handling, InboundEmail
from queries.models.query import Category, CircumstancesDecision, Query, QueryState, categories_answered_by
from queries.models.query_message import MessageKind, QueryMessage, Via
from queries.models.reply_template import ReplyTemplate

__all__ = [
    "Category",
    "CircumstancesDecision",
    "Handling",
    "InboundEmail",
    "MessageKind",
    "Query",
    "QueryMessage",
    "QueryState",
    "ReplyTemplate",
    "Via",
    "categories_answered_by",
]
