"""Deletes an account part by part. Retention decides when, records each step, and gets the number of deleted rows."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.db.models import Q

from accounts.models import (
    AccessNeeds,
    AccountStatus,
    ApiToken,
    CountedEvent,
    Draft,
    Enrolment,
    FeedChange,
    RequestCount,
    SignIn,
    User,
)
from accounts.operations.count_events import LONGEST
from foundation.db.deleting import delete_rows
from foundation.values.times import database_now

Fields = Mapping[str, Collection[str]]
"""Field names by model label, such as `{"appointments.Booking": ("booked_by",)}`."""

NOBODY = "Former colleague"
"""The name of an erased person whom other people's records still refer to."""


def forget_courses(people: Collection[int]) -> int:
    return delete_rows(Enrolment.objects.filter(student__in=people))


def forget_signing_in(people: Collection[int]) -> int:
    """Deletes sessions, sign-in records, drafts, tokens, passkeys and University identities.

    Nobody is signed in any more.
    """
    keys = SignIn.objects.filter(person__in=people).values("session_key")
    delete_rows(Session.objects.filter(session_key__in=keys))
    rows: tuple[models.QuerySet[Any], ...] = (
        SignIn.objects.filter(person__in=people),
        Draft.objects.filter(person__in=people),
        ApiToken.objects.filter(user__in=people),
        SocialToken.objects.filter(account__user__in=people),
        SocialAccount.objects.filter(user__in=people),
        Authenticator.objects.filter(user__in=people),
        EmailConfirmation.objects.filter(email_address__user__in=people),
        EmailAddress.objects.filter(user__in=people),
    )
    return sum(delete_rows(each) for each in rows)


def forget_feed_changes(people: Collection[int]) -> int:
    return delete_rows(FeedChange.objects.filter(person__in=people))


def forget_admin_log(people: Collection[int]) -> int:
    """Deletes entries of Django's admin log about these people, and their own entries as administrators.

    The log stores the text of each row, so a name may also be in the entry of a course or a group. What administrators
    did is in the audit trail too, without names.
    """
    about = Q(pk__in=[])
    for person in User.objects.filter(pk__in=people):
        # A single word could occur in anybody's row, so it must match completely.
        name = Q(object_repr__icontains=person.name) if " " in person.name else Q(object_repr__iexact=person.name)
        about |= name | Q(object_repr__icontains=person.email)
        about |= Q(content_type=ContentType.objects.get_for_model(User), object_id=str(person.pk))
    return delete_rows(LogEntry.objects.filter(about | Q(user__in=people)))


def forget_people(people: Collection[int], *, cleared: Fields, named: Fields) -> int:
    """Deletes the people themselves, last of all. People whom other people's records must refer to are emptied instead.

    `cleared`: fields of other people's records that are set to NULL. `named`: fields that must still refer to a person;
    a person referred to by one of them is kept as a row without personal data. If anything of their own is left, the
    foreign key makes PostgreSQL refuse.
    """
    for model, field in _columns(cleared):
        model._base_manager.filter(**{f"{field}__in": people}).update(**{field: None})
    needs = delete_rows(AccessNeeds.objects.filter(person__in=people))
    staying: set[int] = set()
    for model, field in _columns(named):
        staying.update(model._base_manager.filter(**{f"{field}__in": people}).values_list(field, flat=True))
    for person in User.objects.filter(pk__in=staying):
        _empty(person)
    return needs + delete_rows(User.objects.filter(pk__in=set(people) - staying)) + len(staying)


def _columns(fields: Fields) -> Iterator[tuple[type[models.Model], str]]:
    for label, names in fields.items():
        for name in names:
            yield apps.get_model(label), name


KEPT = frozenset({"id", "public_id", "joined_at"})


def _empty(person: User) -> None:
    """Resets every field except those in KEPT to its default, so that fields added later are emptied too."""
    for field in User._meta.concrete_fields:
        if field.name not in KEPT:
            setattr(person, field.name, field.get_default() if field.has_default() else None if field.null else "")
    person.given_name, person.email = NOBODY, f"{person.public_id}@forgotten.invalid"
    person.is_active, person.account_status, person.sign_in_epoch = False, AccountStatus.GOOD, 0
    person.set_unusable_password()
    person.save(force_update=True)


def forget_limits() -> int:
    """Deletes counts that no limit looks back at (failed sign-ins, links, API requests) and expired cache rows."""
    before = database_now() - LONGEST
    counted = delete_rows(CountedEvent.objects.filter(at__lt=before))
    counted += delete_rows(RequestCount.objects.filter(minute__lt=before))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM careerconnect_cache WHERE expires < now()")
        return counted + int(cursor.rowcount)


def delete_old_admin_log(before: Any) -> int:
    return delete_rows(LogEntry.objects.filter(action_time__lt=before))
