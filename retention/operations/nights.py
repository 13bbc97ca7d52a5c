"""Starting, approving and stopping nightly runs; approving a large one takes two officers. `work.py` does the work."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Proposal, ProposalKind, User
from accounts.models.user import UserQuerySet
from accounts.operations.record_audit import record_audit
from accounts.operations.two_people import end_waiting, propose
from accounts.rules.two_person_kinds import TwoPersonKind, register_two_person_kind
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.values.times import database_now, local_day, plain_day
from retention.models import Phase, PurgeRun, RunState
from retention.selectors.due_people import effect_of_night
from retention.selectors.officers import officer_rows

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
    end_waiting(kind=ProposalKind.NIGHT, by=None)
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
def ask_to_approve(*, run: PurgeRun, by: User) -> Proposal:
    """Asks another officer to approve the run. Raises Refused: `run_not_waiting`, `proposed_already`."""
    return propose(kind=ProposalKind.NIGHT, subject=_asking(run.public_id).public_id, by=by, people=run.people_due)


def _approve(proposal: Proposal, by: User) -> None:
    """Two officers have checked the list, so the run continues."""
    locked = _asking(proposal.subject)
    locked.approved_by, locked.approved_at = by, database_now()
    locked.state, locked.asks_because = RunState.RUNNING, ""
    locked.save(update_fields=["approved_by", "approved_at", "state", "asks_because"])
    _record(locked, "purge_approved", by, people=locked.people_due, asked_by=proposal.asked_by.public_id)


@in_one_transaction
def stop_run(*, run: PurgeRun, because: str, by: User) -> None:
    """Stops the run; it deletes nothing. One officer is enough. The next night makes a new list."""
    end_waiting(kind=ProposalKind.NIGHT, subject=run.public_id, by=by)
    _stop(_asking(run.public_id), because, by)


def _run_of(proposal: Proposal) -> PurgeRun:
    return PurgeRun.objects.get(public_id=proposal.subject)


def _effect(proposal: Proposal) -> list[str]:
    run = _run_of(proposal)
    return [run.asks_because, *effect_of_night(run)] if run.state == RunState.ASKING else []


def _officers(_: Proposal) -> UserQuerySet:
    return officer_rows()


def register_approving() -> None:
    how = TwoPersonKind(
        confirmers=_officers,
        told=_officers,
        says=lambda proposal: f"approve the nightly run of {plain_day(_run_of(proposal).night)}",
        effect=_effect,
        subject=_run_of,
        perform=_approve,
        page=lambda proposal: reverse("night_person_list", args=[proposal.subject]),
    )
    register_two_person_kind(ProposalKind.NIGHT, how)


def _asking(public_id: str) -> PurgeRun:
    locked = PurgeRun.objects.select_for_update().get(public_id=public_id)
    if locked.state != RunState.ASKING:
        raise Refused("run_not_waiting", "This run is not waiting for approval.", "Open it to see what happened.")
    return locked


def _stop(run: PurgeRun, because: str, by: User | None) -> None:
    run.state, run.asks_because, run.ended_at = RunState.STOPPED, because[:200], database_now()
    run.save(update_fields=["state", "asks_because", "ended_at"])
    _record(run, "purge_stopped", by)


def _record(run: PurgeRun, action: str, by: User | None, **details: str | int | None) -> None:
    record_audit(actor=by, action=action, on=run, student=None, **details)
