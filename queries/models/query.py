from datetime import date

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import TruncDate

from accounts.models import Role, User
from eligibility.models import Hold, Strike
from foundation.db.choice_checks import choice_check
from foundation.outcomes.undoing import Undoable
from foundation.outcomes.versions import Versioned, version_of
from foundation.values.public_ids import new_public_id
from foundation.values.sources import Source, SourceKind
from foundation.values.times import local_day, months_after


class Category(models.TextChoices):
    GENERAL = "general", "General question"
    CIRCUMSTANCES = "circumstances", "Extenuating circumstances"
    DATA_RIGHTS = "data_rights", "My data and my rights"
    APPEAL = "appeal", "Appeal against a decision"
    TECHNICAL = "technical", "Something does not work"
    LINK_REQUEST = "link_request", "Request for a link"
    POST_PROPOSAL = "post_proposal", "Suggest a vacancy"


class QueryStatus(models.TextChoices):
    OPEN = "open", "open"
    WAITING = "waiting", "waiting for the person"
    RESOLVED = "resolved", "resolved"


class CircumstancesDecision(models.TextChoices):
    ACCEPTED = "accepted", "accepted"
    DECLINED = "declined", "declined"


OF_THE_SHARED_INBOX = (Category.GENERAL, Category.TECHNICAL, Category.LINK_REQUEST, Category.POST_PROPOSAL)
"""Categories that all careers staff answer. The others are for those who decide them."""


RAISED_BY_PEOPLE = (
    Category.GENERAL,
    Category.CIRCUMSTANCES,
    Category.APPEAL,
    Category.DATA_RIGHTS,
    Category.TECHNICAL,
    Category.POST_PROPOSAL,
)
"""Categories that people choose from when they raise a query, in this order."""


class QueryQuerySet(models.QuerySet["Query"]):
    def visible_to(self, user: User) -> "QueryQuerySet":
        """People see their own queries.

        All careers staff see the shared inbox, advisers and managers also circumstances, managers also appeals,
        managers and information governance also data rights. Nobody else sees any (docs/queries.md).
        """
        return self.filter(Q(person=user) | Q(category__in=categories_answered_by(user)))

    def answered_by(self, user: User) -> "QueryQuerySet":
        """The inbox: queries that this colleague may answer, except their own."""
        return self.filter(category__in=categories_answered_by(user), merged_into__isnull=True).exclude(person=user)

    def against_decision_of(self, user: User) -> "QueryQuerySet":
        """Appeals without a reply, against a hold or declined circumstances that this person decided.

        An appeal that names nothing may be against any of those, and against any hold that was not over.
        """
        holds = Hold.objects.filter(student=OuterRef("person"), decided_by=user)
        named = Exists(holds.filter(public_id=OuterRef("about_id")))
        not_lifted = Q(lifted_at__isnull=True) | Q(lifted_at__gte=OuterRef("opened_at"))
        not_over = Exists(holds.filter(not_lifted, during__endswith__gt=OuterRef("opened_on")))
        declined = Query.objects.filter(
            person=OuterRef("person"), decision=CircumstancesDecision.DECLINED, decided_by=user
        )
        named_query = Exists(declined.filter(public_id=OuterRef("about_id")))
        any_of_theirs = Q(about_kind="") & (not_over | Q(Exists(declined)))
        appeals = self.alias(opened_on=TruncDate("opened_at")).filter(
            category=Category.APPEAL, answered_at__isnull=True
        )
        return appeals.filter(Q(named, about_kind="hold") | Q(named_query, about_kind="query") | any_of_theirs)

    def appeals_against(self, declined: "Query") -> "QueryQuerySet":
        """The person's appeals against these circumstances. One that names nothing may be against them.

        Those that the person closed unanswered do not count.
        """
        unnamed = Q(about_kind="", opened_at__gt=declined.decided_at)
        named = Q(about_kind="query", about_id=declined.public_id)
        appeals = self.filter(named | unnamed, person=declined.person_id, category=Category.APPEAL)
        return appeals.exclude(state=QueryStatus.RESOLVED, answered_at__isnull=True)

    def unresolved(self) -> "QueryQuerySet":
        return self.exclude(state=QueryStatus.RESOLVED)

    def overdue(self, today: date) -> "QueryQuerySet":
        return self.filter(state=QueryStatus.OPEN, due_on__lt=today)


def categories_answered_by(user: User) -> list[str]:
    if not user.is_active:
        return []
    found: set[str] = set(OF_THE_SHARED_INBOX) if user.is_careers_staff else set()
    if user.may_read_notes:
        found.add(Category.CIRCUMSTANCES)
    if user.has_role(Role.CAREERS_MANAGER):
        found |= {Category.APPEAL, Category.DATA_RIGHTS}
    if user.has_role(Role.INFORMATION_GOVERNANCE):
        found.add(Category.DATA_RIGHTS)
    return sorted(found)


