"""How an account is forgotten, part by part; when, is for retention to say. Each part is a step of a run or of an
erasure that is recorded there, and answers with how many rows are gone."""

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
"""Names of fields by the label of their model, as `{"appointments.Booking": ("booked_by",)}`."""

NOBODY = "Former colleague"
"""What stands in the place of somebody who is forgotten and whose work others' records still name."""


def forget_courses(people: Collection[int]) -> int:
    return delete_rows(Enrolment.objects.filter(student__in=people))


def forget_signing_in(people: Collection[int]) -> int:
    """Sessions, records of sign-ins, tokens, passkeys and the University's sign-on: nobody is signed in any more."""
    keys = SignIn.objects.filter(person__in=people).values("session_key")
    delete_rows(Session.objects.filter(session_key__in=keys))
    rows: tuple[models.QuerySet[Any], ...] = (
        SignIn.objects.filter(person__in=people),
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
    """What Django's admin noted down about them: it calls a row by its words, so a name stands in the log of a course
    or a group too. Their own deeds as administrators go with them: the audit trail has those without names."""
    about = Q(pk__in=[])
    for person in User.objects.filter(pk__in=people):
        # One word alone could stand in anybody's row.
        name = Q(object_repr__icontains=person.name) if " " in person.name else Q(object_repr__iexact=person.name)
        about |= name | Q(object_repr__icontains=person.email)
        about |= Q(content_type=ContentType.objects.get_for_model(User), object_id=str(person.pk))
    return delete_rows(LogEntry.objects.filter(about | Q(user__in=people)))


def forget_people(people: Collection[int], *, cleared: Fields, named: Fields) -> int:
    """The people themselves, last of all: deletes their rows, or empties them where others' records need their author.

    `cleared`: fields of others' records that are set to NULL. `named`: fields that must go on pointing at somebody; a
    person whom one of them names stays as a row without anything personal in it. What was theirs alone and is still
    there makes the database refuse.
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
    """Every field but its number as a new row has it, so that a field added tomorrow is emptied too."""
    for field in User._meta.concrete_fields:
        if field.name not in KEPT:
            setattr(person, field.name, field.get_default() if field.has_default() else None if field.null else "")
    person.given_name, person.email = NOBODY, f"{person.public_id}@forgotten.invalid"
    person.is_active, person.account_status, person.sign_in_epoch = False, AccountStatus.GOOD, 0
    person.set_unusable_password()
    person.save(force_update=True)


def forget_limits() -> int:
    """Counts that no limit asks for any more: failed sign-ins, links and the like, and what the cache's table keeps."""
    before = database_now() - LONGEST
    counted = delete_rows(CountedEvent.objects.filter(at__lt=before))
    counted += delete_rows(RequestCount.objects.filter(minute__lt=before))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM careerconnect_cache WHERE expires < now()")
        return counted + int(cursor.rowcount)


def delete_old_admin_log(before: Any) -> int:
    return delete_rows(LogEntry.objects.filter(action_time__lt=before))
