from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from foundation.values.public_ids import new_public_id

if TYPE_CHECKING:
    from accounts.models.user import User


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, user: "User") -> "DraftQuerySet":
        return self.filter(person=user)


class Draft(models.Model):
    """What somebody typed into a form that was not sent, encrypted. Only they see it, on the page of the form.

    Deleted when the form is sent, and after a day (a setting).
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="drafts")
    page = models.CharField(max_length=2_048, help_text="Path and query of the page with the form.")
    address = models.CharField(max_length=2_048, help_text="The path that the form is sent to.")
    form = models.CharField(max_length=40, help_text="The name of the form on the page.")
    sealed = models.BinaryField()
    saved_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "address"],
                name="draft_is_one_for_each_form",
                violation_error_code="draft_saved_already",
                violation_error_message="This form has a draft already.",
            )
        ]
        indexes = [models.Index(fields=["saved_at"], name="draft_by_day")]

    def __str__(self) -> str:
        return f"draft {self.public_id}"
