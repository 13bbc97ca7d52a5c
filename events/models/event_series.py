from django.conf import settings
from django.db import models

from foundation.outcomes.versions import Versioned
from foundation.values.public_ids import new_public_id


class EventSeries(Versioned):
    """Events that belong together, such as a workshop every week of a term. Students register for some or all."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "event series"
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title
