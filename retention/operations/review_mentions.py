"""Reviewing names of deleted people in other people's texts: redact them, or leave them because they mean somebody
else.
"""

from __future__ import annotations

from django.db import connection

from accounts.models import User
from accounts.operations.record_audit import record_audit
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.values.times import database_now
from retention.models import TextMention
from retention.schedule.free_texts import BY_MODEL, DASHES


@in_one_transaction
def review_mention(*, mention: TextMention, black_out: bool, by: User) -> None:
    """Saves the decision and redacts the name.

    Redaction replaces character by character, so that other mentions in the text keep their positions. If the text no
    longer exists, there is nothing to redact.
    """
    locked = TextMention.objects.select_for_update().get(pk=mention.pk)
    if locked.reviewed_at is not None:
        raise Refused("mention_reviewed", "This has already been checked.")
    if black_out:
        _black_out(locked)
    locked.reviewed_at, locked.reviewed_by, locked.blacked_out = database_now(), by, black_out
    locked.save(update_fields=["reviewed_at", "reviewed_by", "blacked_out"])
    action = "mention_blacked_out" if black_out else "mention_left"
    record_audit(actor=by, action=action, on=locked)


def _black_out(mention: TextMention) -> None:
    """The setting lets the append-only log of security cases accept this update."""
    rows = BY_MODEL[mention.model].manager.filter(pk=mention.row)
    text = rows.select_for_update().values_list(mention.field, flat=True).first()
    if text is None:
        return
    end = mention.start + mention.length
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL careerconnect.forgetting = 'on'")
        rows.update(**{mention.field: text[: mention.start] + DASHES * mention.length + text[end:]})
        cursor.execute("SET LOCAL careerconnect.forgetting = 'off'")
