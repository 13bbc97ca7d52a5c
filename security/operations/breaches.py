from datetime import datetime

from accounts.models import User
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.values.times import database_now, spoken_when
from security.models import BreachDecision, DataBreach, SecurityCase
from security.operations.lock_case import breach_of, lock_case
from security.operations.record_step import record_step
from security.rules.cases import may_work_on


@in_one_transaction
def mark_breach(*, case: SecurityCase, known_at: datetime, by: User) -> DataBreach:
    """Marks the case as a personal-data breach. The 72 hours run from `known_at`, not from now."""
    locked = lock_case(case, by)
    require(may_work_on(locked))
    now = database_now()
    if known_at > now:
        raise Refused("in_the_future", "Choose a time that is not in the future.", field="known_at", status=422)
    if breach_of(locked) is not None:
        raise Refused("already_marked", "This case is marked as a personal-data breach already.")
    breach = DataBreach.objects.create(case=locked, known_at=known_at, marked_at=now, marked_by=by)
    words = f"Known since {spoken_when(known_at)}; due {spoken_when(breach.due_at)}"
    record_step(locked, "breach_marked", by=by, at=now, words=words)
    return breach


@in_one_transaction
def record_notification(
    *, case: SecurityCase, notified_at: datetime, reference: str, by: User, late_because: str = ""
) -> DataBreach:
    """Records that the ICO was notified.

    After 72 hours the law requires the reasons for the delay (UK GDPR, article 33(1)).
    """
    breach, now = _undecided(case, by)
    if not breach.known_at <= notified_at <= now:
        words = "The ICO was notified after the breach became known, and not in time to come."
        raise Refused("notified_when", words, field="notified_at", status=422)
    if notified_at > breach.due_at and not late_because.strip():
        raise Refused("late_because", "That was more than 72 hours later. Enter why.", field="because", status=422)
    if not reference.strip():
        raise Refused("reference_needed", "Enter the ICO’s reference.", field="reference", status=422)
    breach.notified_at, breach.reference, breach.because = notified_at, reference.strip(), late_because.strip()
    return _decide(breach, BreachDecision.NOTIFIED, by, now, f"{spoken_when(notified_at)}, {breach.reference}")


@in_one_transaction
def record_not_needed(*, case: SecurityCase, because: str, by: User) -> DataBreach:
    """Records that no notification is needed, because a risk to anybody is unlikely, and why."""
    if not because.strip():
        raise Refused("reason_needed", "Enter why no notification is needed.", field="because", status=422)
    breach, now = _undecided(case, by)
    breach.because = because.strip()
    return _decide(breach, BreachDecision.NOT_NEEDED, by, now, breach.because)


def _undecided(case: SecurityCase, by: User) -> tuple[DataBreach, datetime]:
    locked = lock_case(case, by)
    require(may_work_on(locked))
    breach = breach_of(locked)
    if breach is None:
        raise Refused("not_a_breach", "This case is not marked as a personal-data breach.")
    if breach.decision:
        raise Refused("already_decided", f"{breach.get_decision_display()}: that is recorded already.")
    breach.case = locked
    return breach, database_now()


def _decide(breach: DataBreach, decision: BreachDecision, by: User, now: datetime, words: str) -> DataBreach:
    breach.decision, breach.decided_at, breach.decided_by = decision, now, by
    breach.save()
    record_step(breach.case, f"breach_{decision}", by=by, at=now, words=words)
    return breach
