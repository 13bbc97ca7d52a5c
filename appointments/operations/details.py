from accounts.models import User
from accounts.operations.record_audit import record_audit
from appointments.models import Booking, BookingNeeds
from appointments.operations.as_seen import require_booking_as_seen
from appointments.operations.choice import Details
from appointments.operations.number_to_call import number_to_call
from appointments.rules.booking import may_book_for, may_change
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.values.times import database_now
from places.models import MeetingMode


@in_one_transaction
def change_details(*, booking: Booking, details: Details, by: User) -> Booking:
    """Changes what the student tells the adviser, until the start. Sends no message: time and place do not change."""
    require(may_book_for(booking.student, by), status=403)
    changed = Booking.objects.select_for_update(no_key=True, of=("self",)).with_people().get(pk=booking.pk)
    require(may_change(changed, database_now()))
    require_booking_as_seen(booking, changed, by)
    changed.topic, changed.help_wanted = details.topic, details.help_wanted
    changed.answers = dict(details.answers)
    if changed.mode == MeetingMode.TELEPHONE:
        changed.phone = number_to_call(changed.mode, details.phone or changed.phone, booking.student)
    changed.save(update_fields=["topic", "help_wanted", "answers", "phone"])
    if details.access_needs:
        BookingNeeds.objects.update_or_create(booking=changed, defaults={"text": details.access_needs})
    else:
        BookingNeeds.objects.filter(booking=changed).delete()
    _record(changed, booking.student, by, "details_changed")
    return changed


@in_one_transaction
def set_recording_permission(*, booking: Booking, given: bool, by: User) -> Booking:
    """APPT-3: only the student may permit recording, for one online appointment before it ends.

    They can withdraw any time.
    """
    if by.pk != booking.student_id:
        raise Refused("not_yours", "Only the student can give or withdraw this permission.", status=403)
    changed = Booking.objects.select_for_update(no_key=True).get(pk=booking.pk)
    if given and changed.mode != MeetingMode.ONLINE:
        raise Refused("not_online", "Only an online appointment can be recorded.")
    if given and (not changed.occupies_time or changed.ends_at <= database_now()):
        raise Refused("too_late", "This appointment has already started.")
    changed.recording_permission = given
    changed.save(update_fields=["recording_permission"])
    action = "recording_permission_given" if given else "recording_permission_withdrawn"
    _record(changed, booking.student, by, action)
    return changed


def _record(booking: Booking, student: User, by: User, action: str) -> None:
    record_audit(actor=by, action=action, on=booking, student=student)
