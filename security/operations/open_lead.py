from collections.abc import Mapping

from django.db.models import F

from accounts.models import User
from accounts.operations.lock_people import lock_people
from accounts.operations.record_audit import record_audit
from foundation.outcomes.refusals import in_one_transaction
from foundation.values.times import database_now
from security.models import Lead, LeadKind

MOST_CHARACTERS = 80
SIGNS = (LeadKind.CONCURRENT_DEVICES, LeadKind.MANY_DEVICES)


@in_one_transaction
def open_lead(*, person: User, kind: str, evidence: Mapping[str, object]) -> Lead:
    """Records a sign that an account is shared, for a person to judge (SEC-1). The account is not affected.

    While a lead of that kind about that person is open, another sign updates it: it counts as seen once more, with the
    latest evidence. Locks the person. Raises ValueError for an unknown kind, or evidence other than codes and numbers.
    """
    if kind not in SIGNS:
        raise ValueError(f"There is no sign called {kind!r}.")
    kept = checked(evidence)
    lock_people(person)
    now = database_now()
    lead = Lead.objects.to_judge().filter(person=person, kind=kind).first()
    if lead is not None:
        Lead.objects.filter(pk=lead.pk).update(evidence=kept, last_seen_at=now, times_seen=F("times_seen") + 1)
        lead.refresh_from_db()
        return lead
    lead = Lead.objects.create(person=person, kind=kind, evidence=kept, opened_at=now, last_seen_at=now)
    record_audit(actor=None, action="lead_opened", on=lead, kind=str(kind))
    return lead


def checked(evidence: Mapping[str, object]) -> dict[str, object]:
    """The evidence, if it is only codes, ids, numbers and lists of them. Free text is not allowed."""
    for name, value in evidence.items():
        for each in value if isinstance(value, list | tuple) else [value]:
            short = isinstance(each, str) and len(each) <= MOST_CHARACTERS
            if not (short or each is None or isinstance(each, int | float | bool)):
                raise ValueError(f"Evidence {name!r} is neither a code nor a number.")
    return dict(evidence)
