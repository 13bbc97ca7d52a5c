"""An adviser's availability: weekly templates, blocks ahead and time out ahead."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from psycopg2.extras import DateTimeTZRange

from appointments.models import Booking, DiaryBlock, DiaryTemplate, TimeOut
from appointments.models.booking import OCCUPYING


@dataclass(frozen=True, slots=True)
class Availability:
    templates: list[DiaryTemplate]
    time_out: list[TimeOut]


def availability(adviser_id: int, now: datetime) -> Availability:
    """Four queries, for any number of templates."""
    templates = DiaryTemplate.objects.filter(adviser=adviser_id).prefetch_related("types", "locations")
    away = TimeOut.objects.filter(adviser=adviser_id, during__endswith__gt=now)
    return Availability(list(templates), list(away))


def blocks_ahead(adviser_id: int, today: date) -> QuerySet[DiaryBlock]:
    """Three queries, including types and locations. `.booked` counts the bookings inside each block."""
    inside = (
        Booking.objects.filter(
            adviser=OuterRef("adviser"),
            local_date=OuterRef("local_date"),
            during__overlap=OuterRef("during"),
            status__in=OCCUPYING,
        )
        .order_by()
        .values("adviser")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return (
        DiaryBlock.objects.filter(adviser=adviser_id, local_date__gte=today)
        .prefetch_related("types", "locations")
        .annotate(booked=Coalesce(Subquery(inside, output_field=IntegerField()), 0))
        .order_by("during")
    )


def spans_of(template: DiaryTemplate, now: datetime) -> list[DateTimeTZRange]:
    """One query. The published times ahead of a template."""
    ahead = template.blocks.filter(during__startswith__gt=now).order_by("during")
    return list(ahead.values_list("during", flat=True))
