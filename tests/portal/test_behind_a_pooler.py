"""The portal works behind a real PgBouncer, by session and by transaction.

By transaction, the pooler hands out its connections in turn: the next transaction is always on another one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event
from typing import Any

import psycopg2
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from appointments.models import Booking
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from careerconnect.celery import app
from foundation.db.advisory_lock import advisory_lock
from messaging.models import DeliveryState, OutboxMessage
from messaging.operations.deliver import deliver_due
from retention.models import PurgeRun, RunState
from tests.accounts.feed_files import feed, numbers, person
from tests.appointments.api_cast import Program, five_fields
from tests.appointments.racing import race
from tests.appointments.student_browser import step
from tests.cast import Cast, assemble
from tests.factories import PASSWORD, StudentFactory
from tests.peers.pgbouncer import PORT, TIMEOUTS, PgBouncer, behind, timeouts_of_the_role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.pooler]

IN_TURN = {"server_round_robin": 1}


@pytest.fixture(scope="module", params=["session", "transaction"])
def pooler(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[PgBouncer]:
    own = PgBouncer(request.param, **IN_TURN)
    with django_db_blocker.unblock(), timeouts_of_the_role(**TIMEOUTS), own as started:
        yield started


@pytest.fixture
def cast(transactional_db: None, pooler: PgBouncer, settings: Any) -> Iterator[Cast]:
    """Three connections are open to begin with, as after some minutes of work."""
    params = {"host": str(pooler.folder), "port": PORT, "user": "postgres", "dbname": connection.settings_dict["NAME"]}
    warm = [psycopg2.connect(**params) for _ in range(3)]
    for each in warm:
        each.cursor().execute("SELECT 1")
    for each in warm:
        each.rollback()  # otherwise the pooler would close it with its client
        each.close()
    with behind(pooler, pooler.mode, settings):
        yield assemble()


def test_transactions_really_change_connections(cast: Cast, pooler: PgBouncer) -> None:
    with connection.cursor() as cursor:
        found = set()
        for _ in range(6):
            cursor.execute("SELECT pg_backend_pid()")
            found.add(cursor.fetchone()[0])
    assert (len(found) > 1) is (pooler.mode == "transaction")


def test_signing_in_and_booking_by_page_and_api(cast: Cast) -> None:
    browser = Client()
    browser.post(reverse("account_login"), {"login": cast.student.email, "password": PASSWORD})
    assert browser.get(reverse("booking_list")).status_code == 200
    said = {"help_wanted": "My CV", "key": "once"}
    assert browser.post(step("booking_create", cast), said, follow=True).status_code == 200
    assert browser.post(step("booking_create", cast), said, follow=True).status_code == 200
    answer = Program(cast.other_student).post("/bookings/", five_fields(cast.choice(9, 40)))
    assert answer.status_code == 201, answer.content
    assert {booking.student for booking in Booking.objects.all()} == {cast.student, cast.other_student}
    assert browser.get(reverse("home")).status_code == 200


def test_one_time_goes_to_one_of_eight(cast: Cast) -> None:
    students = [StudentFactory() for _ in range(8)]
    book = partial(book_appointment, choice=cast.choice(9), details=Details())
    outcome = race([partial(book, student=each, by=each, idempotency_key="") for each in students])
    assert outcome.broken == []
    assert (len(outcome.done), outcome.codes, Booking.objects.count()) == (1, {"time_taken"}, 1)


def test_a_message_is_leased_to_one_of_four_workers(cast: Cast) -> None:
    for hour in (9, 11):
        book_appointment(student=cast.student, choice=cast.choice(hour), details=Details(), by=cast.student)
    due = OutboxMessage.objects.filter(kind="appointments.booked")
    assert due.count() == 2

    def deliver() -> None:
        try:
            deliver_due(seconds=20)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(deliver) for _ in range(4)]:
            future.result()
    assert set(due.values_list("state", "attempts")) == {(DeliveryState.SENT, 1)}


def test_every_regular_job_runs(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    app.loader.import_default_modules()
    with caplog.at_level(logging.WARNING):
        for entry in app.conf.beat_schedule.values():
            app.tasks[entry["task"]].apply(throw=True)
    assert [record.getMessage() for record in caplog.records] == []
    run = PurgeRun.objects.get()
    while run.is_to_do:
        app.tasks["retention.work"].apply(throw=True)
        run.refresh_from_db()
    assert run.state == RunState.COMPLETED


def test_a_job_is_done_by_one_worker_at_a_time(cast: Cast) -> None:
    inside, leave = Event(), Event()

    def work() -> bool:
        try:
            with advisory_lock(42) as locked:
                inside.set()
                leave.wait(20)
            return locked
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(work)
        inside.wait(20)
        for _ in range(6):
            with advisory_lock(42) as locked:
                assert not locked
        leave.set()
        assert first.result()
    for _ in range(6):
        with advisory_lock(42) as locked:
            assert locked


def test_a_student_feed_is_compared_in_temporary_tables(cast: Cast) -> None:
    assert feed(person(901), person(902)).problem == ""
    assert numbers(feed(person(901), person(902), person(903)))[0] == 1


def test_limits_of_guessing_are_counted(cast: Cast) -> None:
    cache.set("seen", 1)
    assert cache.incr("seen") == 2
