from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.crypto import salted_hmac

from foundation.db.choice_checks import choice_check, choices_check
from foundation.values.person_names import BREAK, NOT_IN_A_NAME, shown_name, validate_person_name
from foundation.values.public_ids import new_public_id


class Role(models.TextChoices):
    STUDENT = "student", "student"
    GRADUATE = "graduate", "graduate"
    ADVISER = "adviser", "adviser"
    FRONT_DESK = "front_desk", "front desk"
    CAREERS_MANAGER = "careers_manager", "careers manager"
    WELLBEING_LEAD = "wellbeing_lead", "wellbeing lead"
    ALUMNI_RELATIONS = "alumni_relations", "alumni relations"
    INFORMATION_GOVERNANCE = "information_governance", "information governance"
    EDITOR = "editor", "editor"
    ADMINISTRATOR = "administrator", "administrator"


class AccountStatus(models.TextChoices):
    """Only `accounts.operations.account_status` changes it, on behalf of a security case (SEC-4)."""

    GOOD = "good", "in good standing"
    SUSPENDED = "suspended", "suspended"
    TERMINATED = "terminated", "terminated"


ACCOUNT_STATUS_FIELDS = frozenset({"account_status", "was_active", "sign_in_epoch"})

CAREERS_STAFF = frozenset({Role.ADVISER, Role.FRONT_DESK, Role.CAREERS_MANAGER})
"""Roles that can see appointment information (APPT-4)."""

GIVE_APPOINTMENTS = (Role.ADVISER, Role.CAREERS_MANAGER)
"""Roles whose published times can be booked: they can write its notes."""

NOT_STAFF = frozenset({Role.STUDENT, Role.GRADUATE})
"""Every other role is staff and needs a second factor to sign in."""

GUARDED = frozenset({Role.WELLBEING_LEAD, Role.INFORMATION_GOVERNANCE, Role.ADMINISTRATOR})
"""Roles that open concerns, security cases, the trail, retention or requests, or decide who has them.

One person asks for such a role, another confirms (`accounts.operations.roles`).
"""


SEARCHED = ("given_name", "family_name", "preferred_name", "university_id", "phone", "email", "personal_email")
"""Fields that people are found by. The SQL function `person_search_text` joins them."""


NAMES_ALONE = Func(F("search_text"), Value("|"), Value(1), function="split_part", output_field=models.TextField())
"""The names in `search_text`. Comparing short texts is quicker."""


def with_email(address: str) -> Q:
    wanted = Lower(Value(address))
    own = Q(Exact(Lower("personal_email"), wanted)) & ~Q(personal_email="")
    return Q(Exact(Lower("email"), wanted)) | own


class UserQuerySet(models.QuerySet["User"]):
    def students(self) -> "UserQuerySet":
        return self.filter(roles__overlap=[Role.STUDENT, Role.GRADUATE])

    def advisers(self) -> "UserQuerySet":
        return self.filter(roles__contains=[Role.ADVISER], is_active=True)

    def colleagues(self, reader: "User") -> "UserQuerySet":
        """Everybody with a staff role or none yet, for administrators."""
        found = self.exclude(roles__contained_by=sorted(NOT_STAFF), roles__len__gt=0)
        return found if reader.is_active and reader.has_role(Role.ADMINISTRATOR) else found.none()

    def holding(self, *roles: str) -> "UserQuerySet":
        """Active people with one of these roles."""
        return self.filter(is_active=True, roles__overlap=list(roles))

    def visible_to(self, user: "User") -> "UserQuerySet":
        """Careers staff can look up students; everybody can see themselves."""
        mine = Q(pk=user.pk)
        if user.is_careers_staff:
            mine |= Q(roles__overlap=[Role.STUDENT, Role.GRADUATE])
        return self.filter(mine)

    def with_email(self, address: str) -> "UserQuerySet":
        """The person with this University or personal address, ignoring case.

        Always use this to look somebody up by email: it compares with `lower`, as the unique indexes do, so it cannot
        match a different address and uses an index. Django's `iexact` compares with `UPPER`, which has no index.
        """
        return self.filter(with_email(address))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # created at run time, which mypy cannot follow
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user: User = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, roles=[Role.ADMINISTRATOR], **fields)


