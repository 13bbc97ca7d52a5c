"""Works through a nightly run, phase by phase. A session-level advisory lock lets one worker do so at a time.

After an interruption the next worker continues from the last commit. Repeating a step changes nothing.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.db import Error, transaction
from django.db.models import F

from accounts.models import Enrolment, User
from accounts.operations.record_audit import record_audit
from accounts.rules.policy import policy_in_force
from documents.operations.forget import remove_files
from foundation.db.advisory_lock import advisory_lock
from foundation.values.times import database_now
from messaging.operations.forget import delete_copies
from messaging.operations.queue_message import queue_messages
from retention.models import Phase, PurgeCount, PurgeRun, RunState
from retention.notices.officers import asking
from retention.operations.evidence import seal_run
from retention.operations.find_mentions import find_mentions_of_due
from retention.operations.forget_people import forget_next
from retention.operations.forget_rows import forget_next_queries, rows_of_queries, sweep_own_clocks
from retention.operations.keep_notice import keep_notice
from retention.operations.tombstones import drop_uncommitted
from retention.operations.verify import verify_run
from retention.operations.warn_people import warn_people
from retention.schedule.clocks import PurgeDate, people_due
from retention.schedule.register import SCHEDULE, count_rows
from retention.selectors.officers import officers

logger = logging.getLogger(__name__)

LOCK = 7_310_060
"""Key of the advisory lock: one run at a time."""

ATTEMPTS = 20
"""A run that was started this often and never ended has failed, because something kills it each time."""


def work_on_runs(*, seconds: float = float("inf")) -> int:
    """Works on waiting runs, oldest first, until the time is up; returns how many.

    Does nothing while another worker runs.
    """
    until, done = time.monotonic() + seconds, 0
    with advisory_lock(LOCK) as locked:
        while locked and time.monotonic() < until and (run := PurgeRun.objects.to_do().order_by("pk").first()):
            if _begin(run):
                work_on(run, until)
            done += 1
            if run.is_to_do:
                break
    return done


def clear_away() -> None:
    """Removes files and provider copies that erasures left behind, because these cannot be part of a transaction."""
    while remove_files()[0]:
        pass
    delete_copies()


def _begin(run: PurgeRun) -> bool:
    run.attempts, run.state = run.attempts + 1, RunState.RUNNING
    if run.attempts > ATTEMPTS:
        run.state, run.ended_at = RunState.FAILED, database_now()
        run.save(update_fields=["attempts", "state", "ended_at"])
        record_audit(actor=None, action="purge_failed", on=run)
        return False
    run.save(update_fields=["attempts", "state"])
    drop_uncommitted(run)
    return True


def work_on(run: PurgeRun, until: float) -> None:
    """Runs phase after phase, with the policy in force on the run's night."""
    night = PurgeDate(run.night, policy_in_force(run.night))
    try:
        while run.is_to_do and time.monotonic() < until:
            PHASES[Phase(run.phase)](run, night, until)
    except Error as failure:  # the next worker continues from the last commit
        logger.warning("purge run %s broke off in “%s”: %s", run.public_id, run.phase, type(failure).__name__)
        return
    if run.is_to_do:  # stopped because time is up, which is not a failed attempt
        PurgeRun.objects.filter(pk=run.pk).update(attempts=0)


def _start_phase(run: PurgeRun, phase: Phase) -> None:
    run.phase, run.position = phase, 0
    run.save(update_fields=["phase", "position"])


def _warn(run: PurgeRun, night: PurgeDate, until: float) -> None:
    keep_notice()
    warned = warn_people(run, night)
    PurgeRun.objects.filter(pk=run.pk).update(warned=F("warned") + warned)
    run.refresh_from_db(fields=["warned"])
    _start_phase(run, Phase.LIST)


def _list(run: PurgeRun, night: PurgeDate, until: float) -> None:
    """Counts what is due, by class. A dry run ends here."""
    list_due(run, night)
    if run.is_dry:
        run.state, run.ended_at, run.digest = RunState.COMPLETED, database_now(), "dry run"
        run.save(update_fields=["state", "ended_at", "digest"])
        return
    _start_phase(run, Phase.ROWS)


