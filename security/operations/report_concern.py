from datetime import timedelta

from accounts.models import User
from accounts.operations.lock_people import lock_people
from accounts.operations.once import Once
from accounts.operations.record_audit import record_audit
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.values.times import database_now
from security.models import Lead, LeadKind

MOST_A_DAY = 10


@in_one_transaction
def report_concern(*, happened: str, by: User, whose: str = "", noticed: str = "", once: str = "") -> Lead:
    """Anybody signed in reports a suspicion. It always becomes a new lead and has no other effect (SEC-1).

    Locks the reporter. Refuses the eleventh report within 24 hours and asks them to telephone. Sent twice with one key
    (`once`), it becomes one lead.
    """
    if not happened.strip():
        raise Refused("happened_needed", "Enter what happened.", field="happened", status=422)
    key = Once(by, once, ("report", happened, whose, noticed))
    if earlier := key.earlier():
        return Lead.objects.get(public_id=earlier)
    lock_people(by)
    now = database_now()
    if Lead.objects.filter(reported_by=by, opened_at__gt=now - timedelta(hours=24)).count() >= MOST_A_DAY:
        raise Refused("too_many_reports", "You have reported ten concerns today.", "Please call us.", status=429)
    lead = Lead.objects.create(
        kind=LeadKind.REPORTED,
        opened_at=now,
        last_seen_at=now,
        reported_by=by,
        happened=happened.strip(),
        whose=whose.strip(),
        noticed=noticed.strip(),
    )
    key.remember(lead.public_id)
    record_audit(actor=by, action="concern_reported", on=lead)
    return lead
