from __future__ import annotations

from django.db import models

from foundation.db.choice_checks import choice_check
from foundation.values.times import exact_moment


class Part(models.TextChoices):
    """What runs beside the web server, and has to be watched because nobody sees it stop."""

    BEAT = "beat", "Clock"
    WORKER = "worker", "Worker"
    SWEEPER = "sweeper", "Sweeper"


class Heartbeat(models.Model):
    """When each part last did its work: beat published its stamp, a worker ran it, the sweeper finished a round."""

    part = models.CharField(max_length=10, choices=Part.choices, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (choice_check("heartbeat", "part", Part.values),)

    def __str__(self) -> str:
        return f"{self.part} at {exact_moment(self.at)}"
