"""An adviser's week as a grid of five-minute rows: bookings in front of published blocks, time out and closures."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef
from django.urls import reverse
from psycopg2.extras import DateRange, DateTimeTZRange

from appointments.models import Booking, BookingNote, BookingStatus, DiaryBlock, TimeOut
from appointments.models.booking import CANCELLED
from eligibility.models import AcademicPeriod, PeriodKind
from foundation.values.counted import counted
from foundation.values.person_names import shown_name
from foundation.values.telephones import shown_number
from foundation.values.times import at, day_bounds, local, local_day, spoken_when

STEP = 5
"""Minutes per row of the grid."""

FIRST_HOUR, LAST_HOUR, MOST_HOURS, EARLIEST_HOUR = 9, 17, 14, 7
PINNED = 15
"""Minutes that a booking outside the grid still takes at its edge.

The grid always shows nine to five, and at most 14 hours (168 row classes).
"""


COLUMNS = (
    *("public_id", "during", "local_date", "session", "status", "minutes_late", "phone", "move_asked_at"),
    *("type__name", "type__colour", "type__capacity", "location__name"),
    *("student__given_name", "student__family_name", "student__preferred_name"),
)


@dataclass(frozen=True, slots=True)
class DiaryBooking:
    """The fields of a booking that a week shows, in the order of COLUMNS, and whether it has a note.

    `move_asked_at`: it cannot take place, and the student knows. What hinders it is not asked here: planning that
    question took most of the page's time.

    Fetching whole rows of bookings, types, places and people took most of the page's time.
    """

    public_id: str
    during: DateTimeTZRange
    local_date: date
    session: str
    status: str
    minutes_late: int | None
    phone: str
    move_asked_at: datetime | None
    type: str
    colour: int
    capacity: int
    place: str
    given_name: str
    family_name: str
    preferred_name: str
    has_note: bool

    @property
    def starts_at(self) -> datetime:
        starts: datetime = self.during.lower
        return starts

    @property
    def ends_at(self) -> datetime:
        ends: datetime = self.during.upper
        return ends

    @property
    def student(self) -> str:
        return shown_name(self.given_name, self.family_name, self.preferred_name)

    @property
    def when(self) -> str:
        return spoken_when(self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class DiaryEntry:
    """One entry of the diary. `row` counts from 1; `lane` is for example `1-of-2` where bookings overlap."""

    kind: str
    start: datetime
    end: datetime
    title: str
    detail: str = ""
    url: str = ""
    colour: int = 0
    status: str = ""
    status_label: str = ""
    aria: str = ""
    lane: str = ""
    row: int = 1
    span: int = 1


@dataclass(frozen=True, slots=True)
class DiaryDay:
    date: date
    today: bool
    entries: tuple[DiaryEntry, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class HourLabel:
    row: int
    label: str


@dataclass(frozen=True, slots=True)
class DiaryKind:
    name: str
    colour: int


@dataclass(frozen=True, slots=True)
class Week:
    first: date
    days: tuple[DiaryDay, ...]
    hours: tuple[HourLabel, ...]
    now_row: int
    kinds: tuple[DiaryKind, ...]
    booked: int
    attended: int
    missed: int
    to_rearrange: int
    notes_missing: int
    published: timedelta

    @property
    def last(self) -> date:
        return self.days[-1].date

    @property
    def published_words(self) -> str:
        """For example `12 h` or `12½ h`."""
        halves = round(self.published.total_seconds() / 1800)
        return f"{halves // 2}{'½' if halves % 2 else ''} h"


@dataclass(frozen=True, slots=True)
class Hours:
    """The part of the day that the grid shows, in minutes since local midnight."""

    first: int
    last: int

    def place(self, entry: DiaryEntry, day: date) -> DiaryEntry | None:
        """Places an entry on the grid.

        Bookings outside the hours shown are pinned to the edge; other entries are left out.
        """
        starts = max(_minute(entry.start, day), self.first)
        ends = min(_minute(entry.end, day), self.last)
        if ends <= starts and entry.kind != "booking":
            return None
        starts, ends = min(starts, self.last - PINNED), max(ends, self.first + PINNED)
        span = max(-(-(ends - starts) // STEP), 1)
        return replace(entry, row=(starts - self.first) // STEP + 1, span=span)

    def labels(self) -> tuple[HourLabel, ...]:
        whole = range(self.first, self.last, 60)
        return tuple(HourLabel((minute - self.first) // STEP + 1, f"{minute // 60:02d}:00") for minute in whole)

    def row_of(self, minute: int) -> int:
        """The row of a minute, or 0 if it is not shown."""
        return (minute - self.first) // STEP + 1 if self.first <= minute < self.last else 0


def diary_week(adviser_id: int, monday: date, now: datetime) -> Week:
    """Four queries, for any number of entries. Saturday and Sunday are shown only if they have entries."""
    sunday = monday + timedelta(days=6)
    span = DateTimeTZRange(*day_bounds(monday, sunday))
    bookings = _bookings(adviser_id, monday, sunday)
    blocks = list(
        DiaryBlock.objects.filter(adviser=adviser_id, local_date__range=(monday, sunday))
        .annotate(offered=ArrayAgg("types__name", distinct=True))
        .order_by("during")
        .values_list("during", "offered")
    )
    away = list(TimeOut.objects.filter(adviser=adviser_id, during__overlap=span).order_by("during"))
    closed = list(
        AcademicPeriod.objects.filter(
            kind=PeriodKind.CLOSURE, during__overlap=DateRange(monday, sunday + timedelta(days=1))
        )
    )
    displaced = {
        booking.public_id
        for booking in bookings
        if booking.status in (BookingStatus.BOOKED, BookingStatus.ARRIVED)
        if booking.starts_at > now and booking.move_asked_at
    }
    offered = _without(blocks, [*(out.during for out in away), *_whole_days(closed, monday, sunday)])
    entries = _behind(offered, away) + _booked(bookings, displaced)
    hours = _hours(entries)
    days = [
        _day(day, entries, closed, hours, today=local_day(now))
        for day in (monday + timedelta(days=number) for number in range(7))
        if day.weekday() < 5 or any(entry.kind != "time_out" for entry in _on(entries, day))
    ]
    today = local_day(now)
    kinds = {booking.type: booking.colour for booking in bookings}
    return Week(
        first=monday,
        days=tuple(days),
        hours=hours.labels(),
        now_row=hours.row_of(_minute(now, today)),
        kinds=tuple(DiaryKind(name, colour) for name, colour in sorted(kinds.items())),
        booked=len(bookings),
        attended=sum(booking.status == BookingStatus.ATTENDED for booking in bookings),
        to_rearrange=len(displaced),
        missed=sum(booking.status == BookingStatus.MISSED for booking in bookings),
        notes_missing=sum(booking.status == BookingStatus.ATTENDED and not booking.has_note for booking in bookings),
        published=sum((until - since for since, until, _ in offered), timedelta()),
    )


def _bookings(adviser_id: int, first: date, last: date) -> list[DiaryBooking]:
    rows = (
        Booking.objects.filter(adviser=adviser_id, local_date__range=(first, last))
        .exclude(status__in=CANCELLED)
        .order_by("during", "pk")
        .values_list(*COLUMNS, Exists(BookingNote.objects.filter(booking=OuterRef("pk"))))
    )
    return [DiaryBooking(*row) for row in rows]


def _minute(moment: datetime, day: date) -> int:
    """Minutes on that day's wall clock: 09:00 is 540 also if the clocks changed that night."""
    here = local(moment)
    if here.date() != day:
        return 0 if here.date() < day else 24 * 60
    return here.hour * 60 + here.minute


