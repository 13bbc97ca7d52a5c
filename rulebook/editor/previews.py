"""Previews a rule change: how many people match, gain and lose, and how many bookings would no longer be allowed.

No names.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet

from accounts.models import Enrolment, Level, Status, User
from appointments.models import Booking
from eligibility.models import Audience
from eligibility.selectors.audiences import people_in
from foundation.values.times import database_now, day_bounds, local_day

NO_COURSE = "no course on record"


@dataclass(frozen=True, slots=True)
class KindRow:
    """Counts for one level, status or School: who matches now and in future, who gains and who loses."""

    label: str
    now: int
    will: int
    gains: int
    loses: int


@dataclass(frozen=True, slots=True)
class KindTable:
    title: str
    rows: tuple[KindRow, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    total: KindRow
    tables: tuple[KindTable, ...]


Cell = tuple[str, str, str, bool, bool, int]
"""Level, status, School, matches now, will match, number of people."""


def preview(*, now_in_force: object, draft: object, on: date) -> Preview:
    """Two queries for any number of people. `on` is the day from which the draft would apply.

    A person with several courses is counted once, under the one started last.
    """
    today = local_day(database_now())
    was = Q(in_force=True)
    will = Q(drafted=True)
    cells = list(_cells(now_in_force, draft, on, today, was | will))
    total = _row("Everybody together", cells)
    kinds = (("level of study", 0), ("status", 1), ("School", 2))
    return Preview(total, tuple(KindTable(title, _rows(cells, place)) for title, place in kinds))


def _cells(now_in_force: object, draft: object, on: date, today: date, either: Q) -> Iterable[Cell]:
    latest = Enrolment.objects.order_by("student", "-started_on", "-pk").distinct("student").values("pk")
    people = User.objects.students().filter(is_active=True).values("pk")

    def inside(rule: object, path: str) -> ExpressionWrapper:
        matching = people_in(rule, on, today).values("pk")
        return ExpressionWrapper(Q(**{f"{path}__in": matching}), output_field=BooleanField())

    def asked(rows: QuerySet[Any], path: str) -> Any:
        return rows.annotate(in_force=inside(now_in_force, path), drafted=inside(draft, path)).filter(either)

    courses = asked(Enrolment.objects.filter(pk__in=latest, student__in=people), "student")
    counted = courses.order_by().values_list("level", "status", "programme__school__name", "in_force", "drafted")
    for level, status, school, was, will, count in counted.annotate(count=Count("pk")):
        yield str(Level(level).label), str(Status(status).label), school, was, will, count
    without = asked(User.objects.students().filter(is_active=True, enrolments__isnull=True), "pk")
    for was, will, count in without.order_by().values_list("in_force", "drafted").annotate(count=Count("pk")):
        yield NO_COURSE, NO_COURSE, NO_COURSE, was, will, count


def _rows(cells: list[Cell], place: int) -> tuple[KindRow, ...]:
    labels = sorted({str(cell[place]) for cell in cells})
    rows = [_row(label, [cell for cell in cells if cell[place] == label]) for label in labels]
    return tuple(sorted(rows, key=lambda row: (-max(row.will, row.now), row.label)))


def _row(label: str, cells: Iterable[Cell]) -> KindRow:
    sums: Counter[str] = Counter()
    for _, _, _, was, will, count in cells:
        sums["now"] += count * was
        sums["will"] += count * will
        sums["gains"] += count * (will and not was)
        sums["loses"] += count * (was and not will)
    return KindRow(label[:1].upper() + label[1:], sums["now"], sums["will"], sums["gains"], sums["loses"])


def how_many(rule: object, on: date) -> int:
    """One query."""
    today = local_day(database_now())
    count: int = people_in(rule, on, today).students().filter(is_active=True).count()
    return count


@dataclass(frozen=True, slots=True)
class BookingsThatStand:
    people: int
    bookings: int


def bookings_that_stand(audience: Audience, draft: object, on: date) -> BookingsThatStand:
    """Bookings from `on` for types of this audience, of people whom the draft would not match.

    They stay booked. One query.
    """
    today = local_day(database_now())
    allowed = people_in(draft, on, today).values("pk")
    ahead = Booking.objects.occupying().filter(
        type__audience=audience, during__startswith__gte=max(day_bounds(on)[0], database_now())
    )
    counts = ahead.exclude(student__in=allowed).aggregate(people=Count("student", distinct=True), bookings=Count("pk"))
    return BookingsThatStand(**counts)
