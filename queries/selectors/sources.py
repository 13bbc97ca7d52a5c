from collections.abc import Collection

from django.urls import reverse

from accounts.models import User
from documents.selectors.sources import SourceName
from queries.models import Query


def name_queries(ids: Collection[str], reader: User) -> dict[str, SourceName]:
    """One query. Those of the reader's own that documents are attached to."""
    mine = Query.objects.filter(person=reader, public_id__in=ids)
    return {
        each.public_id: SourceName(f"Query: {each.subject}", reverse("query_detail", args=[each.public_id]))
        for each in mine
    }


def existing_queries(ids: Collection[str]) -> set[str]:
    """One query."""
    return set(Query.objects.filter(public_id__in=ids).values_list("public_id", flat=True))
