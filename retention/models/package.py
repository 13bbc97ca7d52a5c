import secrets
from datetime import date

from django.db import models
from django.db.models import Q

from foundation.db.choice_checks import choice_check
from foundation.values.public_ids import new_public_id
from retention.models.rights_request import RightsRequest


def new_salt() -> str:
    return secrets.token_hex(16)


class PackageState(models.TextChoices):
    WAITING = "waiting", "waiting to be put together"
    BUILDING = "building", "being prepared"
    READY = "ready", "ready to be looked at"
    RELEASED = "released", "can be downloaded"
    FAILED = "failed", "could not be put together"
    GONE = "gone", "deleted"


class Package(models.Model):
    """The encrypted zip of one request's copy. Once `salt` is deleted nobody can read it, not even from a backup."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    request = models.ForeignKey(RightsRequest, on_delete=models.CASCADE, related_name="packages")
    state = models.CharField(max_length=10, choices=PackageState, default=PackageState.WAITING)
    asked_at = models.DateTimeField()
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    salt = models.CharField(max_length=32, default=new_salt)
    name = models.CharField(max_length=80, blank=True)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    candidates = models.JSONField(default=list)
    """Names of other people found in its texts, each with some of the places, for review. Emptied on release."""

    contents = models.JSONField(default=dict)
    """The number of rows of each class."""

    blacked_out = models.CharField(max_length=64, blank=True, default="", db_default="")
    """Digest of the words blacked out in the file; empty if there are none."""

    built_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    expires_on = models.DateField(null=True)
    downloaded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(state__in=["waiting", "building"]),
                name="request_has_one_package_in_the_making",
                violation_error_code="package_building",
                violation_error_message="The copy is already being built.",
            ),
            models.CheckConstraint(
                condition=~Q(state="released") | Q(released_at__isnull=False, expires_on__isnull=False),
                name="package_released_says_until_when",
                violation_error_code="package_released",
                violation_error_message="A released copy must have a last day for downloading.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ready", "released"]) | Q(built_at__isnull=False),
                name="package_ready_says_since_when",
                violation_error_code="package_built",
                violation_error_message="A finished copy must say when it was built.",
            ),
            models.CheckConstraint(
                condition=Q(downloaded_at__isnull=True) | Q(released_at__isnull=False),
                name="package_downloaded_was_released",
                violation_error_code="package_downloaded",
                violation_error_message="A copy must be released before it can be downloaded.",
            ),
            choice_check("package", "state", PackageState.values),
        ]

    def __str__(self) -> str:
        return f"package {self.public_id}"

    @property
    def is_in_the_making(self) -> bool:
        return self.state in (PackageState.WAITING, PackageState.BUILDING)

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.total) if self.total else 0

    def can_be_downloaded(self, today: date) -> bool:
        return self.state == PackageState.RELEASED and self.expires_on is not None and today <= self.expires_on
