from django.db import models

from foundation.db.choice_checks import choice_check
from foundation.values.times import exact_moment


class Part(models.TextChoices):
    """Processes beside the web server. They are monitored because nobody would notice if they stopped."""

    BEAT = "beat", "Clock"
    WORKER = "worker", "Worker"
    SWEEPER = "sweeper", "Sweeper"


class Heartbeat(models.Model):
    """When each part last worked: beat published a heartbeat, a worker ran it, the sweeper finished a round."""

    part = models.CharField(max_length=10, choices=Part.choices, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (choice_check("heartbeat", "part", Part.values),)

    def __str__(self) -> str:
        return f"{self.part} at {exact_moment(self.at)}"
