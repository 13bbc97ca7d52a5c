from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models.signals import post_save
from django.utils import timezone

from accounts.models import AuditEntry, IdempotencyKey, User
from appointments.models import AppointmentType, Booking
from foundation.db.inserts import insert_rows
from messaging.models import OutboxMessage
from places.models import Location
from tests.cast import Cast
from tests.factories import stored_booking

pytestmark = pytest.mark.django_db


def test_a_row_is_stored_as_django_itself_stores_it(cast: Cast) -> None:
    """Every field of a booking is stored unchanged, including ranges, JSON and empty values."""
    like = stored_booking(cast.student, cast.adviser, cast.type, cast.room, cast.starts(9), answers={"who": "Ŵ’s"})
    kept = {field.attname: getattr(like, field.attname) for field in Booking._meta.concrete_fields}
    like.delete()
    row = Booking(**{**kept, "id": None})
    insert_rows([row])
    assert row.pk
    assert not row._state.adding
    stored = Booking.objects.get(pk=row.pk)
    assert {name: getattr(stored, name) for name in kept if name != "id"} == {
        name: value for name, value in kept.items() if name != "id"
    }


def test_database_defaults_are_left_to_the_database(cast: Cast) -> None:
    before = timezone.now()
    entry = AuditEntry(actor=cast.student, action="tried", subject="test", subject_id="x")
    insert_rows([entry])
    assert AuditEntry.objects.get(pk=entry.pk).at >= before - timedelta(days=365)


def test_fields_with_auto_now_are_filled_in(cast: Cast) -> None:
    insert_rows([IdempotencyKey(user=cast.student, key="k", fingerprint="f", answer_id="b")])
    assert abs((IdempotencyKey.objects.get().created_at - timezone.now()).total_seconds()) < 60


def test_an_array_is_stored(cast: Cast) -> None:
    insert_rows([AppointmentType(slug="talk", name="Talk", minutes=30, audience=cast.type.audience, modes=["online"])])
    assert AppointmentType.objects.get(slug="talk").modes == ["online"]


def test_database_defaults_are_known_afterwards(cast: Cast) -> None:
    entry = AuditEntry(actor=cast.student, action="tried", subject="test", subject_id="x")
    insert_rows([entry])
    stored = AuditEntry.objects.get(pk=entry.pk)
    assert {field.attname: getattr(entry, field.attname) for field in AuditEntry._meta.concrete_fields} == {
        field.attname: getattr(stored, field.attname) for field in AuditEntry._meta.concrete_fields
    }


def test_a_model_that_saves_more_than_its_row_is_refused() -> None:
    """`User.save` also updates the account status, which our INSERT would skip."""
    with pytest.raises(TypeError):
        insert_rows([User(email="a@example.ac.uk", given_name="Ana", roles=["student"])])


def test_a_model_with_receivers_of_signals_is_refused() -> None:
    def receiver(**said: object) -> None:
        raise AssertionError

    post_save.connect(receiver, sender=Location)
    try:
        with pytest.raises(TypeError):
            insert_rows([Location(name="Room")])
    finally:
        post_save.disconnect(receiver, sender=Location)


def test_a_constraint_refuses_or_is_passed_over(cast: Cast) -> None:
    def message(key: str) -> OutboxMessage:
        return OutboxMessage(kind="test.kind", channel="email", recipient=cast.student, dedupe_key=key)

    insert_rows([message("one")])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows([message("one")])
    insert_rows([message("one"), message("two")], ignore_conflicts=True)
    assert OutboxMessage.objects.count() == 2


def test_nothing_is_asked_for_no_rows() -> None:
    insert_rows([])
