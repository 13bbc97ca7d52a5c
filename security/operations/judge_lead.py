from datetime import datetime

from accounts.models import User
from accounts.operations.lock_people import lock_people
from accounts.operations.record_audit import record_audit
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.values.times import database_now
from security.models import Lead, LeadState
from security.rules.cases import may_act, may_judge


@in_one_transaction
def dismiss_lead(*, lead: Lead, reason: str, by: User) -> Lead:
    """Dismisses a lead with a reason. Refuses a lead that has already been judged."""
    if not reason.strip():
        raise Refused("reason_needed", "Enter why you are dismissing the lead.", field="reason", status=422)
    require(may_act(by, lead.person), status=403)
    if lead.person:
        lock_people(lead.person)
    return mark_judged(lead, LeadState.DISMISSED, by, database_now(), reason.strip())


def mark_judged(lead: Lead, state: LeadState, by: User, now: datetime, because: str = "") -> Lead:
    """Marks the lead in the caller's transaction. The caller has locked the person."""
    judged = Lead.objects.select_for_update(no_key=True, of=("self",)).get(pk=lead.pk)
    require(may_judge(judged))
    judged.state, judged.judged_by, judged.judged_at, judged.judged_because = state, by, now, because
    judged.save(update_fields=["state", "judged_by", "judged_at", "judged_because"])
    record_audit(actor=by, action=f"lead_{state}", on=judged)
    return judged
