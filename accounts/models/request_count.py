from django.db import models

from foundation.values.times import plain_moment


class RequestCount(models.Model):
    """How many API requests a token, person or network made in the minute of its latest request.

    `key` is a keyed hash, so that the table names no person or network. Each has one row, overwritten every minute.
    The table is unlogged: a crash of PostgreSQL empties it, and a request does not wait for the disk to be counted.
    """

    key = models.CharField(primary_key=True, max_length=64)
    minute = models.DateTimeField(db_index=True)
    requests = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(requests__gte=1),
                name="request_count_is_of_a_request",
                violation_error_code="request_count",
                violation_error_message="A count of requests starts at 1.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requests} in {plain_moment(self.minute)}"
