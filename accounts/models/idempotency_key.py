from django.conf import settings
from django.db import models


class IdempotencyKey(models.Model):
    """Records that a request or a form was answered, and what it made. Written in the transaction that made it.

    This does not prevent overlaps: the constraints on bookings do. `fingerprint` tells a repeated request from a
    different one with the same key. `answer_id` is the public id of what was made.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    answer_id = models.CharField(max_length=12)
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