class Query(Undoable, Versioned):
    """A question and its thread. It is deleted two months after it was resolved (MAIL-1).

    `about_words` describes what it is about; `about_kind` and `about_id` refer to it by a public id of another app.
    `person` is empty if the sender of an email is unknown; then `from_address` says who wrote. `before_merge` says what
    merging it changed, so that merging can be undone.
    """

    not_in_version = frozenset({"seen_at", "undo"})
    """That the person reads it does not make a colleague's page stale."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, blank=True, related_name="queries"
    )
    from_address = models.EmailField(blank=True)
    category = models.CharField(max_length=20, choices=Category.choices, default=Category.GENERAL)
    subject = models.CharField(max_length=160)
    state = models.CharField(max_length=10, choices=QueryStatus.choices, default=QueryStatus.OPEN)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, blank=True, related_name="owned_queries"
    )
    about_kind = models.CharField(max_length=20, blank=True)
    about_id = models.CharField(max_length=40, blank=True)
    about_words = models.CharField(max_length=200, blank=True)
    strike = models.ForeignKey(Strike, on_delete=models.SET_NULL, null=True, blank=True, related_name="queries")
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField(help_text="Of the last message that the person wrote or was sent.")
    due_on = models.DateField(help_text="By when an answer is promised.")
    answered_at = models.DateTimeField(null=True, blank=True, help_text="Of the first reply.")
    seen_at = models.DateTimeField(null=True, blank=True, help_text="When the person last opened it.")
    resolved_at = models.DateTimeField(
        null=True, blank=True, help_text="Retention counts from here. Reopening clears it."
    )
    decision = models.CharField(max_length=10, choices=CircumstancesDecision.choices, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    decided_because = models.CharField(max_length=500, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="merged")
    before_merge = models.JSONField(null=True, blank=True, editable=False)

    objects = QueryQuerySet.as_manager()

    class Meta:
        ordering = ["-last_at"]
        verbose_name_plural = "queries"
        indexes = [
            models.Index(fields=["state", "due_on"], name="query_by_due_day", condition=Q(merged_into__isnull=True)),
            models.Index(fields=["-last_at", "-id"], name="query_by_last_message"),
            models.Index(fields=["person", "-last_at"], name="query_by_person"),
            models.Index(fields=["resolved_at"], name="query_by_end", condition=Q(resolved_at__isnull=False)),
            GinIndex(fields=["subject"], opclasses=["gin_trgm_ops"], name="query_subject_words"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")),
                name="query_is_not_merged_into_itself",
                violation_error_code="same_query",
                violation_error_message="A query cannot be merged into itself.",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(from_address=""),
                name="query_is_from_somebody",
                violation_error_code="query_sender",
                violation_error_message="Enter who is asking.",
            ),
            models.CheckConstraint(
                condition=Q(state=QueryStatus.RESOLVED, resolved_at__isnull=False)
                | (~Q(state=QueryStatus.RESOLVED) & Q(resolved_at__isnull=True)),
                name="query_runs_its_two_months_from_its_resolution",
                violation_error_code="query_resolved",
                violation_error_message="Only a resolved query has a day of resolution.",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True, decided_by__isnull=True, decided_because="")
                | (
                    Q(decision__in=CircumstancesDecision.values, decided_at__isnull=False, decided_by__isnull=False)
                    & Q(category=Category.CIRCUMSTANCES)
                    & ~Q(decided_because="")
                ),
                name="circumstances_are_decided_by_somebody_with_words",
                violation_error_code="query_decision",
                violation_error_message="Enter the decision about the circumstances and the reason.",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(state=QueryStatus.RESOLVED),
                name="query_merged_is_resolved",
                violation_error_code="query_merged",
                violation_error_message="This query was merged. Write in the other one.",
            ),
            choice_check("query", "category", Category.values),
            choice_check("query", "state", QueryStatus.values),
            choice_check("query", "decision", CircumstancesDecision.values, blank=True),
        ]

    def __str__(self) -> str:
        return f"query {self.public_id}"

    last_message_key: int | None = None
    """Set by pages that have read the messages, so that the version needs no query."""

    def linked_keys(self) -> list[int | None]:
        """The last message, also an internal comment. At most one query."""
        if self.last_message_key is None:
            self.last_message_key = self.messages.order_by("-pk").values_list("pk", flat=True).first()
        return [self.last_message_key]

    @property
    def persons_version(self) -> str:
        """Without what only colleagues see: who it is assigned to, and their comments."""
        told = {**self.values_of(("state", "last_at")), **(self.noted["before"] if self.is_held_back else {})}
        shown = (told["state"], self.category, told["last_at"], self.decision, self.merged_into_id)
        return version_of("query of its person", self.public_id, *shown)

    def is_as_seen(self, version: str) -> bool:
        return version in (self.persons_version, self.version)

    @property
    def is_held_back(self) -> bool:
        """Can a colleague still undo the last reply or resolution? Its person is not told of it before."""
        return self.can_be_undone and (self.person is None or self.noted["by"] != self.person.public_id)

    def as_told(self, reader: User) -> "Query":
        """Sets the fields to what this reader may know. Does not save."""
        if reader.pk == self.person_id and self.is_held_back:
            self.put_back(self.noted["before"])
        return self

    @property
    def source(self) -> Source:
        """The reference that document shares store for this query."""
        return Source(SourceKind.QUERY, self.public_id)

    @property
    def is_resolved(self) -> bool:
        return self.state == QueryStatus.RESOLVED

    @property
    def sender(self) -> str:
        """Name or address of the sender, as shown to colleagues."""
        return self.person.name if self.person else self.from_address

    @property
    def is_unverified(self) -> bool:
        return self.person_id is None

    def kept_until(self, months: int) -> date | None:
        """The last day before it is deleted, if it is resolved."""
        return months_after(local_day(self.resolved_at), months) if self.resolved_at else None
