"""Before people's data is deleted, finds their names in other people's records so that a person can review them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from accounts.models import User
from foundation.values.times import database_now
from retention.models import PurgeRun, TextMention
from retention.schedule.clocks import PurgeDate, people_due
from retention.schedule.free_texts import FREE_TEXTS, FreeText, Names

AT_A_TIME = 2000


def find_mentions_of_due(run: PurgeRun, night: PurgeDate) -> int:
    """Searches the texts once for all people who are due.

    An interrupted search starts again and lists nothing twice.
    """
    names, going = Names(), set()
    for person in people_due(night).iterator(AT_A_TIME):
        going.add(person.pk)
        names.add(person)
    return find_mentions(run, names, going) if names else 0


def find_mentions_of(person: User, run: PurgeRun | None = None) -> int:
    return find_mentions(run, Names.of([person]), {person.pk})


def find_mentions(run: PurgeRun | None, names: Names, going: Collection[int]) -> int:
    """Skips records of the people in `going`, because those are deleted too."""
    now, found = database_now(), 0
    for each in FREE_TEXTS:
        batch: list[TextMention] = []
        for row, field, start, length in places(each, names, going):
            place = {"model": each.model, "row": row, "field": field, "start": start, "length": length}
            batch.append(TextMention(run=run, found_at=now, **place))
        TextMention.objects.bulk_create(batch, ignore_conflicts=True)
        found += len(batch)
    return found


def places(each: FreeText, names: Names, going: Collection[int]) -> Iterator[tuple[int, str, int, int]]:
    owner = [f"{each.person}_id" if "__" not in each.person else each.person] if each.person else []
    rows: Any = each.rows().values_list("pk", *each.fields, *owner)
    for pk, *said in rows.iterator(AT_A_TIME):
        whose = said.pop() if owner else None
        if whose in going:
            continue
        for field, text in zip(each.fields, said, strict=True):
            for start, length, _ in names.found_in(text or ""):
                yield pk, field, start, length
