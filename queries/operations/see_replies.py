from django.db.models.functions import Now

from accounts.models import User
from foundation.outcomes.refusals import in_one_transaction
from queries.models import Query


@in_one_transaction
def see_replies(*, query: Query, by: User) -> None:
    """The person has opened their query: its replies are no longer new. Opening by anybody else changes nothing."""
    Query.objects.filter(pk=query.pk, person=by).update(seen_at=Now())
