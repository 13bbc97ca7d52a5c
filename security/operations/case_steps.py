"""Steps of a case that do not change the account."""

from datetime import date

from accounts.models import User
from accounts.operations.once import Once
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.values.times import database_now, local_day, plain_day
from security.models import CaseEnding, CaseReport, CaseState, Outcome, SecurityCase
from security.operations.lock_case import breach_of, lock_case
from security.operations.record_step import record_step
from security.rules.cases import may_close, may_investigate, may_work_on


@in_one_transaction
def investigate_case(*, case: SecurityCase, by: User) -> SecurityCase:
    locked = lock_case(case, by)
    require(may_investigate(locked))
    locked.state = CaseState.INVESTIGATING
    locked.save(update_fields=["state"])
    record_step(locked, "investigation_begun", by=by, at=database_now())
    return locked


@in_one_transaction
def note_on_case(*, case: SecurityCase, words: str, by: User, once: str = "") -> None:
    """Sent twice with one key (`once`), it is added once."""
    if not words.strip():
        raise Refused("words_needed", "Enter what happened.", field="words", status=422)
    key = Once(by, once, ("case note", case.public_id, words))
    if key.earlier():
        return
    locked = lock_case(case, by)
    require(may_work_on(locked))
    record_step(locked, "noted", by=by, at=database_now(), words=words.strip())
    key.remember(case.public_id)


@in_one_transaction
def record_outcome(*, case: SecurityCase, kind: str, on: date, told_by: str, by: User, once: str = "") -> Outcome:
    """Records what IT Services, the School or the Office did, when, and who told us (SEC-3).

    Refuses a day in the future. Sent twice with one key (`once`), it is recorded once.
    """
    key = Once(by, once, ("outcome", case.public_id, kind, on, told_by))
    if earlier := key.earlier():
        return Outcome.objects.get(pk=int(earlier))
    locked = lock_case(case, by)
    require(may_work_on(locked))
    now = database_now()
    if on > local_day(now):
        raise Refused("in_the_future", "Choose a day that is not in the future.", field="on", status=422)
    outcome = Outcome.objects.create(case=locked, kind=kind, on=on, told_by=told_by, recorded_at=now, recorded_by=by)
    record_step(locked, f"outcome_{kind}", by=by, at=now, words=f"{plain_day(on)}, told by {told_by}")
    key.remember(str(outcome.pk))
    return outcome


@in_one_transaction
def close_case(*, case: SecurityCase, ending: str, words: str, by: User) -> SecurityCase:
    """Closes a student's or colleague's case. A graduate's case closes with `end_suspension`."""
    if not words.strip():
        raise Refused("words_needed", "Enter how the case ended.", field="words", status=422)
    locked = lock_case(case, by)
    unsent = CaseReport.objects.filter(case=locked, sent_at__isnull=True).count()
    outcomes = Outcome.objects.filter(case=locked).count()
    require(may_close(locked, ending, breach_of(locked), unsent, outcomes))
    end(locked, CaseEnding(ending), by, words.strip())
    return locked


def end(case: SecurityCase, ending: CaseEnding, by: User, words: str) -> None:
    """Closes the case in the caller's transaction. The caller has locked it."""
    now = database_now()
    case.state, case.ending, case.closed_at, case.closed_by = CaseState.CLOSED, ending, now, by
    case.save()
    record_step(case, f"closed_{ending}", by=by, at=now, words=words)
