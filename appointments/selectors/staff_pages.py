"""What careers staff see of a day: who comes, when and where. The number of queries is fixed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import AuditEntry, Role, User
from appointments.models import Booking, BookingNote, BookingStatus
from appointments.models.booking import CANCELLED
from appointments.rules.confidentiality import LocationPrivacy, privacy_of
from appointments.selectors.rearrange import bookings_to_rearrange
from appointments.selectors.taking_place import with_hindrance
from foundation.values.person_names import shown_name
from foundation.values.times import local_day


@dataclass(frozen=True, slots=True)
class DayRow:
    """One appointment of the day. `note_missing`: attended, but nobody has written a note yet."""

    booking: Booking
    history: str
    privacy: LocationPrivacy
    is_now: bool
    is_next: bool
    to_rearrange: bool
    note_missing: bool


@dataclass(frozen=True, slots=True)
class StaffDay:
    """`to_rearrange` counts all upcoming bookings that cannot take place, not only this day's."""

    on: date
    rows: tuple[DayRow, ...]
    cancelled: tuple[Booking, ...]
    to_rearrange: int
    now: datetime

    def count(self, *statuses: str) -> int:
        return sum(row.booking.status in statuses for row in self.rows)

    @property
    def unmarked(self) -> int:
        """How many appointments have ended without a mark."""
        open_rows = (row.booking for row in self.rows if row.booking.occupies_time and not row.booking.is_held)
        return sum(booking.ends_at <= self.now for booking in open_rows)

    @property
    def notes_missing(self) -> int:
        return sum(row.note_missing for row in self.rows)


BY_NAME = ("family_name", "given_name", "pk")


@dataclass(frozen=True, slots=True)
class DiaryOwner:
    """A person with a diary, as select lists show them. `advises`: new times may be added to it."""

    pk: int
    public_id: str
    name: str
    advises: bool = True


def diary_owners() -> list[DiaryOwner]:
    """One query. Every adviser, by name, and former advisers who still have appointments ahead.

    Their students have been asked to move them. Looking through all appointments ahead took most of the page's time.
    """
    ahead = Booking.objects.occupying().filter(move_asked_at__isnull=False, local_date__gte=local_day(timezone.now()))
    owners = User.objects.advisers().values("pk").union(ahead.order_by().values("adviser"))
    people = User.objects.filter(pk__in=owners).order_by(*BY_NAME)
    rows = people.values_list("pk", "public_id", "is_active", "roles", "given_name", "family_name", "preferred_name")
    return [
        DiaryOwner(pk, public_id, shown_name(*names), is_active and Role.ADVISER in roles)
        for pk, public_id, is_active, roles, *names in rows
    ]


def diary_people() -> list[User]:
    """One query. Advisers as whole rows, for forms that write to one of them."""
    return list(User.objects.advisers().order_by(*BY_NAME))


def staff_day(on: date, now: datetime, adviser_id: int | None = None) -> StaffDay:
    """Three queries, for one adviser or all: bookings, histories and how many bookings to rearrange."""
    ahead = bookings_to_rearrange(now)
    bookings = Booking.objects.filter(local_date=on)
    if adviser_id:
        bookings, ahead = bookings.filter(adviser=adviser_id), ahead.filter(adviser=adviser_id)
    listed = list(
        with_hindrance(bookings.with_people())
        .annotate(has_note=Exists(BookingNote.objects.filter(booking=OuterRef("pk"))))
        .order_by("during", "adviser__family_name", "pk")
    )
    taking_place = [booking for booking in listed if not booking.is_cancelled]
    histories = spoken_histories(taking_place)
    following = next(
        (b.starts_at for b in taking_place if b.occupies_time and not b.is_held and b.starts_at > now), None
    )
    rows = [_row(booking, histories[booking.pk], now, following) for booking in taking_place]
    cancelled = tuple(booking for booking in listed if booking.is_cancelled)
    return StaffDay(on, tuple(rows), cancelled, ahead.count(), now)


def _row(booking: Booking, history: str, now: datetime, following: datetime | None) -> DayRow:
    ahead = booking.occupies_time and not booking.is_held
    return DayRow(
        booking=booking,
        history=history,
        privacy=privacy_of(booking.type, booking.location),
        is_now=ahead and booking.starts_at <= now < booking.ends_at,
        is_next=ahead and booking.starts_at == following,
        to_rearrange=ahead and now < booking.starts_at and bool(booking.hindrance),
        note_missing=booking.status == BookingStatus.ATTENDED and not getattr(booking, "has_note", True),
    )


def spoken_histories(bookings: Sequence[Booking]) -> dict[int, str]:
    """One query, grouped by student.

    For example `3rd appointment, 1 missed` for each booking, counted up to its start.
    """
    grouped = (
        Booking.objects.filter(student__in={booking.student_id for booking in bookings})
        .exclude(status__in=CANCELLED)
        .order_by()
        .values("student_id")
        .annotate(
            starts=ArrayAgg(F("during__startswith")),
            missed=ArrayAgg(F("during__startswith"), filter=Q(status=BookingStatus.MISSED)),
        )
    )
    known = {row["student_id"]: (row["starts"] or [], row["missed"] or []) for row in grouped}
    return {booking.pk: _history(booking, *known[booking.student_id]) for booking in bookings}


def _history(booking: Booking, starts: Sequence[datetime], missed: Sequence[datetime]) -> str:
    number = sum(start < booking.starts_at for start in starts) + 1
    misses = sum(start < booking.starts_at for start in missed)
    words = "First appointment" if number == 1 else f"{ordinal(number)} appointment"
    return f"{words}, {misses} missed" if misses else words


def ordinal(number: int) -> str:
    """For example `1st`, `2nd`, `3rd`, `11th`, `21st`."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


EVENT_WORDS = {
    "booked": "Booked",
    "booked_with_override": "Booked, overriding a limit",
    "moved": "Moved",
    "details_changed": "Details changed",
    "joining_changed": "Link or number changed",
    "cancelled": "Cancelled",
    "cancelled_by_service": "Cancelled by the service",
    "held": "Held",
    "released": "Going ahead",
    "must_move": "Student asked to move it",
    "goes_ahead": "Going ahead after all",
    "marked_arrived": "Marked as arrived",
    "marked_attended": "Marked as attended",
    "marked_late": "Marked as attended, late",
    "marked_missed": "Marked as missed",
    "mark_reversed": "Attendance undone",
    "note_written": "Note written",
}


@dataclass(frozen=True, slots=True)
class BookingEvent:
    """What somebody did to a booking, and when."""

    what: str
    by: str
    at: datetime


def what_happened(booking: Booking) -> list[BookingEvent]:
    """One query. Newest first, from the audit trail."""
    entries = AuditEntry.objects.filter(subject="booking", subject_id=booking.public_id).select_related("actor")
    return [
        BookingEvent(
            EVENT_WORDS.get(entry.action, entry.action), entry.actor.name if entry.actor else "the system", entry.at
        )
        for entry in entries.order_by("-at", "-pk")
    ]
