"""How queries are forgotten, emails and our replies with them; when, is for retention to say (MAIL-1). Steps of what
is recorded there."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from documents.operations.forget import end_shares_of_ids
from foundation.db.deleting import delete_rows
from messaging.operations.forget import forget_messages_about
from queries.models import Handling, InboundEmail, Query, QueryMessage


def forget_queries(queries: Collection[int]) -> int:
    """With those that were merged into them, the emails they came by, and every copy of what we answered."""
    those = Query.objects.filter(Q(pk__in=queries) | Q(merged_into__in=queries))
    public_ids = list(those.values_list("public_id", flat=True))
    forget_messages_about(public_ids)
    end_shares_of_ids(public_ids)
    messages = delete_rows(QueryMessage.objects.filter(query__in=those))
    emails = delete_rows(InboundEmail.objects.filter(query__in=those))
    merged = delete_rows(Query.objects.filter(merged_into__in=queries))
    return emails + messages + merged + delete_rows(Query.objects.filter(pk__in=queries))


def forget_queries_of(people: Collection[int]) -> int:
    """All of somebody's, resolved or not: they themselves are forgotten."""
    Query.objects.filter(merged_into__person__in=people).exclude(person__in=people).update(merged_into=None)
    return forget_queries(list(Query.objects.filter(person__in=people).values_list("pk", flat=True)))


def forget_unanswered_mail(before: datetime) -> int:
    """Email that opened no query (automatic answers, what could not be read), received before then."""
    over = InboundEmail.objects.filter(query__isnull=True, received_at__lt=before).exclude(handling=Handling.QUEUED)
    return delete_rows(over)
