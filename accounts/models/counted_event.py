from django.db import models

from foundation.db.choice_checks import choice_check
from foundation.values.times import plain_moment


class EventKind(models.TextChoices):
    PASSWORD = "password", "a password that was tried"
    SECOND_FACTOR = "second_factor", "a code that was tried"
    RESET_LETTER = "reset_letter", "a link to choose a new password"
    UNPROVEN_LETTER = "unproven_letter", "an email to an address that nobody has confirmed"
    QUERY = "query", "a query that was sent"
    UPLOAD = "upload", "a file that was uploaded"


class CountedEvent(models.Model):
    """Something that a person, address or network can do only so often. Deleted once no limit looks back at it.

    `key` is a keyed hash of the kind and of what is counted, so that the table names no person, address or network.
    """

    kind = models.CharField(max_length=20, choices=EventKind)
    key = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["key", "at"], name="counted_event_of_key")]
        constraints = [
            choice_check("counted_event", "kind", EventKind.values),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {plain_moment(self.at)}"
