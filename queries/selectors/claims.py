from collections.abc import Collection

from django.urls import reverse

from accounts.models import User
from documents.selectors.claims import ClaimName
from queries.models import Query


def name_queries(claims: Collection[str], reader: User) -> dict[str, ClaimName]:
    """One query. Those of the reader's own that documents are attached to."""
    mine = Query.objects.filter(person=reader, public_id__in=claims)
    return {
        each.public_id: ClaimName(f"Query: {each.subject}", reverse("query_detail", args=[each.public_id]))
        for each in mine
    }
