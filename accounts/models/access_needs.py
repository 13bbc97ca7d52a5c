from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models.user import User


class AccessNeedsQuerySet(models.QuerySet["AccessNeeds"]):
    def visible_to(self, user: "User") -> "AccessNeedsQuerySet":
        """A person's own; everybody's for the front desk, who books and receives people. An adviser reads what is
        said for their own appointments instead (`BookingNeeds`)."""
        return self if user.may_read_access_needs else self.filter(person=user)

    def of(self, person: "User") -> "AccessNeeds":
        """What this person has told us; an empty one, not stored, where they have not."""
        return self.filter(person=person).first() or AccessNeeds(person=person)


class AccessNeeds(models.Model):
    """What a person told us of their health for appointments: special-category data (UK GDPR, article 9).

    In a table of its own, so that reading a person reads none of it. There is no row where nothing is said.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="needs")
    text = models.TextField("access needs", max_length=1000, blank=True)
    declares_disability = models.BooleanField("declares a disability or neurodiversity", default=False)

    objects = AccessNeedsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "access needs"
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") | Q(declares_disability=True),
                name="access_needs_say_something",
                violation_error_code="access_needs_empty",
                violation_error_message="Enter your access needs, or say that you are disabled or neurodivergent.",
            ),
        ]

    def __str__(self) -> str:
        return f"access needs of {self.person_id}"
