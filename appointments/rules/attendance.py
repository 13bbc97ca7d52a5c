"""May attendance be marked, and undone?"""

from datetime import datetime, timedelta

from accounts.models import User
from appointments.models import Booking, BookingStatus
from appointments.rules.booking import HELD
from foundation.outcomes.decisions import ALLOWED, Decision, refuse
from foundation.values.counted import counted
from foundation.values.times import spoken_span, told_when

OUTCOMES = ("arrived", "attended", "late", "missed")

ARRIVAL_OPENS = timedelta(hours=2)
"""How early somebody may be marked as arrived."""
ARRIVAL_WORDS = f"Arrivals can be marked from {spoken_span(ARRIVAL_OPENS)} before the start"


COULD_NOT = refuse("could_not_take_place", "We told the student that this appointment must move.", "Cancel it instead.")


def may_mark_as(by: User, outcome: str) -> Decision:
    """The front desk may mark arrivals only; advisers and managers may mark any outcome."""
    if by.may_read_notes or (by.is_careers_staff and outcome == BookingStatus.ARRIVED):
        return ALLOWED
    return refuse("not_yours", "The front desk can only mark arrivals.", "Ask the adviser to mark this.")


def may_mark(booking: Booking, outcome: str, now: datetime) -> Decision:
    """Arrivals can be marked from `ARRIVAL_OPENS` before the start until the end, missed once it is too late to arrive,
    other outcomes from the start.
    """
    if booking.is_held:
        return HELD
    if not booking.occupies_time:
        return refuse(
            "already_marked",
            f"This appointment is {booking.get_status_display().lower()} already.",
            "Undo that first, with a reason.",
        )
    if outcome == BookingStatus.MISSED and booking.status == BookingStatus.ARRIVED:
        return refuse("has_arrived", "They are marked as arrived.", "Undo the arrival first.")
    opens = _opens(booking, outcome)
    if now < opens:
        return refuse("not_begun", f"You can mark this from {told_when(opens)}.", "Come back then.")
    if outcome == BookingStatus.ARRIVED and now >= booking.ends_at:
        return refuse("has_ended", "This appointment has ended.", "Mark it as attended or missed.")
    if outcome == booking.status:
        return refuse("already_marked", "They are already marked as arrived.")
    if outcome == BookingStatus.MISSED and booking.move_asked_at is not None:
        return COULD_NOT
    return ALLOWED


def _opens(booking: Booking, outcome: str) -> datetime:
    if outcome == BookingStatus.ARRIVED:
        return booking.starts_at - ARRIVAL_OPENS
    return time_is_up(booking) if outcome == BookingStatus.MISSED else booking.starts_at


def time_is_up(booking: Booking) -> datetime:
    """From when somebody who has not come has missed it: when it ends, if arriving late is never missed."""
    limit = booking.type.late_limit
    return booking.starts_at + timedelta(minutes=limit) if limit else booking.ends_at


def is_too_late(booking: Booking, minutes: int | None) -> bool:
    return bool(booking.type.late_limit and minutes and minutes > booking.type.late_limit)


def may_miss_by_lateness(booking: Booking, minutes: int, now: datetime) -> Decision:
    """Somebody who came too late can be recorded only after that, and not if the appointment had to move."""
    if booking.move_asked_at is not None:
        return COULD_NOT
    came = booking.starts_at + timedelta(minutes=minutes)
    if now < came:
        return refuse("not_begun", f"You can mark this from {told_when(came)}.", "Come back then.")
    return ALLOWED


def may_be_late(booking: Booking, minutes: int | None) -> Decision:
    """Lateness is what somebody states in minutes: never the time of a click, never longer than the appointment."""
    if minutes is None:
        return refuse("lateness_needed", "Enter how many minutes late they were.")
    if not 1 <= minutes <= booking.minutes:
        return refuse("lateness_impossible", f"Enter 1 to {booking.minutes}: the appointment lasts that many minutes.")
    return ALLOWED


def minutes_late_on_arrival(booking: Booking) -> int | None:
    """Whole minutes between the start and the recorded arrival, if that is within the appointment."""
    if booking.arrived_at is None:
        return None
    minutes = int((booking.arrived_at - booking.starts_at).total_seconds() // 60)
    return minutes if may_be_late(booking, minutes) else None


def open_marks(booking: Booking, by: User, now: datetime) -> list[str]:
    """The outcomes that this person may mark now."""
    return [outcome for outcome in OUTCOMES if may_mark_as(by, outcome) and may_mark(booking, outcome, now)]


def may_reverse(booking: Booking, now: datetime, days: int) -> Decision:
    """A mark may be undone for `days` days after the start (a policy setting)."""
    marks = (BookingStatus.ARRIVED, BookingStatus.ATTENDED, BookingStatus.MISSED)
    if booking.status not in marks:
        return refuse("nothing_marked", "No attendance is marked for this appointment.")
    if now > booking.starts_at + timedelta(days=days):
        return refuse("too_late", f"Attendance can be changed for {counted(days, 'day')} after the appointment.")
    return ALLOWED
