"""Evidence of a nightly run: its counts, and a digest that includes the previous run's digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from django.db import transaction

from accounts.operations.record_audit import record_audit
from foundation.values.times import database_now
from retention.models import PurgeCount, PurgeRun, RunState


def said_of(run: PurgeRun, counts: Sequence[PurgeCount]) -> str:
    """The facts that are sealed, as text. The same rows always give the same text."""
    facts = {
        "run": run.public_id,
        "night": run.night.isoformat(),
        "started_at": run.started_at.isoformat(),
        "ended_at": run.ended_at.isoformat() if run.ended_at else "",
        "approved_at": run.approved_at.isoformat() if run.approved_at else "",
        "people": [run.people_due, run.people_done, run.people_held, run.people_total, run.warned],
        "files_removed": run.files_removed,
        "copies_deleted": run.copies_deleted,
        "left_over": run.left_over,
        "problems": run.problems,
        "classes": [each.told() for each in counts],
    }
    return json.dumps(facts, sort_keys=True)


def digest_of(run: PurgeRun, counts: Sequence[PurgeCount]) -> str:
    return hashlib.sha256(f"{run.previous}\n{said_of(run, counts)}".encode()).hexdigest()


@transaction.atomic
def seal_run(run: PurgeRun) -> None:
    """Marks the run as completed. From then on `broken_link` detects any change to it."""
    before = PurgeRun.objects.completed().exclude(pk=run.pk).order_by("-ended_at", "-pk").first()
    run.ended_at, run.state = database_now(), RunState.COMPLETED
    run.previous = before.digest if before else ""
    run.digest = digest_of(run, list(run.counts.order_by("pk")))
    run.save(update_fields=["ended_at", "state", "previous", "digest", "left_over"])
    record_audit(
        actor=None,
        action="purge_completed",
        on=run,
        people=run.people_done,
        digest=run.digest[:16],
    )


def broken_link(latest: int | None = None) -> PurgeRun | None:
    """The first completed run that was changed after sealing or does not continue the chain, among all or the `latest`
    runs. Two queries.
    """
    runs = PurgeRun.objects.completed().order_by("-ended_at", "-pk").prefetch_related("counts")
    chain = list(reversed(runs[:latest] if latest else runs))
    previous = chain[0].previous if chain and len(chain) == latest else ""
    for run in chain:
        if run.previous != previous or digest_of(run, list(run.counts.all())) != run.digest:
            return run
        previous = run.digest
    return None
