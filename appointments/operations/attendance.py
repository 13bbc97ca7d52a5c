from datetime import datetime

from accounts.models import User
from accounts.operations.lock_people import lock_people
from accounts.operations.once import Once
from accounts.operations.record_audit import record_audit
from accounts.operations.undo import mark_undone, note_undo, require_undo, undo_until
from accounts.rules.policy import policy_in_force
from appointments.models import Booking, BookingNote, BookingStatus
from appointments.operations.as_seen import require_booking_as_seen
from appointments.rules.attendance import (
    OUTCOMES,
    is_too_late,
    may_be_late,
    may_mark,
    may_mark_as,
    may_miss_by_lateness,
    may_reverse,
)
from eligibility.models import HowMissed
from eligibility.notices.strikes import MISSED
from eligibility.operations.strikes import place_strike, remove_strike
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.values.times import database_now, local_day
from messaging.operations.cancel_messages import cancel_messages

MARK = "marked"
"""What `undo_mark` undoes."""
CHANGED_BY_MARKS = ("status", "arrived_at", "minutes_late", "ended_at", "ended_by_id")


@in_one_transaction
def mark_attendance(
    *, booking: Booking, outcome: str, by: User, minutes_late: int | None = None, undo: bool = False
) -> Booking:
    """Marks a booking as arrived, attended, late (attended, `minutes_late` minutes late) or missed.

    Later than its type allows is recorded as missed, with the minutes. Missed is refused before that time is up.

    With `undo`, it can be undone for some seconds without a reason (`undo_mark`), and afterwards with one
    (`reverse_attendance`).

    Only arrivals can be marked before the start, and only until the end. A missed appointment still counts against the
    allocation and places a strike (ELIG-2, ELIG-3). Locks the student and the adviser, then the booking.
    """
    if outcome not in OUTCOMES:
        raise Refused("unknown_outcome", "Mark as arrived, attended, late or missed.", field="outcome", status=422)
    marked, now = _locked(booking, by)
    require(may_mark_as(by, outcome), status=403)
    require(may_mark(marked, outcome, now))
    require_booking_as_seen(booking, marked, by)
    before, until = marked.values_of(CHANGED_BY_MARKS), undo_until(now) if undo else now
    how = HowMissed.MISSED
    if outcome == "late":
        require(may_be_late(marked, minutes_late), status=422, field="minutes_late")
        marked.minutes_late = minutes_late
        if minutes_late and is_too_late(marked, minutes_late):
            require(may_miss_by_lateness(marked, minutes_late, now))
            outcome, how, marked.arrived_at = "missed", HowMissed.LATE, None
    marked.status = {"late": BookingStatus.ATTENDED}.get(outcome) or BookingStatus(outcome)
    if outcome == "arrived":
        marked.arrived_at = now
    else:
        marked.ended_at, marked.ended_by = now, by
    marked.undo = None
    if until > now:
        note_undo(marked, MARK, by=by, until=until, before=before)
    marked.save()
    if outcome == "missed":
        _miss(marked, how, until)
    _record(marked, by, f"marked_{outcome}")
    return marked


@in_one_transaction
def undo_mark(*, booking: Booking, by: User) -> dict[str, str]:
    """Takes back the mark that this person has just made, with the strike it placed and the note written with it.

    Returns the words of that note by field, so that they can be put into the form again. Pressed twice, it is done
    once. Refused as `require_undo` says. Locks the student and the adviser, then the booking.
    """
    unmarked, _ = _locked(booking, by)
    undo = require_undo(unmarked, by=by, remedy="Undo the attendance on the appointment’s page.", of=(MARK,))
    if not undo:
        return {}
    was = unmarked.status
    if was == BookingStatus.MISSED:
        remove_strike(source=unmarked.source)
        cancel_messages(regarding=unmarked.public_id, kinds=[MISSED], reason="The mark was undone.")
    words: dict[str, str] = {}
    for note in BookingNote.objects.filter(public_id=undo.get("note", "")):
        words = {"text": note.text, "next_step": note.next_step}
        note.delete()
    mark_undone(unmarked, undo)
    unmarked.save()
    _record(unmarked, by, "mark_undone", was=str(was))
    return words


@in_one_transaction
def reverse_attendance(*, booking: Booking, reason: str, by: User) -> Booking:
    """Undoes a mark, with a reason, and removes the strike it placed. The booking can then be marked again."""
    if not reason.strip():
        raise Refused("reason_needed", "Enter why you are undoing the attendance.", field="reason", status=422)
    reversed_, now = _locked(booking, by)
    require(may_reverse(reversed_, now, policy_in_force().missed_reopen_days))
    was = reversed_.status
    require(may_mark_as(by, was), status=403)
    require_booking_as_seen(booking, reversed_, by)
    if was == BookingStatus.MISSED:
        remove_strike(source=reversed_.source)
    reversed_.status, reversed_.status_reason = BookingStatus.BOOKED, reason.strip()
    reversed_.ended_at = reversed_.ended_by = reversed_.minutes_late = reversed_.arrived_at = None
    reversed_.save()
    _record(reversed_, by, "mark_reversed", was=str(was))
    return reversed_


@in_one_transaction
def write_note(*, booking: Booking, text: str, next_step: str, by: User, once: str = "") -> BookingNote:
    """Sent twice with one key (`once`), the note is written once."""
    if not by.may_read_notes:
        raise Refused("not_yours", "Only advisers and managers can write notes.", status=403)
    key = Once(by, once, ("note", booking.public_id, text, next_step))
    if earlier := key.earlier():
        return BookingNote.objects.get(public_id=earlier)
    note = BookingNote.objects.create(booking=booking, text=text, next_step=next_step, by=by)
    key.remember(note.public_id)
    _record(booking, by, "note_written")
    return note


def _locked(booking: Booking, by: User) -> tuple[Booking, datetime]:
    if not by.is_careers_staff:
        raise Refused("not_yours", "Only careers staff can mark attendance.", status=403)
    lock_people(booking.student, booking.adviser)
    locked = Booking.objects.select_for_update(no_key=True, of=("self",)).with_people().get(pk=booking.pk)
    return locked, database_now()


def _miss(booking: Booking, how: str, until: datetime) -> None:
    what = {"about": booking.type.name, "type": booking.type.slug, "how": how}
    place_strike(student=booking.student, source=booking.source, on=local_day(booking.starts_at), until=until, **what)


def _record(booking: Booking, by: User, action: str, **details: str) -> None:
    record_audit(
        actor=by,
        action=action,
        on=booking,
        student=booking.student,
        **details,
    )
