"""Holds that a miss rule places and lifts by itself. The caller has locked the student (ELIG-3)."""

from dataclasses import replace
from datetime import datetime

from psycopg2.extras import DateRange

from accounts.models import User
from accounts.operations.record_audit import record_audit
from eligibility.models import Hold
from eligibility.models.misses import StepHold
from eligibility.notices.strikes import HOLD_LIFTED, HOLD_PLACED, about_hold
from eligibility.rules.facts import Context
from eligibility.rules.miss_words import count_sentence
from eligibility.rules.misses import MissCount, hold_ends, state
from foundation.values.times import database_now
from messaging.operations.cancel_messages import cancel_messages
from messaging.operations.queue_message import queue_messages

LIFTED = "Fewer misses count now."


def place_rule_hold(
    *, student: User, miss_count: MissCount, hold: StepHold, context: Context, until: datetime | None
) -> Hold | None:
    """Places it from today, unless the student is on hold already. Existing appointments stay booked.

    The student is told at once, but not before `until`, when the miss can no longer be undone.
    """
    today = context.facts.today
    if Hold.objects.not_over(today).filter(student=student).exists():
        return None
    why = f"{count_sentence(miss_count)}."
    placed = Hold.objects.create(
        student=student,
        during=DateRange(today, hold_ends(hold, miss_count.rule, today, context.calendar)),
        reason=why,
        message=hold.message or why,
        stays_open=list(hold.stays_open),
        rule=miss_count.rule.slug,
    )
    record_audit(actor=None, action="hold_placed_by_rule", on=placed, student=student, rule=placed.rule)
    queue_messages([replace(about_hold(HOLD_PLACED, placed), not_before=until)])
    return placed


def lift_rule_holds(*, student: User, context: Context) -> None:
    """Lifts holds that would not have been placed without the misses that were excused or undone since.

    A hold whose misses have only grown old lasts until its end. The student is told, if we told them of the hold.
    """
    mine = Hold.objects.not_over(context.facts.today).filter(student=student).exclude(rule="")
    for hold in mine.select_for_update(no_key=True):
        rules = [rule for rule in context.miss_rules if rule.slug == hold.rule]
        steps = [each.step for each in state(context.facts.misses, rules, hold.during.lower, context.calendar)]
        if steps and not any(step and step.hold for step in steps):
            _lift(hold)


def _lift(hold: Hold) -> None:
    hold.lifted_at, hold.lifted_because = database_now(), LIFTED
    hold.save(update_fields=["lifted_at", "lifted_because"])
    record_audit(actor=None, action="hold_lifted_by_rule", on=hold, student=hold.student, rule=hold.rule)
    if not cancel_messages(regarding=hold.public_id, kinds=[HOLD_PLACED], reason=LIFTED):
        queue_messages([about_hold(HOLD_LIFTED, hold)])
