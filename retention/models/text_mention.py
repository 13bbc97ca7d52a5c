from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Role, User
from foundation.values.public_ids import new_public_id
from retention.models.purge_run import PurgeRun

CONCERNS = "wellbeing."


class MentionQuerySet(models.QuerySet["TextMention"]):
    def visible_to(self, user: User) -> "MentionQuerySet":
        """Mentions in concerns are for wellbeing leads, all others for information governance (DATA-6)."""
        seen = Q(pk__in=[])
        if user.may_read_trail:
            seen |= ~Q(model__startswith=CONCERNS)
        if user.is_active and user.has_role(Role.WELLBEING_LEAD):
            seen |= Q(model__startswith=CONCERNS)
        return self.filter(seen)

    def to_review(self) -> "MentionQuerySet":
        return self.filter(reviewed_at__isnull=True)


class TextMention(models.Model):
    """A place in somebody else's record that may name a person whose data is deleted. Records where, but not who or
    what.

    `row` is the primary key in `model`; the name begins at `start` and has `length` characters.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    run = models.ForeignKey(PurgeRun, on_delete=models.SET_NULL, null=True, related_name="mentions")
    model = models.CharField(max_length=60)
    row = models.BigIntegerField()
    field = models.CharField(max_length=40)
    start = models.PositiveIntegerField()
    length = models.PositiveIntegerField()
    found_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+")
    blacked_out = models.BooleanField(null=True)

    objects = MentionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["model", "row", "field", "start"],
                condition=Q(reviewed_at__isnull=True),
                name="mention_is_listed_once",
                violation_error_code="mention_twice",
                violation_error_message="This place is on the list already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.row}"
