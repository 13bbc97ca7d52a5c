"""Who reads the access needs of an appointment. Its twin among the querysets is `BookingNeeds.visible_to`."""

from accounts.models import User
from appointments.models import Booking


def may_read_needs(booking: Booking, reader: User) -> bool:
    """The student, the adviser of this appointment while on the staff, and the front desk."""
    if reader.may_read_access_needs:
        return True
    if reader.is_student and reader.pk == booking.student_id:
        return True
    return reader.is_careers_staff and reader.pk == booking.adviser_id
