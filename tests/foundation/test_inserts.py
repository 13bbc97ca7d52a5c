from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuditEntry, User
from appointments.models import Booking, IdempotencyKey
from foundation.db.inserts import insert_rows
from messaging.models import OutboxMessage
from tests.cast import Cast
from tests.factories import stored_booking

pytestmark = pytest.mark.django_db


def test_a_row_is_stored_as_django_itself_stores_it(cast: Cast) -> None:
    """Ranges, JSON, empty values and all: every field of a booking comes back the same."""
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


def test_what_the_database_fills_in_is_left_to_it(cast: Cast) -> None:
    before = timezone.now()
    entry = AuditEntry(actor=cast.student, action="tried", subject="test", subject_id="x")
    insert_rows([entry])
    assert AuditEntry.objects.get(pk=entry.pk).at >= before - timedelta(days=365)


def test_what_fills_itself_in_does(cast: Cast) -> None:
    insert_rows([IdempotencyKey(user=cast.student, key="k", fingerprint="f", booking_public_id="b")])
    assert abs((IdempotencyKey.objects.get().created_at - timezone.now()).total_seconds()) < 60


def test_an_array_is_stored() -> None:
    insert_rows([User(email="a@example.ac.uk", given_name="Ana", roles=["student"])])
    assert User.objects.get(email="a@example.ac.uk").roles == ["student"]


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
