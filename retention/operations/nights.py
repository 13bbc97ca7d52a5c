"""Starting, approving and stopping nightly runs. `work.py` does the work."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.operations.record_audit import record_audit
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.values.times import database_now, local_day
from retention.models import Phase, PurgeRun, RunState

OVERTAKEN = "Overtaken by the next night: nobody had approved it."


def start_nightly_run(night: date | None = None) -> PurgeRun | None:
    """Starts the night's run, and stops one still waiting for approval. Returns None if the night already has a run."""
    night = night or local_day(database_now())
    try:
        return _start(night)
    except IntegrityError:
        return None


@transaction.atomic
def _start(night: date) -> PurgeRun:
    for waiting in PurgeRun.objects.select_for_update().filter(state=RunState.ASKING, night__lt=night, is_dry=False):
        _stop(waiting, OVERTAKEN, None)
    run = PurgeRun.objects.create(night=night, started_at=database_now())
    _record(run, "purge_started", None)
    return run


@in_one_transaction
def start_dry_run(*, by: User | None) -> PurgeRun:
    """Counts what tonight's run would delete; deletes nothing."""
    now = database_now()
    run = PurgeRun.objects.create(
        night=local_day(now), is_dry=True, phase=Phase.LIST, started_by=by, started_at=now
    )  # fmt: skip
    _record(run, "purge_dry_run_started", by)
    return run


@in_one_transaction
def approve_run(*, run: PurgeRun, by: User) -> None:
    """An officer has checked the list, so the run continues."""
    locked = _asking(run)
    locked.approved_by, locked.approved_at = by, database_now()
    locked.state, locked.asks_because = RunState.RUNNING, ""
    locked.save(update_fields=["approved_by", "approved_at", "state", "asks_because"])
    _record(locked, "purge_approved", by)


@in_one_transaction
def stop_run(*, run: PurgeRun, because: str, by: User) -> None:
    """Stops the run; it deletes nothing. The next night makes a new list."""
    _stop(_asking(run), because, by)


def _asking(run: PurgeRun) -> PurgeRun:
    locked = PurgeRun.objects.select_for_update().get(pk=run.pk)
    if locked.state != RunState.ASKING:
        raise Refused("run_not_waiting", "This run is not waiting for approval.", "Open it to see what happened.")
    return locked


def _stop(run: PurgeRun, because: str, by: User | None) -> None:
    run.state, run.asks_because, run.ended_at = RunState.STOPPED, because[:200], database_now()
    run.save(update_fields=["state", "asks_because", "ended_at"])
    _record(run, "purge_stopped", by)


def _record(run: PurgeRun, action: str, by: User | None) -> None:
    record_audit(actor=by, action=action, on=run)
