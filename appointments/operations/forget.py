"""Deletes appointment data. Retention decides when, and records each step."""

from collections.abc import Collection
from datetime import datetime

from appointments.models import (
    Booking,
    BookingNeeds,
    BookingNote,
    DiaryBlock,
    DiaryTemplate,
    IdempotencyKey,
    OnlineRoom,
    TimeOut,
)
from foundation.db.deleting import delete_rows


def forget_notes(people: Collection[int]) -> int:
    return delete_rows(BookingNote.objects.filter(booking__student__in=people))


def forget_bookings(people: Collection[int]) -> int:
    """Deletes the people's bookings, access needs and idempotency keys. Their notes must have been deleted first."""
    keys = delete_rows(IdempotencyKey.objects.filter(user__in=people))
    needs = delete_rows(BookingNeeds.objects.filter(booking__student__in=people))
    return keys + needs + delete_rows(Booking.objects.filter(student__in=people))


def forget_diaries(people: Collection[int]) -> int:
    """Deletes former advisers' published time, absences and links. The appointments they gave stay."""
    blocks, templates = DiaryBlock.objects.filter(adviser__in=people), DiaryTemplate.objects.filter(adviser__in=people)
    for through, rows in (
        (DiaryBlock.types.through, {"diaryblock__in": blocks}),
        (DiaryBlock.locations.through, {"diaryblock__in": blocks}),
        (DiaryTemplate.types.through, {"diarytemplate__in": templates}),
        (DiaryTemplate.locations.through, {"diarytemplate__in": templates}),
    ):
        delete_rows(through._default_manager.filter(**rows))
    DiaryBlock.objects.filter(template__in=templates).update(template=None)
    absences = delete_rows(TimeOut.objects.filter(adviser__in=people))
    rooms = delete_rows(OnlineRoom.objects.filter(adviser__in=people))
    return delete_rows(blocks) + delete_rows(templates) + absences + rooms


def forget_request_keys(before: datetime) -> int:
    """Deletes keys of requests answered before then: no client repeats a request that late."""
    return delete_rows(IdempotencyKey.objects.filter(created_at__lt=before))
