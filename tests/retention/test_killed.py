"""Killed (SIGKILL) again and again, or run twice at once: the result is the same as for an undisturbed run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from psycopg2.extras import DateTimeTZRange

from accounts.models import Enrolment, Role, User
from appointments.models import Booking, BookingNote
from documents.models import Document, DocumentVersion, StoredFile
from foundation.db.advisory_lock import advisory_lock
from retention.models import PurgeRun, RetentionWarning, RunState, Statistic
from retention.operations.evidence import broken_link
from retention.operations.nights import start_nightly_run
from retention.operations.tombstones import are_tombstones_due
from retention.operations.work import LOCK, work_on_runs
from tests.cast import Cast
from tests.factories import ProgrammeFactory
from tests.retention.everything import PAST

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.policy("DATA-4")]

ROOT = Path(__file__).resolve().parents[2]
PEOPLE, STAYING, KILLED = 1600, 1700, 5


def fill(cast: Cast) -> list[str]:
    """Creates people who are due, each with a course, a document and an appointment with a note, and others who are not
    due. Returns the names of the files."""
    programme = ProgrammeFactory()
    completed = date(2018, 6, 10)
    people = User.objects.bulk_create(
        User(email=f"due{n}@example.ac.uk", given_name="Due", family_name=f"Person{n}", roles=[Role.GRADUATE])
        for n in range(PEOPLE)
    )
    Enrolment.objects.bulk_create(
        Enrolment(
            student=person, programme=programme, level="undergraduate", status="completed",
            started_on=date(2015, 9, 1), completed_on=completed,
        )
        for person in people
    )  # fmt: skip
    RetentionWarning.objects.bulk_create(
        RetentionWarning(person=person, kept_until=date(2021, 7, 31), ended_on=completed, warned_at=PAST)
        for person in people
    )
    bookings = Booking.objects.bulk_create(_booking(cast, person, n) for n, person in enumerate(people))
    BookingNote.objects.bulk_create(BookingNote(booking=each, text="Well said.", by=cast.adviser) for each in bookings)
    documents = Document.objects.bulk_create(Document(owner=person, name="CV") for person in people)
    files = StoredFile.objects.bulk_create(StoredFile() for _ in people)
    DocumentVersion.objects.bulk_create(
        DocumentVersion(
            document=document, number=1, file=file, format="pdf", size=2, sha256="0", uploaded_sha256="0",
            state="clean", checked_at=PAST,
        )
        for document, file in zip(documents, files, strict=True)
    )  # fmt: skip
    for file in files:
        storages["documents"].save(file.name, ContentFile(b"cv"))
    staying = User.objects.bulk_create(
        User(email=f"stays{n}@example.ac.uk", given_name="Stays", roles=[Role.STUDENT]) for n in range(STAYING * 3)
    )
    Enrolment.objects.bulk_create(
        Enrolment(student=person, programme=programme, level="undergraduate", started_on=date(2025, 9, 1))
        for person in staying
    )
    return [file.name for file in files]


def _booking(cast: Cast, person: User, number: int) -> Booking:
    starts = PAST - timedelta(days=number)
    during = DateTimeTZRange(starts, starts + timedelta(minutes=30))
    return Booking(
        student=person, adviser=cast.adviser, type=cast.type, location=cast.online, mode="online", during=during,
        occupies=during, local_date=starts.date(), booked_at=starts, status="attended", ended_at=starts,
        session=f"s{number}",
    )  # fmt: skip


def running() -> subprocess.Popen[bytes]:
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    env = os.environ | {
        "DATABASE_URL": database.geturl(),
        "DJANGO_SETTINGS_MODULE": "tests.retention.worker_settings",
        "TEST_DOCUMENTS": storages["documents"].location,
        "TEST_RETENTION": storages["retention"].location,
    }
    command = [sys.executable, "manage.py", "retention", "run"]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def kill_in_the_middle() -> None:
    """Kills the run once it has got further than the ones before, and waits until the server has noticed."""
    before = _done()
    process = running()
    until = time.monotonic() + 60
    while _done() <= before:
        assert process.poll() is None, process.stderr.read().decode()[-2000:]
        assert time.monotonic() < until
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stderr.close()
    while time.monotonic() < until:
        with advisory_lock(LOCK) as had:
            if had:
                return
        time.sleep(0.05)
    raise AssertionError("the lock of the killed process was never given up")


def _done() -> int:
    return PurgeRun.objects.values_list("people_done", flat=True).first() or 0


def finish(*processes: subprocess.Popen[bytes]) -> None:
    for process in processes:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said.decode()[-2000:]


def end_state(files: list[str]) -> None:
    run = PurgeRun.objects.get()
    assert (run.state, run.people_due, run.people_done, run.left_over) == (RunState.COMPLETED, PEOPLE, PEOPLE, 0)
    assert (run.problems, run.files_removed) == ([], PEOPLE)
    counts = {count.key: (count.listed, count.forgotten, count.failed) for count in run.counts.all() if count.listed}
    assert counts == dict.fromkeys(("notes", "appointments", "courses", "people", "rights"), (PEOPLE, PEOPLE, 0)) | {
        "documents": (3 * PEOPLE, 3 * PEOPLE, 0)
    }
    assert not User.objects.filter(given_name="Due").exists()
    assert User.objects.filter(given_name="Stays").count() == Enrolment.objects.filter(status="current").count() - 2
    assert not any(storages["documents"].exists(name) for name in files)
    assert sum(Statistic.objects.filter(what="appointments").values_list("count", flat=True)) == PEOPLE
    told: Counter[str] = Counter()
    for path in Path(storages["retention"].location).rglob("*.json"):
        if run.public_id in str(path):
            told.update(list(json.loads(json.loads(path.read_text())["body"])["people"]))
    assert len(told) == PEOPLE
    assert set(told.values()) == {1}
    assert broken_link() is None
    assert not are_tombstones_due()


def test_killed_five_times_in_the_middle(cast: Cast) -> None:
    files = fill(cast)
    for _ in range(KILLED):
        kill_in_the_middle()
        assert 0 < _done() < PEOPLE, "it was killed too late to show anything"
        assert User.objects.filter(given_name="Due").count() == PEOPLE - _done()
    finish(running())
    end_state(files)


def test_two_workers_at_once(cast: Cast) -> None:
    files = fill(cast)
    finish(running(), running())
    end_state(files)


def test_a_second_worker_is_refused() -> None:
    """While another worker is running, on a connection of its own."""
    start_nightly_run()
    other = psycopg2.connect(**connection.get_connection_params())
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        assert work_on_runs() == 0
        assert PurgeRun.objects.get().attempts == 0
        # Not by closing the connection, because the server may take a moment to notice.
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    other.close()
    assert work_on_runs() == 1
