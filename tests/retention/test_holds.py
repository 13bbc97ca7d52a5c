"""Held data stays past its day, with what it depends on; everything else of the same person is deleted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Role, User
from appointments.models import Booking, BookingNote
from documents.models import Document
from messaging.models import OutboxMessage
from queries.models import Query
from retention.models import LegalHold, RightsRequest
from retention.operations.watch import watch
from retention.schedule.of_a_person import OF_A_PERSON
from retention.selectors.holds import held_classes, with_what_it_needs
from security.models import SecurityCase
from tests.cast import Cast
from tests.factories import StudentFactory, UserFactory
from tests.retention.everything import PAST, canary_person, give_everything
from tests.retention.nights import completed_night, is_here, on, stayers
from tests.retention.test_boundaries import query_resolved
from wellbeing.models import Concern

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-4")]

NIGHT = date(2026, 8, 1)


def legal_hold(person: User, owner: User, classes: list[str], expires_on: date) -> LegalHold:
    return LegalHold.objects.create(
        person=person, classes=classes, reason="A claim", owner=owner, placed_by=owner, placed_at=PAST,
        placed_on=PAST.date(), expires_on=expires_on,
    )  # fmt: skip


def left_of(person: User) -> set[str]:
    """Classes with anything left of this person."""
    return {
        each.key for each in OF_A_PERSON if any(table.of([person.pk]).exists() for table in each.tables if table.person)
    }


@pytest.fixture
def person(cast: Cast) -> User:
    found = canary_person()
    give_everything(found, cast)
    stayers()
    return found


def test_an_open_case_holds_itself_and_who_it_is_about(person: User, cast: Cast) -> None:
    SecurityCase.objects.filter(person=person).update(state="open", ending="", closed_at=None, closed_by=None)
    completed_night(NIGHT)
    assert left_of(person) == {"security", "people", "courses"}
    SecurityCase.objects.filter(person=person).update(
        state="closed", ending="no_breach", closed_at=PAST, closed_by=cast.manager
    )
    completed_night(NIGHT + timedelta(days=1))
    assert not is_here(person)


def test_an_open_concern_holds_itself_and_who_it_is_about(person: User) -> None:
    Concern.objects.filter(student=person).update(state="open", closed_at=None)
    completed_night(NIGHT)
    assert left_of(person) == {"wellbeing", "people", "courses"}
    Concern.objects.filter(student=person).update(state="closed", closed_at=PAST)
    completed_night(NIGHT + timedelta(days=1))
    assert not is_here(person)


@pytest.mark.parametrize("kind", ["access", "erasure", "complaint"])
def test_an_open_request_holds_everything(person: User, kind: str) -> None:
    """Including a resolved query whose two months are over, since it is part of what was asked for."""
    request = RightsRequest.objects.create(person=person, kind=kind, received_on=NIGHT, due_on=NIGHT)
    before = left_of(person)
    run = completed_night(NIGHT)
    assert left_of(person) == before
    assert (run.people_due, run.people_done, run.people_held) == (1, 0, 1)
    counts = {count.key: count for count in run.counts.all()}
    assert (counts["notes"].held, counts["notes"].forgotten) == (1, 0)
    assert counts["resolved_queries"].held == 1
    request.delete()
    completed_night(NIGHT + timedelta(days=1))
    assert not is_here(person)


def test_an_agreed_restriction_holds_everything(person: User) -> None:
    RightsRequest.objects.create(
        person=person, kind="restriction", received_on=NIGHT, due_on=NIGHT, state="closed", outcome="done",
        outcome_words="Agreed.", closed_at=PAST, restricted_at=PAST,
    )  # fmt: skip
    completed_night(NIGHT)
    assert is_here(person)
    assert BookingNote.objects.filter(booking__student=person).exists()
    RightsRequest.objects.filter(person=person, kind="restriction").update(lifted_at=PAST)
    completed_night(NIGHT + timedelta(days=1))
    assert not is_here(person)


def test_a_legal_hold_holds_what_it_says_until_it_ends(person: User, cast: Cast) -> None:
    legal_hold(person, cast.manager, ["notes"], NIGHT + timedelta(days=4))
    completed_night(NIGHT)
    assert left_of(person) == {"notes", "appointments", "rights", "people", "courses"}
    assert Booking.objects.filter(student=person).exists()
    assert not Document.objects.filter(owner=person).exists()
    assert not OutboxMessage.objects.filter(recipient=person).exists()
    completed_night(NIGHT + timedelta(days=4))
    assert is_here(person)
    completed_night(NIGHT + timedelta(days=5))
    assert not is_here(person)


def test_a_legal_hold_without_classes_holds_everything_and_lifting_ends_it(person: User, cast: Cast) -> None:
    hold = legal_hold(person, cast.manager, [], NIGHT + timedelta(days=400))
    before = left_of(person)
    completed_night(NIGHT)
    assert left_of(person) == before
    hold.lifted_at, hold.lifted_by, hold.lifted_because = timezone.now(), cast.manager, "Settled"
    hold.save()
    completed_night(NIGHT + timedelta(days=1))
    assert not is_here(person)


def test_a_held_query_stays_and_others_are_deleted(cast: Cast) -> None:
    held, other = StudentFactory(), StudentFactory()
    stays, goes = query_resolved(held, date(2026, 1, 1)), query_resolved(other, date(2026, 1, 1))
    legal_hold(held, cast.manager, ["queries"], NIGHT)
    completed_night(NIGHT)
    assert set(Query.objects.values_list("pk", flat=True)) == {stays.pk}
    completed_night(NIGHT + timedelta(days=1))
    assert not Query.objects.filter(pk__in=[stays.pk, goes.pk]).exists()


def test_a_held_class_keeps_the_classes_it_depends_on() -> None:
    assert with_what_it_needs("notes") == {"notes", "appointments", "people", "courses"}
    assert with_what_it_needs("queries") == {"queries", "resolved_queries", "standing", "people", "courses"}
    assert with_what_it_needs("people") == with_what_it_needs("courses") == {"people", "courses"}


def test_holds_are_looked_up_in_five_queries(cast: Cast, django_assert_num_queries: Any) -> None:
    people = [StudentFactory().pk for _ in range(3)]
    for some in (people[:1], people):
        with django_assert_num_queries(5):
            assert held_classes(some, NIGHT) == {}


def test_the_owner_of_a_hold_is_told_before_it_ends(cast: Cast) -> None:
    owner = UserFactory(roles=[Role.INFORMATION_GOVERNANCE])
    legal_hold(StudentFactory(), owner, [], NIGHT + timedelta(days=15))
    completed_night(NIGHT)
    with on(NIGHT):
        assert watch() == 0
    with on(NIGHT + timedelta(days=1)):
        assert watch() == 1
        assert watch() == 0
    assert OutboxMessage.objects.get(kind="retention.officer").recipient == owner
