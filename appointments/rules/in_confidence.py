"""What careers staff do not learn: who has declared a disability, and what was said about a confidential appointment.

No queries if the type and its audience are loaded.
"""

from accounts.models import User
from appointments.models import AppointmentType, Booking
from foundation.outcomes.decisions import ALLOWED, Decision, refuse

ASK_THEM = refuse(
    "student_or_adviser_books",
    "You cannot see whether this student may book this type.",
    "Ask the student to book it, or an adviser.",
)


def asks_about_disability(type: AppointmentType) -> bool:
    """Whether the answer to “may they book it?” tells who has declared a disability."""
    return type.audience.asks_about_disability


def may_be_told_the_decision(type: AppointmentType, student: User, by: User) -> Decision:
    """The student and the people who give appointments: the front desk would learn who has declared a disability."""
    if by.pk == student.pk or by.may_read_notes or not asks_about_disability(type):
        return ALLOWED
    return ASK_THEM


def may_read_what_they_said(booking: Booking, reader: User) -> bool:
    """Topic, help wanted and answers of a confidential appointment are for the student and for advisers."""
    return reader.pk == booking.student_id or reader.may_read_notes or not booking.type.confidential_by_nature
