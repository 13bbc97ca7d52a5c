from collections.abc import Sequence
from dataclasses import replace

from django.core.exceptions import ObjectDoesNotExist

from accounts.models import READ, AccessNeeds, AuditEntry, User
from accounts.operations.record_audit import Subject
from accounts.operations.record_reading import record_reading
from appointments.models import AppointmentType, Booking, BookingNeeds
from appointments.models.booking import OCCUPYING
from appointments.operations.choice import Details
from appointments.rules.access_needs import may_read_needs
from appointments.rules.in_confidence import asks_about_disability, may_be_told_the_decision
from foundation.outcomes.refusals import in_one_transaction, require
from foundation.values.times import database_now, day_bounds, local_day

SUBJECT = "booking_access_needs"


def read_needs(*, bookings: Sequence[Booking], by: User) -> dict[int, str]:
    """Access needs by booking key, empty where the student gave none. Bookings whose needs `by` may not read are left
    out.

    At most one query if no other student gave any. Reading somebody else's is recorded before they are shown, once per
    booking, reader and day; if that fails, raises Refused.
    """
    readable = [booking for booking in bookings if may_read_needs(booking, by)]
    others = {booking.pk: booking for booking in readable if booking.student_id != by.pk}
    found = {booking.pk: "" if booking.pk in others else own_needs(booking) for booking in readable}
    if others:
        seen = BookingNeeds.objects.visible_to(by).filter(booking__in=list(others))
        given = dict(seen.values_list("booking", "text"))
        if given:
            _record([others[pk] for pk in given], by)
        found |= given
    return found


def own_needs(booking: Booking) -> str:
    """The needs of a booking, for its own student. No query if the booking was fetched with its `needs`."""
    try:
        return booking.needs.text
    except ObjectDoesNotExist:
        return ""


def read_needs_of_student(*, student: User, by: User) -> str:
    """The access needs in the student's profile, if `by` may read them and expects the student. Records the reading
    before they are shown.
    """
    needs = AccessNeeds.objects.visible_to(by).filter(person=student).first()
    if needs is None or not needs.text or not _is_expected(student):
        return ""
    record_reading(reader=by, on=Subject("access_needs", student.public_id), student=student)
    return needs.text


def _is_expected(student: User) -> bool:
    """Whether they have an appointment today or later. Otherwise the front desk does not need to know."""
    today = local_day(database_now())
    return Booking.objects.filter(student=student, status__in=OCCUPYING, local_date__gte=today).exists()


def read_declaration(*, student: User, type: AppointmentType, by: User) -> None:
    """Call it before showing whether the student may book a type that asks about a disability. Records the reading,
    once for each student, reader and day.

    Raises Refused: `student_or_adviser_books` for the front desk.
    """
    require(may_be_told_the_decision(type, student, by), status=403)
    if asks_about_disability(type) and by.pk != student.pk:
        about = Subject("declared_disability", student.public_id)
        today, _ = day_bounds(local_day(database_now()))
        entries = AuditEntry.objects.filter(actor=by, action=READ, subject=about.name, subject_id=about.id)
        if not entries.filter(at__gte=today).exists():
            record_reading(reader=by, on=about, student=student)


def with_needs_of(student: User, details: Details, *, by: User) -> Details:
    """If `by` was not shown the access needs in the student's profile, adds them: the adviser still sees them."""
    if details.access_needs or (by.may_read_access_needs and _is_expected(student)):
        return details
    return replace(details, access_needs=AccessNeeds.objects.of(student).text)


@in_one_transaction
def _record(bookings: Sequence[Booking], by: User) -> None:
    today, _ = day_bounds(local_day(database_now()))
    entries = AuditEntry.objects.filter(actor=by, action=READ, subject=SUBJECT, at__gte=today)
    ids = [booking.public_id for booking in bookings]
    noted = set(entries.filter(subject_id__in=ids).order_by().values_list("subject_id", flat=True))
    for booking in bookings:
        if booking.public_id not in noted:
            record_reading(reader=by, on=Subject(SUBJECT, booking.public_id), student=booking.student)