@transaction.atomic
def list_due(run: PurgeRun, night: PurgeDate) -> None:
    due = people_due(night).order_by()
    run.people_due = due.count()
    run.people_total = User.objects.filter(pk__in=Enrolment.objects.values("student")).count()
    for each in SCHEDULE:
        people = due.values_list("pk", flat=True)
        listed = sum([table.of(people).count() for table in each.tables if table.person and each.forget])
        if each.key == "resolved_queries":
            listed = rows_of_queries(night)
        elif each.rows is not None:
            listed = each.rows(night).order_by().count()
        numbers = {"before": count_rows(each), "listed": listed}
        PurgeCount.objects.update_or_create(run=run, key=each.key, defaults=numbers)
    run.save(update_fields=["people_due", "people_total"])


def asks_because(run: PurgeRun, night: PurgeDate) -> str:
    """Why somebody has to approve the run; empty if nobody has to."""
    most = night.policy.retention_large_share_percent
    if run.people_due * 100 > most * run.people_total:
        share = round(100 * run.people_due / run.people_total)
        return f"It would delete {run.people_due:,} of {run.people_total:,} people: {share} %, more than {most} %."
    if night.policy.retention_needs_approval and run.people_due:
        return "Each night’s list waits for approval, as the policy’s settings say."
    return ""


@transaction.atomic
def _ask(run: PurgeRun, because: str) -> None:
    run.state, run.asks_because = RunState.ASKING, because
    run.save(update_fields=["state", "asks_because"])
    queue_messages([asking(officer, run) for officer in officers()])
    record_audit(actor=None, action="purge_asks", on=run)


def _mentions(run: PurgeRun, night: PurgeDate, until: float) -> None:
    """Asks for approval if too many people are due or the setting requires it; otherwise lists mentions of names.

    Data with its own retention period has been deleted before, whatever the answer.
    """
    because = asks_because(run, night)
    if because and run.approved_at is None:
        _ask(run, because)
        return
    find_mentions_of_due(run, night)
    _start_phase(run, Phase.PEOPLE)


def _repeat_until_done(
    step: Callable[[PurgeRun, PurgeDate], bool], after: Phase
) -> Callable[[PurgeRun, PurgeDate, float], None]:
    def phase(run: PurgeRun, night: PurgeDate, until: float) -> None:
        while time.monotonic() < until:
            began = time.monotonic()
            if not step(run, night):
                _start_phase(run, after)
                return
            time.sleep((time.monotonic() - began) * settings.RETENTION_PACE)

    return phase


def _own_clocks(run: PurgeRun, night: PurgeDate, until: float) -> None:
    sweep_own_clocks(run, night)
    _start_phase(run, Phase.MENTIONS)


def _files(run: PurgeRun, night: PurgeDate, until: float) -> None:
    """Removes files until none is marked or the storage fails to remove one. The sweep and the next night try again."""
    while time.monotonic() < until:
        gone, left = remove_files()
        PurgeRun.objects.filter(pk=run.pk).update(files_removed=F("files_removed") + gone)
        if not gone or left:
            run.refresh_from_db(fields=["files_removed"])
            _start_phase(run, Phase.COPIES)
            return


def _copies(run: PurgeRun, night: PurgeDate, until: float) -> None:
    while time.monotonic() < until:
        gone, left = delete_copies()
        PurgeRun.objects.filter(pk=run.pk).update(copies_deleted=F("copies_deleted") + gone)
        if not left or not gone:
            run.refresh_from_db(fields=["copies_deleted"])
            _start_phase(run, Phase.VERIFY)
            return


def _verify(run: PurgeRun, night: PurgeDate, until: float) -> None:
    run.refresh_from_db()
    verify_run(run, night)
    seal_run(run)


PHASES: dict[Phase, Callable[[PurgeRun, PurgeDate, float], None]] = {
    Phase.WARN: _warn,
    Phase.LIST: _list,
    Phase.ROWS: _repeat_until_done(forget_next_queries, Phase.OWN_CLOCKS),
    Phase.OWN_CLOCKS: _own_clocks,
    Phase.MENTIONS: _mentions,
    Phase.PEOPLE: _repeat_until_done(forget_next, Phase.FILES),
    Phase.FILES: _files,
    Phase.COPIES: _copies,
    Phase.VERIFY: _verify,
}
