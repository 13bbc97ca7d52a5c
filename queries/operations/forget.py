"""Deletes queries with their emails and our replies (MAIL-1). Retention decides when, and records each step."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from documents.operations.forget import end_shares_of_ids
from foundation.db.deleting import delete_rows
from messaging.operations.forget import forget_messages_about
from queries.models import Handling, InboundEmail, Query, QueryMessage


def forget_queries(queries: Collection[int]) -> int:
    """Also deletes queries merged into these, the emails that opened them and every copy of our replies."""
    those = Query.objects.filter(Q(pk__in=queries) | Q(merged_into__in=queries))
    public_ids = list(those.values_list("public_id", flat=True))
    forget_messages_about(public_ids)
    end_shares_of_ids(public_ids)
    messages = delete_rows(QueryMessage.objects.filter(query__in=those))
    emails = delete_rows(InboundEmail.objects.filter(query__in=those))
    merged = delete_rows(Query.objects.filter(merged_into__in=queries))
    return emails + messages + merged + delete_rows(Query.objects.filter(pk__in=queries))


def forget_queries_of(people: Collection[int]) -> int:
    """Deletes all queries of these people, resolved or not, when the people themselves are deleted."""
    Query.objects.filter(merged_into__person__in=people).exclude(person__in=people).update(merged_into=None)
    return forget_queries(list(Query.objects.filter(person__in=people).values_list("pk", flat=True)))


def forget_unanswered_mail(before: datetime) -> int:
    """Deletes emails received before then that opened no query (automatic replies, unreadable ones)."""
    over = InboundEmail.objects.filter(query__isnull=True, received_at__lt=before).exclude(handling=Handling.QUEUED)
    return delete_rows(over)
