from django.conf import settings
from django.db import models


class IdempotencyKey(models.Model):
    """That a request was already answered, with the booking it made; written in the booking's own transaction.

    Not an overlap guard: the constraints on bookings are. `fingerprint` tells a repeat from a different request.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    booking_public_id = models.CharField(max_length=12)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"],
                name="request_is_answered_once",
                violation_error_code="request_repeated",
                violation_error_message="This request is already being answered.",
            ),
        ]

    def __str__(self) -> str:
        return self.key
