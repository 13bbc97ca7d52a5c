"""Statistics that remain after deletion, counted in the same transaction beforehand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date

from django.db import connection
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import TruncDate

from accounts.models import Enrolment
from accounts.rules.policy import policy_in_force
from appointments.models import Booking
from documents.models import Document
from eligibility.rules.calendar import AcademicCalendar
from foundation.values.month_days import month_and_day
from foundation.values.times import institution_zone
from queries.models import Query

ADD = """
INSERT INTO retention_statistic (what, academic_year, first, second, third, count) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (what, academic_year, first, second, third) DO UPDATE SET count = retention_statistic.count + excluded.count
"""
Tally = Counter[tuple[str, str, str, str, str]]


def keep_statistics(people: Collection[int], queries: Collection[int] = ()) -> None:
    """Counts appointments by type, level and outcome; queries by category; documents by kind. Four queries."""
    calendar = AcademicCalendar(year_ends=month_and_day(policy_in_force().academic_year_ends))
    tally: Tally = Counter()

    def add(what: str, day: date, first: str, second: str, third: str, count: int) -> None:
        tally[what, calendar.academic_year_of(day).name, first, second or "", third] += count

    level = Subquery(Enrolment.objects.filter(student=OuterRef("student")).values("level")[:1])
    bookings = Booking.objects.filter(student__in=people).annotate(level=level).order_by()
    named = bookings.values_list("local_date", "type__slug", "level", "status").annotate(Count("pk"))
    for day, slug, taken, status, count in named:
        add("appointments", day, slug, taken, status, count)
    asked = Query.objects.filter(person__in=people) | Query.objects.filter(pk__in=queries)
    opened = TruncDate("opened_at", tzinfo=institution_zone())
    for day, category, decision, count in (
        asked.order_by().values_list(opened, "category", "decision").annotate(Count("pk", distinct=True))
    ):
        add("queries", day, category, decision, "", count)
    made = TruncDate("created_at", tzinfo=institution_zone())
    for day, kind, count in (
        Document.objects.filter(owner__in=people).order_by().values_list(made, "kind").annotate(Count("pk"))
    ):
        add("documents", day, kind, "", "", count)
    _store(tally)


def _store(tally: Tally) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(ADD, [(*key, count) for key, count in sorted(tally.items())])
