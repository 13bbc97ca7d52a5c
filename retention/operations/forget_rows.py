"""Deletes resolved queries and other data with its own retention period."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from queries.models import Query
from queries.operations.forget import forget_queries
from retention.models import PurgeCount, PurgeRun
from retention.operations.statistics import keep_statistics
from retention.operations.tombstones import Gone, folder_of, write_tombstones
from retention.schedule.clocks import PurgeDate, queries_due
from retention.schedule.own_clocks import WITH_THEIR_OWN_CLOCK
from retention.selectors.holds import held_classes

AT_A_TIME = 200
KEY = "resolved_queries"


@transaction.atomic
def forget_next_queries(run: PurgeRun, night: PurgeDate) -> bool:
    """Deletes the next queries that are due; False if there are none. Keeps queries of people whose data is held."""
    due = queries_due(night).filter(pk__gt=run.position).select_for_update(skip_locked=True, of=("self",))
    rows = list(due.values_list("pk", "public_id", "person_id")[:AT_A_TIME])
    if not rows:
        return False
    held = held_classes({person for _, _, person in rows if person}, night.day)
    going = [(pk, public_id) for pk, public_id, person in rows if KEY not in held.get(person or 0, frozenset())]
    gone = _forget(run, going) if going else 0
    PurgeCount.objects.filter(run=run, key=KEY).update(forgotten=F("forgotten") + gone)
    run.position = rows[-1][0]
    run.save(update_fields=["position"])
    return True


def _forget(run: PurgeRun, going: list[tuple[int, str]]) -> int:
    keys = [pk for pk, _ in going]
    keep_statistics([], keys)
    write_tombstones(folder_of(run), Gone({}, [public_id for _, public_id in going]))
    return forget_queries(keys)


def sweep_own_clocks(run: PurgeRun, night: PurgeDate) -> None:
    """Deletes all other classes with their own period, each in its own transactions until nothing of it is due."""
    for each in WITH_THEIR_OWN_CLOCK:
        while each.sweep:
            with transaction.atomic():
                gone = each.sweep(night)
                PurgeCount.objects.filter(run=run, key=each.key).update(forgotten=F("forgotten") + gone)
            if not gone or each.rows is None:
                break


def unheld_queries(night: PurgeDate) -> int:
    """How many due queries are not held: none after a successful run. Used for verification; reads in batches."""
    left = position = 0
    while rows := list(queries_due(night).filter(pk__gt=position).values_list("pk", "person_id")[:1000]):
        held = held_classes({person for _, person in rows if person}, night.day)
        left += sum(KEY not in held.get(person or 0, frozenset()) for _, person in rows)
        position = rows[-1][0]
    return left


def rows_of_queries(night: PurgeDate) -> int:
    """How many rows the due queries have, with their messages and emails."""
    due = queries_due(night).order_by().values("pk")
    these = Query.objects.filter(pk__in=due) | Query.objects.filter(merged_into__in=due)
    counted = these.count()
    for relation in ("messages", "emails"):
        counted += these.filter(**{f"{relation}__isnull": False}).values(f"{relation}__pk").count()
    return counted
