from datetime import timedelta

from accounts.operations.record_audit import record_audit
from accounts.policy import policy_in_force
from careerconnect.foundation.refusals import in_one_transaction
from careerconnect.foundation.times import database_now
from security.models import Lead


@in_one_transaction
def forget_leads() -> int:
    """Leads that were judged longer ago than `lead_retention_days` are gone, with their evidence; how many (SEC-1).

    A case that came of one stays, with its own words. A lead that nobody has judged stays until somebody does.
    """
    before = database_now() - timedelta(days=policy_in_force().lead_retention_days)
    ids = list(
        Lead.objects.judged_before(before).select_for_update(skip_locked=True).values_list("public_id", flat=True)
    )
    Lead.objects.filter(public_id__in=ids).delete()
    for public_id in ids:
        record_audit(actor=None, action="lead_forgotten", subject="security_lead", subject_id=public_id)
    return len(ids)
