"""Who may read the access needs of an appointment. Its queryset twin is `BookingNeeds.visible_to`."""

from accounts.models import User
from appointments.models import Booking


def may_read_needs(booking: Booking, reader: User) -> bool:
    """The student, the front desk and, while they are careers staff, the adviser of this appointment."""
    if reader.may_read_access_needs:
        return True
    if reader.is_student and reader.pk == booking.student_id:
        return True
    return reader.is_careers_staff and reader.pk == booking.adviser_id
