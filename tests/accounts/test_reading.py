"""Reading somebody's notes is recorded before they are shown; if that fails, they are not shown (DATA-3, DATA-6)."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.models import AuditEntry
from accounts.operations.record_audit import Subject
from accounts.operations.record_reading import record_reading
from appointments.models import Booking, BookingNote
from appointments.operations.read_notes import read_notes
from foundation.outcomes.refusals import Refused
from tests.cast import Cast
from tests.factories import stored_booking

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-6")]
WORDS = "She would like to work abroad."


@pytest.fixture
def booking(cast: Cast) -> Booking:
    booking = stored_booking(cast.student, cast.adviser, cast.type, cast.room, cast.starts(9))
    BookingNote.objects.create(booking=booking, text=WORDS, by=cast.adviser)
    return booking


def page(booking: Booking, reader: Any) -> Any:
    client = Client()
    client.force_login(reader)
    return client.get(reverse("staff_booking_detail", args=[booking.public_id]))


def readings() -> list[tuple[Any, ...]]:
    return list(AuditEntry.objects.filter(action="read").values_list("actor", "subject", "subject_id", "student"))


@pytest.fixture
def unwritable() -> None:
    """Makes entries about reading fail, as a broken trigger, a full disk or a standby database would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.broken() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'no space left'; END $$; "
            "CREATE TRIGGER broken BEFORE INSERT ON accounts_auditentry FOR EACH ROW WHEN (NEW.action = 'read') "
            "EXECUTE FUNCTION pg_temp.broken()"
        )


def test_looking_at_notes_is_recorded(cast: Cast, booking: Booking) -> None:
    assert WORDS in page(booking, cast.other_adviser).content.decode()
    assert readings() == [(cast.other_adviser.pk, "booking_notes", booking.public_id, cast.student.pk)]
    assert WORDS not in str(list(AuditEntry.objects.values()))


def test_people_who_see_no_notes_leave_no_entry(cast: Cast, booking: Booking) -> None:
    assert WORDS not in page(booking, cast.front_desk).content.decode()
    BookingNote.objects.all().delete()
    page(booking, cast.adviser)
    assert readings() == []


def test_what_cannot_be_recorded_is_not_shown(cast: Cast, booking: Booking, unwritable: None) -> None:
    answer = page(booking, cast.adviser)
    content = answer.content.decode()
    assert answer.status_code == 200
    assert WORDS not in content
    assert answer.context["notes_refused"].code == "reading_unrecorded"
    assert escape(answer.context["notes_refused"].message) in content
    assert cast.student.name in content


def test_a_database_that_takes_no_writes_shows_none(cast: Cast, booking: Booking) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        with pytest.raises(Refused) as refused:
            read_notes(booking=booking, by=cast.adviser)
        transaction.set_rollback(True)
    assert (refused.value.code, refused.value.status) == ("reading_unrecorded", 503)


def test_the_owner_reading_their_own_is_not_recorded(cast: Cast) -> None:
    record_reading(reader=cast.student, on=Subject("document", "d"), student=cast.student)
    record_reading(reader=cast.adviser, on=Subject("document", "d"), student=cast.student)
    assert readings() == [(cast.adviser.pk, "document", "d", cast.student.pk)]


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_queries_does_not_grow_with_notes(
    cast: Cast, booking: Booking, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(number - 1):
        BookingNote.objects.create(booking=booking, text=WORDS, by=cast.manager)
    client = Client()
    client.force_login(cast.adviser)
    url = reverse("staff_booking_detail", args=[booking.public_id])
    client.get(url)
    with django_assert_num_queries(14):
        client.get(url)


def test_notes_are_read_only_through_read_notes() -> None:
    """Notes may only be read through `read_notes`: no other code outside the models reads their text."""
    root = Path(__file__).resolve().parents[2]
    found = subprocess.run(
        ["git", "grep", "-lE", "BookingNote|\\.notes\\b", "--", "*.py", ":!tests", ":!*migrations*", ":!bench"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(found.stdout.split()) == {
        "appointments/models/__init__.py",
        "appointments/models/booking_note.py",
        "appointments/operations/attendance.py",  # writes a note
        "appointments/operations/forget.py",  # deletes notes
        "appointments/operations/read_notes.py",
        "appointments/selectors/diary.py",  # checks whether there is a note
        "appointments/selectors/staff_pages.py",  # checks whether there is a note
        "demo/seeding/history.py",  # writes notes
        "retention/operations/read_texts.py",  # records that those in a copy are read
        "retention/schedule/free_texts.py",  # searches them for names; reading them is recorded (read_texts)
        "retention/schedule/links_to_people.py",  # lists foreign keys to people that are kept
        "retention/schedule/of_a_person.py",  # counts them and adds them to the copy of the person they are about
    }
