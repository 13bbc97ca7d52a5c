from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef

from accounts.models import User
from accounts.operations.lock_people import lock_people
from accounts.rules.policy import policy_in_force
from appointments.models import AppointmentType, Booking, DiaryBlock, DiaryTemplate
from appointments.operations.diary import CLOSED, block_of, is_empty, save_template
from appointments.operations.tell_who_must_move import tell_who_must_move
from eligibility.selectors.calendar import academic_calendar
from foundation.outcomes.refusals import in_one_transaction
from foundation.values.times import database_now, week_start
from places.models import Location

BOOKED, OVERLAPS = "it has appointments", "it would overlap other published time"
"""Why a published day keeps its old hours."""


@dataclass(frozen=True, slots=True)
class ChangedTemplate:
    """How many published days were changed, which keep their old hours or were removed and why, and the bookings that
    can no longer take place.
    """

    changed: int
    skipped: tuple[tuple[date, str], ...]
    must_move: Sequence[Booking]


@in_one_transaction
def change_template(
    *,
    template: DiaryTemplate,
    types: Iterable[AppointmentType],
    locations: Iterable[Location],
    booked_too: bool,
    by: User,
) -> ChangedTemplate:
    """Changes a weekly template and the days published from it that have not begun.

    Days with appointments keep their old hours unless `booked_too`. A day that moves to a closed day, or into the past,
    is removed. Locks the adviser; we tell students whose appointment can no longer take place.
    """
    lock_people(template.adviser)
    save_template(template=template, types=types, locations=locations, by=by)
    now = database_now()
    ahead, kept = _published(template, now, booked_too)
    free, gone = _moved(template, ahead, now)
    free, overlapping = _without_overlaps(template, free)
    DiaryBlock.objects.bulk_update(free, ["during", "local_date"])
    for block in free:
        block.types.set(template.types.all())
        block.locations.set(template.locations.all())
    must_move = tell_who_must_move(adviser=template.adviser, by=by)
    skipped = [*kept, *gone, *overlapping]
    return ChangedTemplate(len(free), tuple(sorted(skipped)), must_move)


def _published(
    template: DiaryTemplate, now: datetime, booked_too: bool
) -> tuple[list[DiaryBlock], list[tuple[date, str]]]:
    """The blocks to change, and the days that keep their hours."""
    booked = Booking.objects.upcoming(now).filter(adviser=OuterRef("adviser"), during__overlap=OuterRef("during"))
    blocks = template.blocks.filter(during__startswith__gt=now).annotate(is_booked=Exists(booked)).order_by("during")
    keep = {block.pk for block in blocks if block.is_booked and not booked_too}
    return [b for b in blocks if b.pk not in keep], [(b.local_date, BOOKED) for b in blocks if b.pk in keep]


def _moved(
    template: DiaryTemplate, blocks: Iterable[DiaryBlock], now: datetime
) -> tuple[list[DiaryBlock], list[tuple[date, str]]]:
    """The blocks with their new hours, and the days that were removed."""
    calendar = academic_calendar(policy_in_force().academic_year_ends)
    moved, gone = [], []
    for block in blocks:
        made = block_of(template, week_start(block.local_date) + timedelta(days=template.weekday))
        closed = calendar.closed_on(made.local_date)
        if closed or is_empty(made) or made.during.lower <= now:
            block.delete()
            gone.append((made.local_date, CLOSED if closed else "that time has passed"))
        else:
            block.during, block.local_date = made.during, made.local_date
            moved.append(block)
    return moved, gone


def _without_overlaps(
    template: DiaryTemplate, blocks: list[DiaryBlock]
) -> tuple[list[DiaryBlock], list[tuple[date, str]]]:
    """Leaves out blocks that would overlap the adviser's other published time."""
    others = DiaryBlock.objects.filter(adviser=template.adviser_id).exclude(pk__in=[block.pk for block in blocks])
    taken = list(others.filter(local_date__in=[block.local_date for block in blocks]).values_list("during", flat=True))
    clear, left = [], []
    for block in blocks:
        span = block.during
        if any(other.lower < span.upper and span.lower < other.upper for other in taken):
            left.append((block.local_date, OVERLAPS))
        else:
            clear.append(block)
    return clear, left
