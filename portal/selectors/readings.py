"""Who read a person's notes, documents and access needs, as shown to that person: name, role, what and when
(DATA-3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.urls import reverse

from accounts.models import READ_SUBJECTS, AuditEntry, User
from accounts.selectors.trail import role_words, who_words
from appointments.models import Booking
from foundation.values.times import local_day, spoken_day

PER_PAGE = 50
OF_A_BOOKING = {"booking_notes": "Notes of", "booking_access_needs": "Access needs for"}


@dataclass(slots=True)
class Reading:
    """All reading of one thing by one person on one day."""

    who: str
    roles: str
    what: str
    url: str
    first: datetime
    last: datetime
    times: int = 1


def readings_page(user: User, number: str | None) -> tuple[Page[AuditEntry], list[Reading]]:
    """Three queries: the count, the entries with their people, and the appointments they are about."""
    entries = AuditEntry.objects.readings_of(user).named().order_by("-pk")
    page = Paginator(entries, PER_PAGE).get_page(number)
    listed = list(page.object_list)
    about = [entry.subject_id for entry in listed if entry.subject in OF_A_BOOKING]
    bookings = (
        Booking.objects.filter(student=user, public_id__in=about).select_related("type").in_bulk(field_name="public_id")
    )
    return page, list(_grouped(listed, bookings))


def _grouped(entries: Iterable[AuditEntry], bookings: dict[str, Booking]) -> Iterable[Reading]:
    rows: dict[tuple[object, ...], Reading] = {}
    for entry in entries:
        key = (entry.actor_id, entry.subject, entry.subject_id, local_day(entry.at))
        if key in rows:
            rows[key].times += 1
            rows[key].first = entry.at
            continue
        booking = bookings.get(entry.subject_id)
        rows[key] = Reading(
            who=who_words(entry),
            roles=role_words(entry),
            what=_what(entry, booking),
            url=reverse("booking_detail", args=[booking.public_id]) if booking else "",
            first=entry.at,
            last=entry.at,
        )
    return rows.values()


def _what(entry: AuditEntry, booking: Booking | None) -> str:
    if booking:
        return f"{OF_A_BOOKING[entry.subject]} {booking.type.name}, {spoken_day(booking.local_date)}"
    words = READ_SUBJECTS[entry.subject]
    return f"{words[:1].upper()}{words[1:]}"
