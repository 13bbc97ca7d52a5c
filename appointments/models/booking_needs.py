from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from appointments.models.booking import Booking

if TYPE_CHECKING:
    from accounts.models import User


class BookingNeedsQuerySet(models.QuerySet["BookingNeeds"]):
    def visible_to(self, user: "User") -> "BookingNeedsQuerySet":
        """Students see their own, advisers those of their own appointments, and the front desk all, because it receives
        people. Nobody else sees any, whatever else of a booking they may read (`rules/access_needs.py`)."""
        if user.may_read_access_needs:
            return self
        own = Q(booking__student=user) if user.is_student else Q(pk__in=[])
        return self.filter(own | Q(booking__adviser=user) if user.is_careers_staff else own)


class BookingNeeds(models.Model):
    """The access needs for one appointment: special-category data, so in a table of its own.

    There is no row if the student gave none.
    """

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="needs")
    text = models.TextField("access needs", max_length=1000)

    objects = BookingNeedsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "access needs for an appointment"
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="booking_needs_say_something",
                violation_error_code="access_needs_empty",
                violation_error_message="Enter the access needs.",
            ),
        ]

    def __str__(self) -> str:
        return f"access needs for booking {self.booking_id}"
