from datetime import date
from typing import Any

from django.db import connection

from accounts.models import User
from accounts.operations.record_audit import record_audit
from eligibility.models import MissPolicy
from eligibility.models.misses import MissRulesWrong, parse_miss_rules
from eligibility.selectors.miss_rules import miss_rules_version
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.outcomes.versions import Changed
from foundation.values.times import database_now, local_day


@in_one_transaction
def schedule_miss_rules(*, value: list[Any], effective_from: date, note: str, by: User, seen: str = "") -> MissPolicy:
    """Schedules miss rules from the beginning of that local day until the next entry's day (ELIG-3).

    Locks the entries. Refuses wrong rules, a day before today, a day on which others begin, and a page that does not
    know the latest change (`seen`). What counts is computed when it is asked: nobody’s record changes.
    """
    _lock(seen)
    try:
        parse_miss_rules(value)
    except MissRulesWrong as wrong:
        raise Refused("rule_wrong", str(wrong), field="value", status=422) from wrong
    if effective_from < local_day(database_now()):
        raise Refused("rule_in_the_past", "Rules cannot start in the past.", "Choose today or a later day.")
    if MissPolicy.objects.filter(effective_from=effective_from).exists():
        raise Refused(
            "rule_day_taken",
            "Other miss rules start on that day.",
            "Choose another day, or withdraw the other rules before they start.",
        )
    made = MissPolicy.objects.create(value=value, effective_from=effective_from, note=note, set_by=by)
    record_audit(actor=by, action="rule_scheduled", on=made, effective_from=str(effective_from))
    return made


@in_one_transaction
def withdraw_miss_rules(*, effective_from: date, by: User, seen: str = "") -> None:
    """Withdraws scheduled miss rules. Refuses from their first day on."""
    _lock(seen)
    found = MissPolicy.objects.filter(effective_from=effective_from).first()
    if found is None or effective_from <= local_day(database_now()):
        raise Refused("rule_holds", "These rules are in force or withdrawn already.", "Schedule others instead.")
    record_audit(actor=by, action="rule_withdrawn", on=found, effective_from=str(effective_from))
    found.delete()


def _lock(seen: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE eligibility_misspolicy IN SHARE ROW EXCLUSIVE MODE")
    if seen and seen != miss_rules_version(MissPolicy.objects.all()):
        raise Changed("Somebody has changed the miss rules since you opened this page.")
