"""After a run, checks what should have been deleted but still exists, and what was kept because it is held."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from accounts.models import User
from documents.models import StoredFile
from retention.models import PurgeCount, PurgeRun
from retention.operations.forget_rows import KEY, unheld_queries
from retention.schedule.clocks import PurgeDate, people_due
from retention.schedule.of_a_person import OF_A_PERSON
from retention.schedule.own_clocks import WITH_THEIR_OWN_CLOCK
from retention.schedule.register import SCHEDULE, count_rows
from retention.selectors.holds import held_classes

AT_A_TIME = 500


@transaction.atomic
def verify_run(run: PurgeRun, night: PurgeDate) -> None:
    """Counts again from the tables.

    `left_over` counts rows that neither a hold nor a known failure explains; it should be 0.
    """
    held, failed, left = _of_people(night, {problem["person"] for problem in run.problems})
    for each in SCHEDULE:
        count, _ = PurgeCount.objects.get_or_create(run=run, key=each.key)
        count.held, count.failed, count.after = held.get(each.key, 0), failed.get(each.key, 0), count_rows(each)
        if each in WITH_THEIR_OWN_CLOCK and each.rows is not None:
            due = each.rows(night).order_by().count()
            count.failed = unheld_queries(night) if each.key == KEY else due
            count.held = due - count.failed
            left += count.failed
        count.save()
    run.left_over = left + StoredFile.objects.filter(discarded=True, version__isnull=True).count()


def _of_people(night: PurgeDate, known: Collection[str]) -> tuple[dict[str, int], dict[str, int], int]:
    """Rows of people who are due but still exist: held by class, not held by class, and how many belong to people whose
    failure is not `known` (public ids).
    """
    left, noted = 0, set(User.objects.filter(public_id__in=known).values_list("pk", flat=True))
    held: dict[str, int] = {}
    failed: dict[str, int] = {}
    position = 0
    while ids := list(people_due(night).filter(pk__gt=position).values_list("pk", flat=True)[:AT_A_TIME]):
        position, kept = ids[-1], held_classes(ids, night.day)
        for each in OF_A_PERSON:
            staying = [pk for pk in ids if each.key in kept.get(pk, frozenset())]
            going = [pk for pk in ids if each.key not in kept.get(pk, frozenset())]
            for table in (table for table in each.tables if table.person):
                held[each.key] = held.get(each.key, 0) + (table.of(staying).count() if staying else 0)
                failed[each.key] = failed.get(each.key, 0) + (table.of(going).count() if going else 0)
                left += table.of(set(going) - noted).count() if going else 0
    return held, failed, left
