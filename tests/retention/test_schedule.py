"""Nothing personal is outside the schedule: tables, fields, files, logs (DATA-4)."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from accounts.models import User
from accounts.policy.registry import SETTINGS
from accounts.rules.policy import policy_in_force
from retention.schedule.data_class import Clock, Then
from retention.schedule.free_texts import FREE_TEXTS
from retention.schedule.links_to_people import CLEARED, NAMED
from retention.schedule.not_personal import KEPT_FOR_GOOD, LOG_HANDLERS, NOT_PERSONAL, STORAGES, TABLES_WITHOUT_MODEL
from retention.schedule.of_a_person import OF_A_PERSON
from retention.schedule.register import BY_KEY, SCHEDULE

pytestmark = [pytest.mark.policy("DATA-4")]

IN_CLASSES = {table.model for each in SCHEDULE for table in each.tables}
WORDS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.GenericIPAddressField)


def all_models() -> list[type[models.Model]]:
    return list(apps.get_models(include_auto_created=True))


def could_be_personal(field: Any) -> bool:
    """Text, a file or a reference to a person; our own choices and random ids are not personal."""
    base = field.base_field if isinstance(field, ArrayField) else field
    if getattr(base, "choices", None) or field.name == "public_id":
        return False
    return field.related_model is User if field.is_relation else isinstance(base, (*WORDS, models.FileField))


def test_every_model_is_in_a_class_or_said_to_hold_nothing_personal() -> None:
    found = {model._meta.label for model in all_models()}
    assert found - IN_CLASSES - set(NOT_PERSONAL) == set()
    assert set(NOT_PERSONAL) & IN_CLASSES == set()
    assert (set(NOT_PERSONAL) | set(KEPT_FOR_GOOD) | IN_CLASSES) - found == set()


@pytest.mark.parametrize("label", sorted({**NOT_PERSONAL, **KEPT_FOR_GOOD}))
def test_every_field_that_stays_is_named(label: str) -> None:
    """Whoever adds a text field to a table that is never emptied must decide where it belongs."""
    fields = apps.get_model(label)._meta.concrete_fields
    named = {**NOT_PERSONAL, **KEPT_FOR_GOOD}[label].fields
    assert [field.name for field in fields if could_be_personal(field)] == list(named)


def test_what_is_kept_for_good_is_named_field_by_field() -> None:
    kept = {table.model for each in SCHEDULE if each.then == Then.KEPT for table in each.tables}
    assert kept == set(KEPT_FOR_GOOD)


@pytest.mark.django_db
def test_every_table_of_the_database_belongs_to_a_model_or_is_named() -> None:
    """Including tables without a model: a history, a copy, an import."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    known = {model._meta.db_table for model in all_models()} | set(TABLES_WITHOUT_MODEL)
    assert tables - known == set()


def test_every_storage_and_every_log_is_named() -> None:
    assert set(settings.STORAGES) == set(STORAGES)
    assert set(settings.LOGGING["handlers"]) == set(LOG_HANDLERS)


def test_every_file_is_reached_through_a_class() -> None:
    """File fields of models (today there are none), and the storages that rows refer to."""
    with_files = [
        m._meta.label for m in all_models() for f in m._meta.concrete_fields if isinstance(f, models.FileField)
    ]
    assert with_files == []
    named = {table.file for each in SCHEDULE for table in each.tables if table.file}
    assert named == {"documents", "retention"}


@pytest.mark.django_db
def test_every_table_of_a_person_is_reached_from_the_person() -> None:
    """The database can follow the path of each, and every path to a person is a class of that person."""
    for each in OF_A_PERSON:
        assert each.forget is not None, each.key
        for table in each.tables:
            if table.person:
                assert table.of([0]).count() == 0


def test_every_key_to_a_person_says_what_becomes_of_it() -> None:
    """Deleted with the person's rows, set to NULL, or kept with an emptied account: every foreign key is one of
    these."""
    keys = {
        f"{relation.related_model._meta.label}.{relation.field.name}"
        for relation in User._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel) and relation.field.db_constraint
    }
    owned = {f"{table.model}.{table.person}" for each in OF_A_PERSON for table in each.tables}
    owned |= {"documents.DocumentShare.adviser", "admin.LogEntry.user"}  # forget_shares_with, forget_admin_log
    cleared, named = (
        {f"{model}.{name}" for model, names in fields.items() for name in names} for fields in (CLEARED, NAMED)
    )
    assert keys - owned == cleared | named
    assert (cleared & named, owned & (cleared | named)) == (set(), set())
    for label in cleared:
        model, _, name = label.rpartition(".")
        assert apps.get_model(model)._meta.get_field(name).null, label


def test_djangos_delete_cascades_to_nothing() -> None:
    """Django's delete() refuses; `operations/forget.py` of each app is the only way (docs/retention.md)."""
    others = {
        f"{relation.related_model._meta.label}.{relation.field.name}"
        for relation in User._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel) and relation.on_delete is not models.RESTRICT
    }
    assert others == {
        "accounts.AuditEntry.actor",  # never changed: its number stays and refers to nobody
        "accounts.AuditEntry.student",
        "account.EmailAddress.user",  # tables of libraries, deleted by forget_signing_in and forget_admin_log
        "socialaccount.SocialAccount.user",
        "mfa.Authenticator.user",
        "admin.LogEntry.user",
    }


def test_every_class_has_its_words_and_its_clock() -> None:
    policy_keys = set(SETTINGS)
    for each in SCHEDULE:
        assert all((each.name, each.what, each.why)), each.key
        assert (each.clock == Clock.NONE) == (each.then == Then.KEPT), each.key
        assert not each.period or each.period in policy_keys, each.key
        assert each.forget or each.sweep or each.rows or each.then == Then.KEPT, each.key
        assert set(each.needs) <= set(BY_KEY), each.key
    assert len(BY_KEY) == len(SCHEDULE)


@pytest.mark.django_db
def test_periods_in_words() -> None:
    policy = policy_in_force()
    said = {each.key: each.period_words(policy) for each in SCHEDULE}
    assert (said["notes"], said["resolved_queries"], said["leads"]) == ("3 years", "2 months", "90 days")


def test_free_text_fields_exist() -> None:
    for each in FREE_TEXTS:
        fields = {field.name for field in apps.get_model(each.model)._meta.concrete_fields}
        assert set(each.fields) <= fields
