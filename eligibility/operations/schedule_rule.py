from datetime import date
from typing import Any

from accounts.models import User
from accounts.operations.record_audit import record_audit
from accounts.operations.require_as_seen import require_as_seen
from eligibility.models import BEGINNING, Audience, AudienceRule
from eligibility.models.conditions import RuleProblem, parse
from eligibility.rules.sanity import Flaw, flaws
from eligibility.selectors.known_names import known_names, unknown_names
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.values.times import database_now, local_day

VERBS = {"rule_scheduled": "scheduled a rule", "rule_withdrawn": "withdrew a rule"}


@in_one_transaction
def schedule_rule(
    *, audience: Audience, rule: dict[str, Any], effective_from: date, by: User, note: str = ""
) -> AudienceRule:
    """Schedules a rule from the beginning of that local day until the next rule's day (ELIG-1).

    Locks the audience. Refuses an invalid rule, one that can never be met, unknown names, a day before today, and a day
    on which another rule begins. Raises Changed if the rules have changed since the draft was begun. Existing bookings
    stay booked.
    """
    seen, audience = audience, Audience.objects.select_for_update().get(pk=audience.pk)
    now = database_now()
    require_rule(rule)
    if effective_from < local_day(now):
        raise Refused("rule_in_the_past", "A rule cannot start in the past.", "Choose today or a later day.")
    require_as_seen(seen, audience, by=by, verbs=VERBS)
    if not audience.versions.exists():
        audience.versions.create(rule=audience.rule, effective_from=BEGINNING, set_at=now)
    if audience.versions.filter(effective_from=effective_from).exists():
        raise Refused(
            "rule_day_taken",
            "Another rule for this audience starts on that day.",
            "Choose another day, or withdraw the other rule before it starts.",
        )
    version = audience.versions.create(rule=rule, effective_from=effective_from, set_by=by, set_at=now, note=note)
    keep_in_step(audience, local_day(now))
    record_audit(
        actor=by,
        action="rule_scheduled",
        on=audience,
        effective_from=str(effective_from),
    )
    return version


def require_rule(rule: object) -> None:
    """Refuses, at the field `rule`, an invalid rule, a rule that nobody could meet, and unknown names."""
    try:
        condition = parse(rule)
    except RuleProblem as problem:
        raise Refused("rule_wrong", str(problem), field="rule", status=422) from problem
    if found := flaws(condition):
        raise Refused("rule_impossible", found[0].sentence, _where(found[0]), field="rule", status=422)
    if found := list(unknown_names(condition, known_names())):
        raise Refused("rule_names_unknown", found[0].sentence, _where(found[0]), field="rule", status=422)


def _where(flaw: Flaw) -> str:
    return f"It stands at {flaw.path}." if flaw.path else ""


def keep_in_step(audience: Audience, today: date) -> None:
    """Updates the audience's copy of the current and future rules. The caller has locked it."""
    versions = list(audience.versions.order_by("effective_from"))
    audience.rule = next((version.rule for version in reversed(versions) if version.effective_from <= today), {})
    audience.coming = [
        [version.effective_from.isoformat(), version.rule] for version in versions if version.effective_from > today
    ]
    audience.save(update_fields=["rule", "coming"])
