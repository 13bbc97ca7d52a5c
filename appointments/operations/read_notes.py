from accounts.models import User
from accounts.operations.record_audit import Subject
from accounts.operations.record_reading import record_reading
from appointments.models import Booking, BookingNote
from foundation.outcomes.refusals import in_one_transaction


@in_one_transaction
def read_notes(*, booking: Booking, by: User) -> list[BookingNote]:
    """The notes that `by` may see, newest first. The reading is recorded before they are shown.

    If it cannot be recorded, raises Refused. An appointment without notes is not recorded.
    """
    notes = list(BookingNote.objects.visible_to(by).filter(booking=booking).select_related("by"))
    if notes:
        record_reading(reader=by, on=Subject("booking_notes", booking.public_id), student=booking.student)
    return notes
