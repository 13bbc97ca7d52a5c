"""Deletes people's data in batches, each in one transaction with its tombstones, counts and position."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping

from django.db import Error, connection, transaction
from django.db.models import F

from accounts.models import User
from foundation.db.deleting import settle_constraints
from retention.models import PurgeCount, PurgeRun
from retention.operations.statistics import keep_statistics
from retention.operations.tombstones import Gone, drop_uncommitted, folder_of, write_tombstones
from retention.schedule.clocks import PurgeDate, people_due
from retention.schedule.of_a_person import OF_A_PERSON
from retention.selectors.holds import held_classes

logger = logging.getLogger(__name__)

AT_A_TIME = 100
PROBLEMS_KEPT = 200
LOCK = "SELECT id FROM accounts_user WHERE id = ANY(%s) ORDER BY id FOR UPDATE"


def forget_next(run: PurgeRun, night: PurgeDate) -> bool:
    """Handles the next people who are due; False if there are none.

    A person whose data cannot be deleted is noted and skipped, so that one inconsistent row does not block the others.
    """
    ids = list(people_due(night).filter(pk__gt=run.position).values_list("pk", flat=True)[:AT_A_TIME])
    if not ids:
        return False
    try:
        _forget_due(run, night, ids)
    except Error:
        drop_uncommitted(run)
        for one in ids:
            _forget_one(run, night, one)
    run.refresh_from_db(fields=["position", "people_done", "people_held", "problems"])
    return True


def _forget_one(run: PurgeRun, night: PurgeDate, one: int) -> None:
    try:
        _forget_due(run, night, [one])
    except Error as failure:
        drop_uncommitted(run)
        code = str(getattr(failure.__cause__, "pgcode", "") or type(failure).__name__)
        logger.warning("a person who is due could not be deleted: %s", code)
        public_id = User.objects.filter(pk=one).values_list("public_id", flat=True).first() or ""
        run.refresh_from_db(fields=["problems"])
        problems = [*run.problems, {"person": public_id, "code": code}][:PROBLEMS_KEPT]
        PurgeRun.objects.filter(pk=run.pk).update(position=one, problems=problems)


@transaction.atomic
def _forget_due(run: PurgeRun, night: PurgeDate, ids: Collection[int]) -> None:
    """Locks the people, then checks under the lock whether they are still due and what is held."""
    _lock(ids)
    due = list(people_due(night).filter(pk__in=ids).values_list("pk", flat=True))
    held = held_classes(due, night.day)
    counts = forget_classes(due, held, folder_of(run))
    for key, gone in counts.items():
        PurgeCount.objects.filter(run=run, key=key).update(forgotten=F("forgotten") + gone)
    done = len(due) - len(held)
    PurgeRun.objects.filter(pk=run.pk).update(
        position=max(ids), people_done=F("people_done") + done, people_held=F("people_held") + len(held)
    )


def _lock(ids: Collection[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [list(ids)])


def forget_classes(people: Collection[int], held: Mapping[int, frozenset[str]], folder: str) -> dict[str, int]:
    """Keeps statistics, writes tombstones, and deletes the classes that are not held; returns rows by class. Needs a
    transaction.

    At the end it checks deferred constraints, so that no foreign key refers to a deleted row.
    """
    public_ids = dict(User.objects.filter(pk__in=people).values_list("pk", "public_id"))
    going = {
        each.key: [pk for pk in people if each.key not in held.get(pk, frozenset())] for each in OF_A_PERSON
    }  # fmt: skip
    keep_statistics(going["appointments"])
    gone = {public_ids[pk]: [key for key, those in going.items() if pk in those] for pk in people if pk in public_ids}
    if gone := {public_id: keys for public_id, keys in gone.items() if keys}:
        write_tombstones(folder, Gone(gone))
    counts = {each.key: each.forget(going[each.key]) for each in OF_A_PERSON if each.forget and going[each.key]}
    settle_constraints()
    return counts
