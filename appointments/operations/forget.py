"""How appointments are forgotten; when, is for retention to say. Steps of what is recorded there."""

from collections.abc import Collection
from datetime import datetime

from appointments.models import Booking, BookingNeeds, BookingNote, DiaryBlock, DiaryTemplate, IdempotencyKey, TimeOut
from foundation.db.deleting import delete_rows


def forget_notes(people: Collection[int]) -> int:
    return delete_rows(BookingNote.objects.filter(booking__student__in=people))


def forget_bookings(people: Collection[int]) -> int:
    """Notes first; with the keys by which their programs repeated a request."""
    keys = delete_rows(IdempotencyKey.objects.filter(user__in=people))
    needs = delete_rows(BookingNeeds.objects.filter(booking__student__in=people))
    return keys + needs + delete_rows(Booking.objects.filter(student__in=people))


def forget_diaries(people: Collection[int]) -> int:
    """Of somebody who was an adviser: their published time and absences. Appointments that they held stay."""
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
    return delete_rows(blocks) + delete_rows(templates) + absences


def forget_request_keys(before: datetime) -> int:
    """Keys of requests answered before then: no program repeats a request after so long."""
    return delete_rows(IdempotencyKey.objects.filter(created_at__lt=before))
