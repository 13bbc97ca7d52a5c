from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User
from foundation.db.choice_checks import choice_check
from foundation.values.public_ids import new_public_id


class RightKind(models.TextChoices):
    """UK GDPR, articles 15 to 21; complaints come from the Data (Use and Access) Act 2025."""

    ACCESS = "access", "Copy of your data"
    PORTABILITY = "portability", "Data to take to another service"
    RECTIFICATION = "rectification", "Correction"
    ERASURE = "erasure", "Deletion"
    RESTRICTION = "restriction", "Restriction"
    OBJECTION = "objection", "Objection to how we use it"
    COMPLAINT = "complaint", "Complaint"


class RequestState(models.TextChoices):
    OPEN = "open", "being worked on"
    PAUSED = "paused", "waiting for an answer"
    CLOSED = "closed", "answered"


class RequestOutcome(models.TextChoices):
    DONE = "done", "done"
    PARTLY = "partly", "done in part"
    REFUSED = "refused", "not done"
    WITHDRAWN = "withdrawn", "withdrawn"


class RequestChannel(models.TextChoices):
    PAGE = "page", "on the portal"
    EMAIL = "email", "by email"
    TELEPHONE = "telephone", "by telephone"
    LETTER = "letter", "by letter"
    IN_PERSON = "in_person", "in person"


class RightsRequestQuerySet(models.QuerySet["RightsRequest"]):
    def visible_to(self, user: User) -> "RightsRequestQuerySet":
        """One's own requests; information governance sees everybody's."""
        return self if user.may_read_trail else self.filter(person=user)

    def answered_by(self, user: User) -> "RightsRequestQuerySet":
        """Requests that the officer can answer: never their own."""
        return self.exclude(person=user) if user.may_read_trail else self.none()

    def open(self) -> "RightsRequestQuerySet":
        return self.exclude(state=RequestState.CLOSED)

    def restricting(self) -> "RightsRequestQuerySet":
        """Restrictions in force."""
        return self.filter(kind=RightKind.RESTRICTION, restricted_at__isnull=False, lifted_at__isnull=True)


class RightsRequest(models.Model):
    """A request under data protection law, with its deadline (DATA-2).

    `due_on` is recomputed by `rules/clock.py` with every step that changes it.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="rights_requests")
    kind = models.CharField(max_length=14, choices=RightKind)
    words = models.TextField(max_length=4000, blank=True)
    received_on = models.DateField()
    received_how = models.CharField(max_length=10, choices=RequestChannel, default=RequestChannel.PAGE)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.OPEN)
    due_on = models.DateField()
    paused_on = models.DateField(null=True)
    days_paused = models.PositiveSmallIntegerField(default=0)
    extended_on = models.DateField(null=True)
    acknowledged_on = models.DateField(null=True)
    restricted_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=RequestOutcome, blank=True)
    outcome_words = models.TextField(max_length=4000, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+")
    alerted_on = models.DateField(null=True)

    objects = RightsRequestQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["state", "due_on"], name="request_by_due_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(outcome="") & ~Q(outcome_words="")
                | ~Q(state="closed") & Q(closed_at__isnull=True, outcome=""),
                name="request_answered_says_how",
                violation_error_code="request_outcome",
                violation_error_message="Enter the answer. We send it to the person.",
            ),
            models.CheckConstraint(
                condition=Q(state="paused", paused_on__isnull=False) | ~Q(state="paused") & Q(paused_on__isnull=True),
                name="request_paused_says_since_when",
                violation_error_code="request_paused",
                violation_error_message="A paused request must say when it was paused.",
            ),
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=~Q(state="closed") & Q(kind__in=["access", "portability", "erasure", "restriction"]),
                name="person_has_one_open_request_of_a_kind",
                violation_error_code="request_open",
                violation_error_message="There is already an open request of this kind.",
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True) | Q(closed_at__isnull=False),
                name="request_closed_by_somebody_says_when",
                violation_error_code="request_closed",
                violation_error_message="An answered request must say when it was answered.",
            ),
            models.CheckConstraint(
                condition=Q(restricted_at__isnull=True) | Q(kind=RightKind.RESTRICTION, state=RequestState.CLOSED),
                name="request_restricting_is_an_agreed_restriction",
                violation_error_code="request_restricting",
                violation_error_message="Only an agreed request can restrict the use of data.",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | Q(restricted_at__isnull=False),
                name="request_lifted_was_restricting",
                violation_error_code="request_lifted",
                violation_error_message="Only a restriction in force can be lifted.",
            ),
            choice_check("request", "kind", RightKind.values),
            choice_check(
                "request", "received_how", RequestChannel.values, message="Choose how the request was received."
            ),
            choice_check("request", "state", RequestState.values),
            choice_check("request", "outcome", RequestOutcome.values, blank=True),
        ]

    def __str__(self) -> str:
        return f"rights request {self.public_id}"

    @property
    def is_open(self) -> bool:
        return self.state != RequestState.CLOSED

    @property
    def is_copy(self) -> bool:
        """Whether the answer is a copy (`Package`)."""
        return self.kind in (RightKind.ACCESS, RightKind.PORTABILITY)

    @property
    def is_restricting(self) -> bool:
        return self.restricted_at is not None and self.lifted_at is None

    def is_late(self, today: date) -> bool:
        return self.state == RequestState.OPEN and self.due_on < today


class RightsStep(models.Model):
    """One entry in a request's history. The person sees those with `for_person`."""

    request = models.ForeignKey(RightsRequest, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+")
    what = models.CharField(max_length=40)
    words = models.TextField(max_length=4000, blank=True)
    for_person = models.BooleanField(default=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.what} of {self.request_id}"


class RightsPart(models.Model):
    """Whether a copy includes one class of data. For confidential classes, somebody with access to them decides."""

    request = models.ForeignKey(RightsRequest, on_delete=models.CASCADE, related_name="parts")
    key = models.CharField(max_length=30)
    included = models.BooleanField()
    because = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "key"],
                name="part_of_a_copy_is_decided_once",
                violation_error_code="part_twice",
                violation_error_message="This is decided already.",
            ),
            models.CheckConstraint(
                condition=Q(included=True) | ~Q(because=""),
                name="part_withheld_says_why",
                violation_error_code="part_reason",
                violation_error_message="Enter why you are leaving it out of the copy.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.request_id}"


class Redaction(models.Model):
    """Words to redact from a copy, such as another person's name. `black_out` False: reviewed and left in."""

    request = models.ForeignKey(RightsRequest, on_delete=models.CASCADE, related_name="redactions")
    words = models.CharField(max_length=200)
    black_out = models.BooleanField(default=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+")

    class Meta:
        ordering = ["words"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "words"],
                name="redaction_is_decided_once",
                violation_error_code="redaction_twice",
                violation_error_message="These words are on the list already.",
            ),
        ]

    def __str__(self) -> str:
        return f"redaction of {self.request_id}"
