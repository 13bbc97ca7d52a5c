from accounts.models import User
from accounts.operations.record_audit import record_audit
from eligibility.models import Audience, AudienceRule
from eligibility.operations.schedule_rule import keep_in_step
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.values.times import database_now, local_day


@in_one_transaction
def withdraw_rule(*, version: AudienceRule, by: User) -> None:
    """Withdraws a future rule. Locks the audience. Refuses from the rule's first day on."""
    audience = Audience.objects.select_for_update().get(pk=version.audience_id)
    today = local_day(database_now())
    if version.effective_from <= today:
        raise Refused(
            "rule_holds", "This rule is already in force.", "Schedule another, or roll back to an earlier version."
        )
    audience.versions.filter(pk=version.pk).delete()
    keep_in_step(audience, today)
    record_audit(
        actor=by,
        action="rule_withdrawn",
        on=audience,
        effective_from=str(version.effective_from),
    )
