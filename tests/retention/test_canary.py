"""A person with a unique word in every field and file: after one night none of it is left anywhere (DATA-4)."""

from __future__ import annotations

import io
import logging
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import storages
from django.db import IntegrityError, connection, transaction
from django.db.models import RestrictedError

from accounts.models import User
from appointments.models import Booking, BookingNote
from documents.models import StoredFile
from messaging.models import ProviderCopy
from queries.models import QueryMessage
from retention.models import PurgeRun, Statistic, TextMention
from retention.operations.forget_people import forget_classes
from retention.schedule.of_a_person import OF_A_PERSON
from security.models import CaseEntry
from tests.cast import Cast
from tests.factories import StudentFactory, stored_booking
from tests.retention.everything import MARK, PAST, canary_person, give_everything, tables_saying
from tests.retention.nights import completed_night, is_here, leaver, run_night, stayers

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-4")]

NIGHT = date(2026, 8, 1)


def files() -> list[Path]:
    roots = [Path(storages[alias].location) for alias in ("documents", "retention")]
    return [path for root in roots for path in root.rglob("*") if path.is_file()]


def files_saying(mark: str) -> list[Path]:
    return [path for path in files() if mark.encode() in path.read_bytes()]


@pytest.fixture
def logged() -> Any:
    """Everything logged, as the portal's handler writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setLevel(logging.DEBUG)
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def test_nothing_of_a_deleted_person_is_left_anywhere(cast: Cast, logged: Any) -> None:
    """Checks every row of the database as a dump would have it, the files and the logs.

    Redis holds only public ids (`messaging.deliver_messages` carries some), and email is stored only in the outbox.
    """
    person = canary_person()
    give_everything(person, cast)
    stayers()
    stored = [row.name for row in StoredFile.objects.filter(version__document__owner=person)]
    filled = tables_saying()
    # Every table of a person's classes contains a canary, except those with only ids, numbers and codes.
    tables = {table.manager.model._meta.db_table for each in OF_A_PERSON for table in each.tables if table.person}
    wordless = {
        "accounts_enrolment", "documents_documentshare", "documents_storedfile", "eligibility_activityresult",
        "eligibility_groupmember", "appointments_diarytemplate", "appointments_diaryblock",
        "retention_retentionwarning", "events_checkin", "events_eventorganiser",
        *(each for each in tables if each.endswith(("_types", "_locations"))),
        "messaging_contactpermission", "retention_package", "eligibility_allocationuse", "appointments_booking",
    }  # fmt: skip
    assert tables - set(filled) - wordless == set()
    assert stored
    assert all(storages["documents"].exists(name) for name in stored)

    run = completed_night(NIGHT)

    assert not is_here(person)
    assert tables_saying() == {"eligibility_activity": 1}  # the name of an activity, from the catalogue
    assert files_saying(MARK) == []
    assert not any(storages["documents"].exists(name) for name in stored)
    assert MARK not in logged.getvalue()
    assert (run.people_due, run.people_done, run.people_held) == (1, 1, 0)
    assert run.files_removed >= len(stored)  # the uploaded file and the copy that is served
    assert ProviderCopy.objects.count() == 0
    of_people = {each.key for each in OF_A_PERSON}
    counts = {count.key: count for count in run.counts.all() if count.key in of_people}
    assert {key: count.forgotten for key, count in counts.items() if not count.forgotten} == {}
    assert {key for key, count in counts.items() if count.after > count.before} == set()


def test_only_the_tombstone_has_the_persons_id(cast: Cast) -> None:
    person = canary_person()
    give_everything(person, cast)
    stayers()
    completed_night(NIGHT)
    assert [path.parent.parent.name for path in files_saying(person.public_id)] == ["tombstones"]


def test_only_statistics_are_left(cast: Cast) -> None:
    for person in (leaver(date(2023, 6, 10)), leaver(date(2023, 6, 10))):
        stored_booking(person, cast.adviser, cast.type, cast.room, PAST, status="attended")
        stored_booking(person, cast.adviser, cast.type, cast.room, PAST + timedelta(days=40), status="missed")
    stayers()
    completed_night(NIGHT)
    assert Booking.objects.count() == 0
    rows = Statistic.objects.values_list("what", "academic_year", "first", "second", "third", "count")
    assert set(rows) == {
        ("appointments", "2022/23", cast.type.slug, "undergraduate", "attended", 2),
        ("appointments", "2022/23", cast.type.slug, "undergraduate", "missed", 2),
    }


def test_other_peoples_records_stay(cast: Cast) -> None:
    """A former colleague's notes stay, without their name, and other people's records do not change."""
    old = leaver(date(2023, 6, 10), given_name="Oldname", family_name="Adviserson")
    theirs = stored_booking(cast.student, old, cast.type, cast.other_room, PAST, status="attended")
    note = BookingNote.objects.create(booking=theirs, text="Said it well.", by=old)
    mine = stored_booking(old, cast.adviser, cast.type, cast.room, PAST + timedelta(days=1), status="attended")
    stayers()
    completed_night(NIGHT)
    note.refresh_from_db()
    assert not Booking.objects.filter(pk=mine.pk).exists()
    assert Booking.objects.filter(pk=theirs.pk).exists()
    assert (note.by.name, note.by.email) == ("Former colleague", f"{old.public_id}@forgotten.invalid")
    assert (note.by.is_active, note.by.roles, note.by.university_id, note.by.phone) == (False, [], None, "")
    assert not note.by.has_usable_password()
    completed_night(NIGHT + timedelta(days=1))  # a row without a name is not due again


def test_a_row_outside_the_schedule_stops_only_its_own_person(cast: Cast) -> None:
    """The database refuses to leave a reference to nobody; the run records this and continues."""
    stuck, other = leaver(date(2023, 6, 10)), leaver(date(2023, 6, 10))
    stayers(12)
    stored_booking(cast.student, cast.adviser, cast.type, cast.room, PAST, status="attended")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE forgotten_table (owner bigint REFERENCES accounts_user (id))")
        cursor.execute("INSERT INTO forgotten_table VALUES (%s)", [stuck.pk])
    run = run_night(NIGHT)
    assert (is_here(stuck), is_here(other)) == (True, False)
    assert run.state == "completed"
    assert run.problems == [{"person": stuck.public_id, "code": "23503"}]
    assert {c.key: c.failed for c in run.counts.all() if c.failed} == {"courses": 1, "people": 1, "rights": 1}


def test_staff_named_in_bookings_cannot_be_deleted(cast: Cast) -> None:
    """The database refuses to delete an adviser named in a booking, whatever deletes them."""
    stored_booking(cast.student, cast.adviser, cast.type, cast.room, PAST, status="attended")
    with pytest.raises(RestrictedError), transaction.atomic():
        cast.adviser.delete()
    assert User.objects.filter(pk=cast.adviser.pk).exists()


def test_the_log_of_a_case_still_refuses_other_changes(cast: Cast) -> None:
    """Entries can be deleted only while a person is being deleted."""
    person = canary_person()
    give_everything(person, cast)
    entry = CaseEntry.objects.get()
    for attempt in (entry.delete, lambda: CaseEntry.objects.filter(pk=entry.pk).update(words="other")):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
    other = canary_person()
    with transaction.atomic():
        forget_classes([other.pk], {}, "tombstones/test-x")
        with pytest.raises(IntegrityError), transaction.atomic():
            entry.delete()


def test_names_in_other_peoples_records_are_listed_before_they_are_unknown(cast: Cast) -> None:
    going = leaver(date(2023, 6, 10), given_name="Mary Ann", family_name="Smith-Jones", university_id="S7654321")
    stays = StudentFactory()
    booking = stored_booking(stays, cast.adviser, cast.type, cast.room, PAST, status="attended")
    words = "Came with Ann Smith-Jones, as last time. (s7654321 too.) Not Ann Smith."
    note = BookingNote.objects.create(
        booking=booking, text=words, next_step="Ask ann smith-jones’s adviser", by=cast.adviser
    )
    own = stored_booking(going, cast.adviser, cast.type, cast.other_room, PAST, status="attended")
    BookingNote.objects.create(booking=own, text="Ann Smith-Jones again", by=cast.adviser)
    query = stays.queries.create(subject="Mary Smith-Jones", opened_at=PAST, last_at=PAST, due_on=PAST.date())
    QueryMessage.objects.create(query=query, kind="asked", by=stays, text="Where is Ann Smith-Jones?", at=PAST)
    stayers()
    run = completed_night(NIGHT)
    found = set(TextMention.objects.values_list("model", "row", "field", "start", "length"))
    message = query.messages.get()
    assert found == {
        ("appointments.BookingNote", note.pk, "text", 10, 15),
        ("appointments.BookingNote", note.pk, "text", words.index("s7654321"), 8),
        ("appointments.BookingNote", note.pk, "next_step", 4, 15),
        ("queries.QueryMessage", message.pk, "text", 9, 15),
    }
    assert set(TextMention.objects.values_list("run", flat=True)) == {run.pk}
    completed_night(NIGHT + timedelta(days=1))
    assert TextMention.objects.count() == 4


def test_the_record_of_a_run_holds_nothing_personal(cast: Cast) -> None:
    person = canary_person()
    give_everything(person, cast)
    stayers()
    run = completed_night(NIGHT)
    said = str(PurgeRun.objects.filter(pk=run.pk).values()[0]) + str(list(run.counts.values()))
    assert MARK not in said


def test_the_admin_log_of_others_stays(cast: Cast) -> None:
    """A person with one short name does not take other people's entries along."""
    person = leaver(date(2023, 6, 10), given_name="Al", family_name="", email="only-al@example.ac.uk")
    stayers()
    users = ContentType.objects.get_for_model(User)
    common = {"user": cast.administrator, "content_type": users, "action_flag": CHANGE}
    LogEntry.objects.create(object_id=str(cast.student.pk), object_repr="Alan Reed, a value", **common)
    LogEntry.objects.create(object_id=str(person.pk), object_repr="Al", **common)
    LogEntry.objects.create(object_id="1", object_repr="the Aspire programme: only-al@example.ac.uk", **common)
    completed_night(NIGHT)
    assert list(LogEntry.objects.values_list("object_repr", flat=True)) == ["Alan Reed, a value"]
