from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from foundation.db.choice_checks import choices_check
from foundation.values.public_ids import new_public_id


class Scope(models.TextChoices):
    """What a token can be used for: an area of the API, read-only or not."""

    PROFILE_READ = "profile:read", "Read your profile and your tokens"
    APPOINTMENTS_READ = "appointments:read", "Read appointments and free times"
    APPOINTMENTS_WRITE = "appointments:write", "Book, move and cancel appointments, and mark attendance"
    DOCUMENTS_READ = "documents:read", "Read your list of documents"
    DOCUMENTS_WRITE = "documents:write", "Upload and delete your documents"
    QUERIES_READ = "queries:read", "Read queries"
    QUERIES_WRITE = "queries:write", "Send, answer and close queries"
    EVENTS_READ = "events:read", "Read your events, and whether you may attend"
    EVENTS_WRITE = "events:write", "Register for events, wait, cancel, and check people in"
    ACTIVITIES_WRITE = "activities:write", "Record activity results"
    ALUMNI_READ = "alumni:read", "Read the alumni office’s list"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable(self, today: date) -> "ApiTokenQuerySet":
        return self.filter(revoked_at__isnull=True, user__is_active=True, expires_on__gte=today)

    def visible_to(self, user: object) -> "ApiTokenQuerySet":
        return self.filter(user=user)


class ApiToken(models.Model):
    """A personal token for programs. Only its SHA-256 is stored; the token itself is shown once."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="api_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=30, choices=Scope))
    created_at = models.DateTimeField(auto_now_add=True)
    expires_on = models.DateField(help_text="The last local day on which it works.")
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scopes__len__gte=1),
                name="api_token_has_a_scope",
                violation_error_code="token_scopes",
                violation_error_message="Choose what the token may be used for.",
            ),
            choices_check("api_token", "scopes", Scope.values),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_labels(self) -> list[str]:
        return [str(scope.label) for scope in Scope if scope in self.scopes]
