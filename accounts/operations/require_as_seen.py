from collections.abc import Mapping

from django.db import models

from accounts.models import AuditEntry, User
from accounts.models.audit_entry import READ
from accounts.operations.record_audit import subject_of
from foundation.outcomes.versions import Changed, Versioned, as_seen
from foundation.values.times import database_now, spoken_ago

NO_VERBS: Mapping[str, str] = {}


def require_as_seen(
    seen: Versioned, locked: Versioned, *, by: User, verbs: Mapping[str, str] = NO_VERBS, state: str = ""
) -> None:
    """Raises `Changed` unless the locked row is as the page or program saw it.

    Call it under the lock, after the rules, whose refusals say more, and before anything is written. The refusal says
    what is new: for colleagues who did it (`verbs` by action of the audit trail) and, for everybody, `state`.
    """
    if as_seen(seen, locked):
        return
    did = "" if by.is_student else last_change(locked, by, verbs)
    raise Changed(" ".join(filter(None, [did, state])))


def last_change(on: models.Model, by: User, verbs: Mapping[str, str]) -> str:
    """One query. `Helen Marsh replied 10 seconds ago.`, from the audit trail; empty if it has no entry."""
    subject = subject_of(on)
    found = AuditEntry.objects.filter(subject=subject.name, subject_id=subject.id).exclude(action=READ)
    entry = found.select_related("actor").order_by("-pk").first()
    if entry is None:
        return ""
    who = "You" if entry.actor_id == by.pk else entry.actor.name if entry.actor else "Somebody"
    return f"{who} {verbs.get(entry.action, 'changed this')} {spoken_ago(database_now() - entry.at)}."
