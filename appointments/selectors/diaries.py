"""Whole diaries for API clients: several advisers over some days, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, Q, QuerySet
from psycopg2.extras import DateTimeTZRange

from accounts.models import Role, User
from appointments.models import Booking, DiaryBlock, TimeOut
from appointments.models.booking import CANCELLED
from foundation.values.times import day_bounds


@dataclass(frozen=True, slots=True)
class Diary:
    """`type_ids` and `location_ids` on blocks are public ids."""

    adviser: User
    blocks: list[Any]
    bookings: list[Booking]
    time_out: list[TimeOut]


def diary_advisers(first: date, last: date) -> QuerySet[User]:
    """Active advisers, and everybody else with something in their diary on these days."""
    here = {"adviser": OuterRef("pk"), "local_date__range": (first, last)}
    busy = Exists(DiaryBlock.objects.filter(**here)) | Exists(Booking.objects.filter(**here))
    advising = Q(roles__contains=[Role.ADVISER], is_active=True)
    found: QuerySet[User] = User.objects.filter(advising | Q(busy)).order_by("family_name", "given_name", "pk")
    return found


def diaries(advisers: Iterable[User], first: date, last: date) -> list[Diary]:
    """Three queries, for any number of advisers and days. Leaves out cancelled bookings."""
    people = list(advisers)
    span = DateTimeTZRange(*day_bounds(first, last))
    blocks = (
        DiaryBlock.objects.filter(adviser__in=people, local_date__range=(first, last))
        .annotate(
            type_ids=ArrayAgg("types__public_id", distinct=True, default=[]),
            location_ids=ArrayAgg("locations__public_id", distinct=True, default=[]),
        )
        .order_by("during")
    )
    bookings = (
        Booking.objects.filter(adviser__in=people, local_date__range=(first, last))
        .exclude(status__in=CANCELLED)
        .with_people()
        .order_by("during", "pk")
    )
    away = TimeOut.objects.filter(adviser__in=people, during__overlap=span).order_by("during")
    blocks_of, bookings_of, away_of = _by_adviser(blocks), _by_adviser(bookings), _by_adviser(away)
    return [Diary(who, blocks_of[who.pk], bookings_of[who.pk], away_of[who.pk]) for who in people]


def _by_adviser(rows: Iterable[Any]) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.adviser_id].append(row)
    return found