def _on(entries: Iterable[DiaryEntry], day: date) -> list[DiaryEntry]:
    starts, ends = day_bounds(day)
    return [entry for entry in entries if entry.start < ends and starts < entry.end]


def _hours(entries: Iterable[DiaryEntry]) -> Hours:
    """Nine to five, extended to entries that begin and end on the same day; at most fourteen hours."""
    first, last = FIRST_HOUR * 60, LAST_HOUR * 60
    for entry in entries:
        day = local_day(entry.start)
        if local_day(entry.end) == day:
            first = min(first, _minute(entry.start, day) // 60 * 60)
            last = max(last, -(-_minute(entry.end, day) // 60) * 60)
    if last - first > MOST_HOURS * 60:
        first = max(first, min(EARLIEST_HOUR * 60, last - MOST_HOURS * 60))
    return Hours(first, min(last, first + MOST_HOURS * 60))


def _day(day: date, entries: list[DiaryEntry], closed: list[AcademicPeriod], hours: Hours, today: date) -> DiaryDay:
    closures = [
        DiaryEntry("closure", at(day, time.min), at(day + timedelta(days=1), time.min), "Closed", period.name)
        for period in closed
        if period.during.lower <= day < period.during.upper
    ]
    here = _on(entries, day)
    behind = closures + [entry for entry in here if entry.kind != "booking"]
    bookings = side_by_side([entry for entry in here if entry.kind == "booking"])
    placed = [hours.place(entry, day) for entry in sorted(behind + bookings, key=lambda entry: entry.start)]
    count = len(bookings)
    summary = counted(count, "appointment") if count else ""
    return DiaryDay(day, day == today, tuple(entry for entry in placed if entry), summary)


Offered = tuple[datetime, datetime, str]
"""Published time that is still open: from, until, and what can be booked."""


def _whole_days(closed: Iterable[AcademicPeriod], first: date, last: date) -> list[DateTimeTZRange]:
    """The closures, as far as they are between these days."""
    cut = [(max(each.during.lower, first), min(each.during.upper - timedelta(days=1), last)) for each in closed]
    return [DateTimeTZRange(*day_bounds(*days)) for days in cut]


def _without(
    blocks: Iterable[tuple[DateTimeTZRange, list[str | None]]], taken: Iterable[DateTimeTZRange]
) -> list[Offered]:
    """Published time without time out and closures: nobody can book it there, so it is not open."""
    open_ = [(during.lower, during.upper, ", ".join(name for name in names if name)) for during, names in blocks]
    for span in taken:
        open_ = [
            (since, until, words)
            for starts, ends, words in open_
            for since, until in ((starts, min(ends, span.lower)), (max(starts, span.upper), ends))
            if since < until
        ]
    return open_


def _behind(offered: Iterable[Offered], away: Iterable[TimeOut]) -> list[DiaryEntry]:
    return [DiaryEntry("free", since, until, "Open", words) for since, until, words in offered] + [
        DiaryEntry("time_out", out.during.lower, out.during.upper, "Time out", out.reason) for out in away
    ]


def _booked(bookings: Iterable[DiaryBooking], displaced: set[str]) -> list[DiaryEntry]:
    """A single appointment shows the student.

    A group shows once, with its number of students and a link to the day's list.
    """
    entries: list[DiaryEntry] = []
    groups: dict[str, list[DiaryBooking]] = {}
    for booking in bookings:
        if booking.capacity > 1:
            groups.setdefault(booking.session, []).append(booking)
        else:
            entries.append(_single(booking, booking.public_id in displaced))
    return entries + [_group(members) for members in groups.values()]


def _single(booking: DiaryBooking, displaced: bool) -> DiaryEntry:
    label = (
        "Late"
        if booking.minutes_late and booking.status == BookingStatus.ATTENDED
        else BookingStatus(booking.status).label
    )
    label = "To rearrange" if displaced else label
    where = ", ".join(filter(None, (booking.type, booking.place, shown_number(booking.phone))))
    return DiaryEntry(
        "booking",
        booking.starts_at,
        booking.ends_at,
        booking.student,
        f"To rearrange: {where}" if displaced else where,
        reverse("staff_booking_detail", args=[booking.public_id]),
        booking.colour,
        booking.status,
        label,
        f"{booking.student}, {booking.type}, {booking.when}, {label.lower()}",
    )


def _group(members: list[DiaryBooking]) -> DiaryEntry:
    one = members[0]
    places = f"{len(members)} of {one.capacity} booked"
    return DiaryEntry(
        "booking",
        one.starts_at,
        one.ends_at,
        one.type,
        f"{places}, {one.place}",
        f"{reverse('today')}?day={one.local_date}&adviser=all",
        one.colour,
        "",
        places,
        f"{one.type}, {places}, {one.when}",
    )


def side_by_side(entries: list[DiaryEntry]) -> list[DiaryEntry]:
    """Gives lanes to bookings that overlap (a missed one, and the booking that replaced it); at most three."""
    placed: list[DiaryEntry] = []
    cluster: list[DiaryEntry] = []
    for entry in sorted(entries, key=lambda item: item.start):
        if cluster and entry.start >= max(other.end for other in cluster):
            placed += _in_lanes(cluster)
            cluster = []
        cluster.append(entry)
    return placed + _in_lanes(cluster)


def _in_lanes(cluster: list[DiaryEntry]) -> list[DiaryEntry]:
    lanes = min(len(cluster), 3)
    if lanes < 2:
        return cluster
    return [replace(entry, lane=f"{number % lanes + 1}-of-{lanes}") for number, entry in enumerate(cluster)]
