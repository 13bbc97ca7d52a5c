from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models.user import User


class AccessNeedsQuerySet(models.QuerySet["AccessNeeds"]):
    def visible_to(self, user: "User") -> "AccessNeedsQuerySet":
        """One's own; everybody's for the front desk, who book and receive people.

        Advisers read the needs stated for their own appointments instead (`BookingNeeds`).
        """
        return self if user.may_read_access_needs else self.filter(person=user)

    def of(self, person: "User") -> "AccessNeeds":
        """The person's access needs; an unsaved empty object if they have told us none."""
        return self.filter(person=person).first() or AccessNeeds(person=person)


class AccessNeeds(models.Model):
    """Health information that a person gave us for appointments: special-category data (UK GDPR, article 9).

    It has its own table so that loading a person does not load it. A person who tells us nothing has no row.
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