class User(AbstractBaseUser):
    """A person, identified by an immutable university id or our own public id, never by an email address."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    university_id = models.CharField(max_length=40, unique=True, null=True, blank=True)
    email = models.EmailField("email address")
    personal_email = models.EmailField(
        "personal email address",
        blank=True,
        db_default="",
        editable=False,
        help_text="Confirmed by a link; theirs when they leave.",
    )
    given_name = models.CharField(max_length=80, validators=[validate_person_name])
    family_name = models.CharField(max_length=80, blank=True, validators=[validate_person_name])
    preferred_name = models.CharField(max_length=80, blank=True, validators=[validate_person_name])
    phone = models.CharField("telephone", max_length=128, blank=True, help_text="In E.164: +447700900123.")
    text_reminders = models.BooleanField("reminders by text", default=True, db_default=True)
    roles = ArrayField(models.CharField(max_length=30, choices=Role.choices), default=list, blank=True)
    set_by_person = ArrayField(
        models.CharField(max_length=20),
        default=list,
        db_default=[],
        blank=True,
        help_text="Fields the person has set themselves: the student feed leaves them alone.",
    )
    in_feed_since = models.DateField("in the student feed since", null=True, blank=True)
    left_feed_on = models.DateField("no longer in the student feed since", null=True, blank=True)
    is_active = models.BooleanField(default=True)
    account_status = models.CharField(
        max_length=12, choices=AccountStatus, default="good", db_default="good", editable=False
    )
    was_active = models.BooleanField("was active when suspended", default=True, db_default=True, editable=False)
    sign_in_epoch = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    invited_at = models.DateTimeField("latest invitation", null=True, blank=True, editable=False)
    search_text = models.GeneratedField(
        expression=Func(*SEARCHED, function="person_search_text"),
        output_field=models.TextField(),
        db_persist=True,
        help_text="Generated by the database from the fields above; used by accounts.selectors.finding.",
    )

    objects = UserManager()

    USERNAME_FIELD = "public_id"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email", "given_name"]

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="person_has_their_own_email",
                violation_error_code="email_taken",
                violation_error_message="Another account already uses this email address.",
            ),
            models.UniqueConstraint(
                Lower("personal_email"),
                condition=~Q(personal_email=""),
                name="person_has_their_own_personal_email",
                violation_error_code="email_taken",
                violation_error_message="Another account already uses this email address.",
            ),
            models.CheckConstraint(
                condition=Q(account_status="good") | Q(is_active=False),
                name="person_suspended_is_not_active",
                violation_error_code="account_stays_closed",
                violation_error_message="You cannot reopen this account here.",
            ),
            choices_check("person", "roles", Role.values),
            choice_check("person", "account_status", AccountStatus.values),
        ]
        constraints += [
            models.CheckConstraint(
                condition=~Q(**{f"{field}__regex": NOT_IN_A_NAME}),
                name=f"person_{field}_is_printable",
                violation_error_code="name_unprintable",
                violation_error_message=BREAK,
            )
            for field in ("given_name", "family_name", "preferred_name")
        ]
        indexes = [
            GinIndex(fields=["roles"], name="person_roles"),
            models.Index("family_name", "given_name", name="person_by_name"),
            GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="person_by_search_text"),
            GinIndex(OpClass(NAMES_ALONE, name="gin_trgm_ops"), name="person_by_names_alike"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A plain `save()` does not write the account status, so that saving an old copy cannot undo a suspension."""
        if not (self._state.adding or args or kwargs.get("force_insert") or kwargs.get("update_fields") is not None):
            names = [field.name for field in self._meta.concrete_fields if not field.primary_key]
            kwargs["update_fields"] = [name for name in names if name not in ACCOUNT_STATUS_FIELDS]
        super().save(*args, **kwargs)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Includes `sign_in_epoch`: raising it invalidates all earlier sessions for good."""
        if not self.sign_in_epoch:
            return str(super()._get_session_auth_hash(secret))  # type: ignore[misc]  # created at run time, which mypy cannot follow
        said = f"{self.password}|{self.sign_in_epoch}"
        return salted_hmac("accounts.sign_in_epoch", said, secret=secret, algorithm="sha256").hexdigest()

    @property
    def name(self) -> str:
        return shown_name(self.given_name, self.family_name, self.preferred_name)

    @property
    def first_name(self) -> str:
        return self.preferred_name or self.given_name

    @property
    def initials(self) -> str:
        return "".join(part[0] for part in (self.first_name, self.family_name) if part).upper()

    def has_role(self, *roles: str) -> bool:
        return not set(roles).isdisjoint(self.roles)

    @property
    def contact_email(self) -> str:
        """The address that the person reads: a graduate's personal one if known. The University's may be closed."""
        return self.personal_email if self.has_left and self.personal_email else self.email

    @property
    def has_left(self) -> bool:
        """A graduate who neither studies nor works here."""
        return NOT_STAFF.issuperset(self.roles) and self.has_role(Role.GRADUATE) and not self.has_role(Role.STUDENT)

    @property
    def guarded_roles(self) -> list[str]:
        return sorted(GUARDED.intersection(self.roles))

    @property
    def is_any_staff(self) -> bool:
        """Has any role other than student and graduate."""
        return not NOT_STAFF.issuperset(self.roles)

    @property
    def is_student(self) -> bool:
        return self.has_role(Role.STUDENT, Role.GRADUATE)

    @property
    def is_careers_staff(self) -> bool:
        return self.is_active and self.has_role(*CAREERS_STAFF)

    @property
    def may_read_notes(self) -> bool:
        """Appointment notes are for advisers and managers, never the front desk."""
        return self.is_active and self.has_role(Role.ADVISER, Role.CAREERS_MANAGER)

    @property
    def may_read_access_needs(self) -> bool:
        """Everybody's access needs are for the front desk only. Advisers see those of their own appointments."""
        return self.is_active and self.has_role(Role.FRONT_DESK)

    @property
    def may_read_trail(self) -> bool:
        return self.is_active and self.has_role(Role.INFORMATION_GOVERNANCE)

    # Django's admin uses these.
    @property
    def is_staff(self) -> bool:
        return self.has_role(Role.ADMINISTRATOR)

    @property
    def is_superuser(self) -> bool:
        return self.is_staff

    def has_perm(self, of: object, obj: object = None) -> bool:
        return self.is_active and self.is_staff

    has_perms = has_module_perms = has_perm
