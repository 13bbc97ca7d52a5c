from collections.abc import Collection

from django.urls import reverse

from accounts.models import User
from documents.selectors.sources import SourceName
from queries.models import Query


def name_queries(ids: Collection[str], reader: User) -> dict[str, SourceName]:
    """One query. Names and links of the reader's own queries, for the pages of the documents attached to them."""
    mine = Query.objects.filter(person=reader, public_id__in=ids)
    return {
        each.public_id: SourceName(f"Query: {each.subject}", reverse("query_detail", args=[each.public_id]))
        for each in mine
    }


def existing_queries(ids: Collection[str]) -> set[str]:
    """One query. Those of the public ids that exist."""
    return set(Query.objects.filter(public_id__in=ids).values_list("public_id", flat=True))
