from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.db import models

from careerconnect.foundation.public_ids import new_public_id


class Hold(models.Model):
    """A person decided that a student may not book for a time, told why, until when and how to appeal (ELIG-3)."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    student = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="holds")
    during = DateRangeField()
    reason = models.CharField(max_length=300, help_text="For staff.")
    message = models.CharField(max_length=300, help_text="As the student reads it.")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-decided_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(during__isempty=False)
                & models.Q(during__lower_inf=False)
                & models.Q(during__upper_inf=False),
                name="hold_has_a_beginning_and_an_end",
                violation_error_code="hold_dates",
                violation_error_message="A hold needs its first day and its end.",
            ),
        ]

    def __str__(self) -> str:
        return f"hold until {self.during.upper:%d %B %Y}"
