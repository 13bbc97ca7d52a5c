from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Role
from foundation.db.choice_checks import choice_check
from foundation.outcomes.versions import Versioned
from foundation.values.public_ids import new_public_id

if TYPE_CHECKING:
    from accounts.models import User


class Treatment(models.TextChoices):
    """Which procedure applies to the person; decided when the case is opened and not changed (docs/security.md)."""

    STUDENT = "student", "Student"
    GRADUATE = "graduate", "Graduate"
    COLLEAGUE = "colleague", "Colleague"


class CaseState(models.TextChoices):
    OPEN = "open", "Open"
    INVESTIGATING = "investigating", "Being investigated"
    CLOSED = "closed", "Closed"


class CaseEnding(models.TextChoices):
    REINSTATED = "reinstated", "Account reinstated"
    TERMINATED = "terminated", "Account terminated"
    OUTCOMES = "outcomes", "Ended with the outcomes recorded"
    NO_BREACH = "no_breach", "No breach found"


def officer(user: "User") -> bool:
    return user.is_active and user.has_role(Role.INFORMATION_GOVERNANCE)


class SecurityCaseQuerySet(models.QuerySet["SecurityCase"]):
    def visible_to(self, user: "User") -> "SecurityCaseQuerySet":
        """Visible to information governance only; an officer never sees a case about themselves."""
        return self.exclude(person=user) if officer(user) else self.none()

    def current(self) -> "SecurityCaseQuerySet":
        return self.exclude(state=CaseState.CLOSED)


class SecurityCase(Versioned):
    """A suspected breach by one person, from opening to closing.

    Its log (`CaseEntry`) has the details (SEC-3, SEC-4).
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")
    treated_as = models.CharField(max_length=12, choices=Treatment)
    state = models.CharField(max_length=14, choices=CaseState, default=CaseState.OPEN)
    summary = models.TextField("what is suspected", max_length=4000)
    lead = models.OneToOneField("Lead", on_delete=models.SET_NULL, null=True, related_name="case")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")
    termination_proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+"
    )
    termination_proposed_at = models.DateTimeField(null=True)
    termination_reason = models.TextField(max_length=2000, blank=True)
    termination_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+"
    )
    ending = models.CharField(max_length=12, choices=CaseEnding, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+")

    objects = SecurityCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=~Q(state="closed"),
                name="person_has_one_case_at_a_time",
                violation_error_code="case_is_open",
                violation_error_message="There is already an open case about this person.",
            ),
            models.CheckConstraint(
                condition=Q(termination_confirmed_by__isnull=True)
                | (
                    Q(termination_proposed_by__isnull=False) & ~Q(termination_confirmed_by=F("termination_proposed_by"))
                ),
                name="termination_takes_two_people",
                violation_error_code="second_person_needed",
                violation_error_message="You proposed this termination, so someone else must confirm it.",
            ),
            models.CheckConstraint(
                condition=~Q(ending="terminated") | Q(termination_confirmed_by__isnull=False),
                name="termination_was_confirmed",
                violation_error_code="second_person_needed",
                violation_error_message="A second person must confirm a termination.",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False, closed_by__isnull=False) & ~Q(ending="")
                | ~Q(state="closed") & Q(closed_at__isnull=True, closed_by__isnull=True, ending=""),
                name="closed_case_says_how_it_ended",
                violation_error_code="case_ending",
                violation_error_message="A closed case must say when and how it ended, and who closed it.",
            ),
            models.CheckConstraint(
                condition=Q(treated_as="graduate") | ~Q(ending__in=["reinstated", "terminated"]),
                name="only_graduates_are_suspended_here",
                violation_error_code="not_suspended",
                violation_error_message="You can only suspend, reinstate or terminate a graduate’s account here.",
            ),
            models.CheckConstraint(
                condition=Q(
                    termination_proposed_by__isnull=True, termination_proposed_at__isnull=True, termination_reason=""
                )
                | (
                    Q(termination_proposed_by__isnull=False, termination_proposed_at__isnull=False)
                    & ~Q(termination_reason="")
                ),
                name="termination_proposed_says_when_and_why",
                violation_error_code="termination_incomplete",
                violation_error_message="Enter who proposes the termination, when and why.",
            ),
            choice_check("case", "treated_as", Treatment.values, message="Choose how to treat the person."),
            choice_check("case", "state", CaseState.values),
            choice_check("case", "ending", CaseEnding.values, blank=True),
        ]

    def __str__(self) -> str:
        return f"case {self.public_id}"

    @property
    def is_closed(self) -> bool:
        return self.state == CaseState.CLOSED

    @property
    def is_about_a_graduate(self) -> bool:
        return self.treated_as == Treatment.GRADUATE
