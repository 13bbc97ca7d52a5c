from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from appointments.models.booking import Booking
from foundation.values.public_ids import new_public_id

if TYPE_CHECKING:
    from accounts.models import User


class BookingNoteQuerySet(models.QuerySet["BookingNote"]):
    def visible_to(self, user: "User") -> "BookingNoteQuerySet":
        """Visible to advisers and managers, never to the front desk or alumni relations (DATA-6)."""
        return self if user.may_read_notes else self.none()


class BookingNote(models.Model):
    """An adviser's note about an appointment, and the agreed next step."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField(max_length=5000)
    next_step = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = BookingNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"note on {self.booking_id}"
