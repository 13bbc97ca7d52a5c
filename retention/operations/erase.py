"""Erases a person's data on request (article 17): at once and everywhere, except what must be kept."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from accounts.operations.record_audit import record_audit
from documents.operations.forget import remove_files
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.values.times import database_now, local_day
from messaging.operations.queue_message import queue_messages
from retention.models import RequestOutcome, RightKind, RightsRequest
from retention.notices.people import erased
from retention.operations.find_mentions import find_mentions_of
from retention.operations.forget_people import forget_classes
from retention.operations.requests import close, lock_request
from retention.operations.tombstones import FOLDER
from retention.selectors.erasure import erasure_of


@in_one_transaction
def erase(*, request: RightsRequest, words: str, by: User) -> int:
    """Erases the person's data; returns the number of rows. Locks the person.

    The person is told at their address by a message that names nobody. If something must be kept, the request is kept
    too and says so. Mentions of their name in other records are listed first.
    """
    locked = lock_request(request)
    if by.pk == locked.person_id:
        raise Refused("own_request", "Someone else must answer your own request.", status=403)
    if locked.kind != RightKind.ERASURE or not locked.is_open:
        raise Refused("no_erasure", "This is not an open request to delete data.")
    now, person = database_now(), locked.person
    erasure, address = erasure_of(locked, local_day(now)), person.contact_email
    find_mentions_of(person)
    folder = f"{FOLDER}/{now:%Y%m%dT%H%M%SZ}-{locked.public_id}"
    counts = forget_classes([person.pk], {person.pk: erasure.held}, folder)
    # Sent afterwards, because earlier messages to the person are deleted.
    if erasure.held:
        close(request=locked, outcome=RequestOutcome.PARTLY, words=words, by=by)
    else:
        queue_messages([erased(address, locked.public_id)], now)
    gone = sum(counts.values())
    record_audit(actor=by, action="person_erased", on=person, rows=gone)
    transaction.on_commit(_remove_files, robust=True)
    return gone


def _remove_files() -> None:
    """Files that the storage fails to remove now are removed by the sweep."""
    while remove_files()[0]:
        pass
