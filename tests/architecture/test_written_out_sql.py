"""Hand-written SQL (docs/bench.md) knows the fields of the tables it reads, so a new field fails here first.

Decide whether the statement, or what is built from its result, needs the new field, and add it below.
"""

from __future__ import annotations

from dataclasses import fields

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, models

from accounts.models import AccessNeeds, AuditEntry, Enrolment, IdempotencyKey, PolicySetting, Programme, School, User
from appointments.models import AppointmentType, Booking, DiaryBlock, OnlineRoom, TimeOut
from appointments.selectors.booking_targets import find_named, find_type_with_rules, offered_types_with_rules
from eligibility.models import (
    AcademicPeriod,
    ActivityResult,
    AllocationPolicy,
    AllocationUse,
    Audience,
    Grant,
    GroupMember,
    Hold,
    MissPolicy,
    Strike,
)
from eligibility.rules.facts import ActivityFact, CourseFact, GrantFact, HoldFact, UseFact
from eligibility.selectors.student_facts import student_context
from places.models import Location
from tests.cast import Cast
from tests.factories import AppointmentTypeFactory

READ: dict[type[models.Model], str] = {
    # accounts/sign_in/session_store.py
    Session: "session_key session_data expire_date",
    # eligibility/selectors/student_facts.py
    AccessNeeds: "id person text declares_disability",
    Enrolment: "id student programme level mode status fee_status year_of_study started_on expected_end_on "
    "completed_on left_feed_on",
    PolicySetting: "id key value effective_from set_by set_at note",
    Programme: "id code name school has_placement_year",
    School: "id name faculty contact_email",
    ActivityResult: "id student activity completed_on score count",
    GroupMember: "id group student",
    AllocationUse: "id student policy source_kind source_id on ends_at period_key ordinal minutes consumes grant "
    "grant_ordinal",
    Grant: "id student policy extra starts_on expires_on reason granted_by granted_at",
    Hold: "id public_id student during reason message decided_by rule decided_at covers stays_open keeps_bookings "
    "lifted_at lifted_by lifted_because appealed_at appeal_answered_at",
    AcademicPeriod: "id slug kind name during",
    MissPolicy: "id value effective_from set_by set_at note",
    Strike: "id public_id student kind how type source_kind source_id about on placed_at excused_at excused_by "
    "excused_because",
    # appointments/selectors/taking_place.py, free_times_sql.py
    DiaryBlock: "id public_id adviser during local_date template release_at",
    TimeOut: "id public_id adviser during reason",
    # appointments/selectors/answered.py
    IdempotencyKey: "id user key fingerprint answer_id created_at",
    # appointments/selectors/changes.py
    AuditEntry: "id at actor action subject subject_id student details origin network actor_roles",
    # appointments/selectors/booking_targets.py
    User: "id password last_login public_id university_id email personal_email given_name family_name preferred_name "
    "phone text_reminders roles set_by_person in_feed_since left_feed_on is_active account_status was_active "
    "sign_in_epoch joined_at invited_at search_text",
    # appointments/selectors/free_times_sql.py
    Booking: "id public_id type student adviser location room mode during occupies local_date session seat status "
    "consumes topic help_wanted answers recording_permission booked_by booked_at override_reason sequence arrived_at "
    "minutes_late ended_at ended_by status_reason own_link phone told_reason move_asked_at undo",
    OnlineRoom: "id adviser link",
}
THROUGH_JSON = {
    *(models.BigAutoField, models.BooleanField, models.CharField, models.SlugField, models.TextField),
    *(models.PositiveIntegerField, models.PositiveSmallIntegerField, models.TimeField, models.JSONField),
    models.ForeignKey,
}
"""Field types whose value survives being written as JSON by PostgreSQL and read by `to_python`."""


@pytest.mark.parametrize("model", READ, ids=lambda model: model.__name__)
def test_every_field_of_a_table_that_is_read_is_known(model: type[models.Model]) -> None:
    assert {field.name for field in model._meta.concrete_fields} == set(READ[model].split())


@pytest.mark.parametrize("model", [AppointmentType, Audience, AllocationPolicy, Location])
def test_what_is_rebuilt_from_json_has_fields_that_json_can_carry(model: type[models.Model]) -> None:
    kinds = {type(getattr(field, "base_field", field)) for field in model._meta.concrete_fields}
    assert kinds <= THROUGH_JSON


@pytest.mark.django_db
def test_what_is_rebuilt_is_what_the_orm_reads(cast: Cast) -> None:
    """Compares every field of the type with its audience and limits, the location, and what is read of people."""
    found = find_named(type=cast.type.slug, adviser=cast.adviser.public_id, location=cast.room.public_id)
    assert found
    assert found.adviser
    assert found.location
    stored = AppointmentType.objects.with_rules().get(pk=cast.type.pk)
    for ours in (found.type, find_type_with_rules(cast.type.public_id), *offered_types_with_rules()):
        assert ours
        assert values(ours) == values(stored)
        assert values(ours.audience) == values(stored.audience)
        assert [values(each) for each in ours.limits] == [values(each) for each in stored.limits] != []
    assert values(found.location) == values(cast.room)
    person = values(User.objects.get(pk=cast.adviser.pk))
    assert {name: person[name] for name in values(found.adviser)} == values(found.adviser)


@pytest.mark.django_db
def test_types_on_offer_are_those_of_the_orm_in_its_order(cast: Cast) -> None:
    for order, name in ((2, "Zebra"), (1, "Émile"), (1, "apple")):
        AppointmentTypeFactory(name=name, order=order, audience=cast.type.audience)
    AppointmentTypeFactory(name="Withdrawn", is_offered=False, audience=cast.type.audience)
    assert offered_types_with_rules() == list(AppointmentType.objects.offered())


def values(row: models.Model) -> dict[str, object]:
    """The loaded fields of a row."""
    deferred = row.get_deferred_fields()
    names = [field.attname for field in row._meta.concrete_fields]
    return {name: getattr(row, name) for name in names if name not in deferred}


@pytest.mark.django_db
def test_every_fact_is_filled_from_the_statement(cast: Cast) -> None:
    """Otherwise a fact with a default would keep it, whatever the database says."""
    student_context(cast.student.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        told = " ".join(row[0] for row in cursor.fetchall())
    for fact in (ActivityFact, CourseFact, GrantFact, HoldFact, UseFact):
        assert [field.name for field in fields(fact) if f"'{field.name}'" not in told] == [], fact
