"""A student's bookings as their pages show them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from appointments.models import Booking, BookingStatus
from appointments.models.booking import BookingQuerySet
from appointments.rules.booking import late_change, may_change, may_move_or_cancel
from appointments.rules.confidentiality import LocationPrivacy, privacy_of
from appointments.rules.joining import link_of
from appointments.rules.window_words import late_cost
from foundation.values.counted import counted
from foundation.values.times import local_day, spoken_time
from messaging.models import Channel, DeliveryState, OutboxMessage


@dataclass(frozen=True, slots=True)
class ShownBooking:
    """A booking, with what the student may do with it at `now`."""

    booking: Booking
    now: datetime

    @property
    def privacy(self) -> LocationPrivacy:
        return privacy_of(self.booking.type, self.booking.location)

    @property
    def may_change(self) -> bool:
        return bool(may_change(self.booking, self.now))

    @property
    def may_move_or_cancel(self) -> bool:
        return bool(may_move_or_cancel(self.booking, self.now))

    @property
    def must_move(self) -> bool:
        """We told the student that it cannot take place as booked."""
        return self.booking.move_asked_at is not None and self.may_change

    @property
    def gives_back(self) -> bool:
        """Does cancelling now give the appointment back to the allocation (ELIG-2)?"""
        return not late_change(self.booking, self.now)

    @property
    def late_cost(self) -> str:
        """What moving or cancelling now costs, as a sentence; empty if nothing."""
        cost = "" if self.gives_back else late_cost(self.booking.type)
        return f"It is too late to move or cancel freely: if you do, {cost}." if cost else ""

    @property
    def missed_words(self) -> str:
        counts = "It counts as one of your appointments. " if self.booking.consumes and self.booking.type.limits else ""
        return f"{counts}If something serious kept you from coming, tell us."

    @property
    def place(self) -> str:
        location = self.booking.location
        return ", ".join(part for part in (location.name, location.building) if part)

    @property
    def link(self) -> str:
        """The link to join, for the student's own pages. Empty once there is nothing to join."""
        return link_of(self.booking) if self.upcoming else ""

    @property
    def call(self) -> str:
        return self.booking.phone if self.upcoming else ""

    @property
    def time(self) -> str:
        return f"{spoken_time(self.booking.starts_at)} to {spoken_time(self.booking.ends_at)}"

    @property
    def soon(self) -> str:
        return soon_words(local_day(self.booking.starts_at), local_day(self.now)) if self.upcoming else ""

    @property
    def upcoming(self) -> bool:
        return self.booking.occupies_time and self.booking.ends_at > self.now

    @property
    def status(self) -> str:
        """Empty for a booking that is simply booked; `late` if the adviser recorded lateness."""
        if self.booking.minutes_late and self.booking.status == BookingStatus.ATTENDED:
            return "late"
        return "" if self.booking.status == BookingStatus.BOOKED else str(self.booking.status)

    @property
    def status_words(self) -> str:
        if self.booking.minutes_late:
            return f"{self.booking.get_status_display()}, {counted(self.booking.minutes_late, 'minute')} late"
        return str(self.booking.get_status_display())

    @property
    def answers(self) -> list[tuple[str, str]]:
        said = self.booking.answers
        return [(q["label"], said[q["key"]]) for q in self.booking.type.questions if said.get(q["key"])]

    @property
    def unanswered(self) -> bool:
        """Is a required question unanswered? It can be if the service booked for the student."""
        questions = self.booking.type.questions
        return any(q.get("required") and not self.booking.answers.get(q["key"]) for q in questions)


def soon_words(day: date, today: date) -> str:
    if day == today:
        return "Today"
    if day == today + timedelta(days=1):
        return "Tomorrow"
    ahead = (day - today).days
    return f"In {counted(ahead, 'day')}" if 1 < ahead < 7 else ""


CARD = (
    *("public_id", "status", "during", "local_date", "mode", "answers", "minutes_late", "move_asked_at"),
    *("type__name", "type__questions", "type__confidential_by_nature"),
    *("type__cancel_notice_minutes", "type__late_cancelling"),
    *("location__name", "location__building", "location__mode"),
    *("location__confidentiality", "location__confidentiality_note"),
    *("adviser__given_name", "adviser__family_name", "adviser__preferred_name"),
)


def with_cards(bookings: BookingQuerySet) -> BookingQuerySet:
    """Fetches only the fields that cards show; whole rows of five tables took half as long again.

    A field that a card shows but CARD does not name costs a query per card, which fails the pages' query-count tests.
    """
    return bookings.select_related("type", "location", "adviser").only(*CARD)


def upcoming_bookings(bookings: BookingQuerySet, now: datetime) -> BookingQuerySet:
    return with_cards(bookings.upcoming(now))


def past_bookings(bookings: BookingQuerySet, now: datetime) -> BookingQuerySet:
    return with_cards(bookings.past(now))


@dataclass(frozen=True, slots=True)
class ComingWord:
    """A reminder that is waiting to be sent."""

    channel: str
    due: datetime

    @property
    def by_text(self) -> bool:
        return self.channel == Channel.SMS


def coming_words(booking: Booking) -> list[ComingWord]:
    """One query. Read from the outbox, so that pages promise only what will be sent (APPT-5)."""
    rows = OutboxMessage.objects.filter(
        regarding=booking.public_id, state__in=[DeliveryState.QUEUED, DeliveryState.SENDING], expires_at__isnull=False
    ).order_by("not_before", "channel")
    if not booking.student.text_reminders:
        rows = rows.exclude(channel=Channel.SMS)
    return [ComingWord(row.channel, row.not_before) for row in rows]
