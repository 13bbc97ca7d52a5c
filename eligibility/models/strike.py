from django.conf import settings
from django.db import models

from careerconnect.foundation.public_ids import new_public_id


class Strike(models.Model):
    """That something was missed. Excused ones remain, visible as excused; nothing blocks by itself (ELIG-3)."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    student = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="strikes")
    kind = models.CharField(max_length=20, default="appointment")
    claim = models.CharField(max_length=12, unique=True)
    on = models.DateField()
    placed_at = models.DateTimeField(auto_now_add=True)
    excused_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-on"]

    def __str__(self) -> str:
        return f"missed on {self.on:%d %B %Y}"
