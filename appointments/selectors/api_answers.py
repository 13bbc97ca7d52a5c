"""What the API serializers render: a row, and what depends on the reader."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from accounts.models import User
from appointments.models import AppointmentType, Booking
from appointments.rules.booking import may_move_or_cancel
from appointments.rules.confidentiality import LocationPrivacy, privacy_of
from appointments.rules.in_confidence import may_read_what_they_said
from appointments.rules.window_words import opening_words
from appointments.selectors.diaries import Diary
from appointments.selectors.free_times import FreeTime
from appointments.selectors.student_types import TypeOffer
from eligibility.rules.allocation import AllocationBalance
from foundation.outcomes.decisions import Decision
from foundation.values.times import spoken_when
from places.models import Location

SAID = ("topic", "help_wanted", "answers")
STAFF_ONLY = ("override_reason", "status_reason")


@dataclass(frozen=True)
class BookingAnswer:
    """No query if the booking was fetched `with_people`. `needs` comes from `read_needs`."""

    booking: Booking
    reader: User
    now: datetime
    needs: Mapping[int, str]

    @property
    def hidden(self) -> tuple[str, ...]:
        """Members hidden from the reader: what staff wrote, access needs, and what was said in confidence."""
        needs: tuple[str, ...] = () if self.booking.pk in self.needs else ("access_needs",)
        needs += () if may_read_what_they_said(self.booking, self.reader) else SAID
        return needs if self.reader.is_careers_staff else (*needs, *STAFF_ONLY)

    @property
    def access_needs(self) -> str:
        return self.needs.get(self.booking.pk, "")

    @property
    def may_change(self) -> bool:
        return bool(may_move_or_cancel(self.booking, self.now))

    @property
    def when(self) -> str:
        return self.booking.when

    @property
    def adviser_name(self) -> str:
        return self.booking.adviser.name

    @property
    def type(self) -> AppointmentType:
        return self.booking.type

    @property
    def location(self) -> Location:
        return self.booking.location

    @cached_property
    def privacy(self) -> LocationPrivacy:
        return privacy_of(self.booking.type, self.booking.location)


@dataclass(frozen=True, slots=True)
class FreeTimeAnswer:
    time: FreeTime
    type: AppointmentType
    location: Location
    privacy: LocationPrivacy

    @property
    def when(self) -> str:
        return spoken_when(self.time.starts_at, self.time.starts_at + timedelta(minutes=self.type.minutes))

    @property
    def adviser_name(self) -> str:
        return self.time.adviser_name


def free_time_answers(times: Iterable[FreeTime], type: AppointmentType) -> list[FreeTimeAnswer]:
    """One query, for the locations."""
    times = list(times)
    found = Location.objects.filter(public_id__in={time.location for time in times}) if times else ()
    places = {place.public_id: (place, privacy_of(type, place)) for place in found}
    return [FreeTimeAnswer(time, type, *places[time.location]) for time in times if time.location in places]


@dataclass(frozen=True, slots=True)
class TypeAnswer:
    """`offer` is what applies to the student; None if no student was named."""

    type: AppointmentType
    offer: TypeOffer | None

    @property
    def opens(self) -> str:
        return opening_words(self.type)

    @property
    def may_book(self) -> bool | None:
        return bool(self.offer.decision) if self.offer else None

    @property
    def reasons(self) -> tuple[Decision, ...]:
        return self.offer.decision.reasons if self.offer else ()

    @property
    def first_day(self) -> date | None:
        return self.offer.first_day if self.offer else None

    @property
    def allocation(self) -> tuple[AllocationBalance, ...]:
        return self.offer.balances if self.offer else ()


@dataclass(frozen=True, slots=True)
class DiaryAnswer:
    diary: Diary
    reader: User
    now: datetime
    needs: Mapping[int, str]

    @property
    def bookings(self) -> list[BookingAnswer]:
        return [BookingAnswer(booking, self.reader, self.now, self.needs) for booking in self.diary.bookings]
