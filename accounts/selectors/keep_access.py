"""When a person's University sign-on ends, and what they have prepared for it."""

from collections.abc import Iterator
from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Count, DateField, Max, Q
from django.db.models.functions import Coalesce

from accounts.models import Enrolment, Role, Status, User
from accounts.rules.keep_access import AccessDeadline
from accounts.rules.policy import Policy, policy_in_force
from accounts.rules.sign_on import sign_on_ends_on


def keep_access_of(person: User, ends_on: date | None) -> AccessDeadline:
    """For `ends_on` see `sign_on_ends`. One query; none if a password is set."""
    return AccessDeadline(
        ends_on=ends_on,
        personal_email=person.personal_email,
        has_password=person.has_usable_password(),
        has_passkey=not person.has_usable_password() and has_passkey(person),
    )


def has_passkey(person: User) -> bool:
    return bool(Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).exists())


def sign_on_ends(person: User, policy: Policy) -> date | None:
    """The last day of the person's University sign-on. One query; withdrawn courses do not count."""
    rows = Enrolment.objects.filter(student=person).exclude(status=Status.WITHDRAWN)
    return sign_on_ends_on([row.ends_on for row in rows], policy.sign_on_days_after_course)


def must_use_sign_on(person: User, today: date) -> bool:
    """Whether the setting requires this person to use the University's sign-on, and they still have it."""
    if not settings.SIGN_ON_REQUIRED or not settings.SIGN_ON_PROVIDERS or not person.university_id:
        return False
    if person.is_any_staff:
        return True
    if not person.has_role(Role.STUDENT):
        return False
    ends_on = sign_on_ends(person, policy_in_force(today))
    return ends_on is None or today <= ends_on


def whose_sign_on_ends(first: date, last: date, days_after_course: int) -> Iterator[tuple[User, date]]:
    """Students whose sign-on ends between the two days (inclusive), with that date. One query."""
    courses = Q(enrolments__isnull=False) & ~Q(enrolments__status=Status.WITHDRAWN)
    ends = Coalesce("enrolments__completed_on", "enrolments__expected_end_on", output_field=DateField())
    after = timedelta(days=days_after_course)
    open_ended = courses & Q(enrolments__completed_on__isnull=True, enrolments__expected_end_on__isnull=True)
    people = (
        User.objects.filter(is_active=True, roles__overlap=[Role.STUDENT, Role.GRADUATE])
        .annotate(course_ends=Max(ends, filter=courses), open_courses=Count("enrolments", filter=open_ended))
        .filter(open_courses=0, course_ends__range=(first - after, last - after))
        .order_by("pk")
    )
    for person in people.iterator(chunk_size=500):
        yield person, person.course_ends + after
