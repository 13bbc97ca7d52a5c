import socket
import threading
import time
from datetime import timedelta
from io import StringIO
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client

from foundation.process import deadlines
from foundation.process.bounded_question import BoundedQuestion
from foundation.values.times import database_now
from messaging.management.commands import check_heartbeat
from messaging.models import Heartbeat, Part
from messaging.operations.record_heartbeat import record_heartbeat
from messaging.tasks import heartbeat, stamp_was_published
from portal.views import health
from retention.operations.tombstones import newest_tombstones


def test_live_needs_no_database(client: Client) -> None:
    answer = client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "live"})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_ready(client: Client) -> None:
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "database": "ok", "storage": "ok"})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_ready_reads_the_migrations_once_and_asks_one_query(client: Client, django_assert_num_queries: Any) -> None:
    """Migration files do not change while a process runs."""
    client.get("/health/ready")
    build = MigrationLoader.build_graph
    with patch.object(MigrationLoader, "build_graph", autospec=True, side_effect=build) as built:
        with django_assert_num_queries(1):
            client.get("/health/ready")
        assert built.call_count == 0


@pytest.mark.django_db(transaction=True)
def test_not_ready_in_a_database_without_any_table(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_migrations RENAME TO elsewhere")
    try:
        answer = client.get("/health/ready")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO django_migrations")
    assert (answer.status_code, answer.json()["database"]) == (503, "migrations are due")


@pytest.mark.django_db
def test_ready_does_not_wait_for_a_storage_that_hangs(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It accepts connections and never answers. Several probes come, and one thread waits for all of them."""
    monkeypatch.setattr(health, "_tombstones", BoundedQuestion(newest_tombstones))  # its thread outlives this test
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        options = {"bucket_name": "papers", "endpoint_url": f"http://127.0.0.1:{deaf.getsockname()[1]}"}
        options |= {"access_key": "test", "secret_key": "test", "region_name": "eu-west-2"}
        hangs = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
        settings.STORAGES = {**settings.STORAGES, "retention": hangs}
        threads = threading.active_count()
        first = client.get("/health/ready")  # imports boto3, which takes seconds on a busy machine
        began = time.monotonic()
        answers = [first, *(client.get("/health/ready") for _ in range(2))]
        assert time.monotonic() - began < 3 * health.STORAGE_ANSWERS_WITHIN
    assert [(answer.status_code, answer.json()["storage"]) for answer in answers] == [(200, "no answer")] * 3
    assert threading.active_count() <= threads + 1


@pytest.mark.django_db
def test_not_ready_without_a_database(client: Client) -> None:
    """Mocks the driver: a server that refuses connections."""
    with patch.object(connection, "cursor", side_effect=OperationalError("connection refused")):
        answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (503, "unavailable")
    assert "refused" not in answer.content.decode()


@pytest.mark.django_db
def test_not_ready_while_migrations_are_due(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'appointments'")
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["database"]) == (503, "migrations are due")


def test_health_tells_nothing_of_a_session(client: Client) -> None:
    assert not client.get("/health/live").cookies


def everything_works() -> None:
    for part in Part:
        record_heartbeat(part)


def silent(part: Part, seconds: float = deadlines.STAMP_IS_OLD + 5) -> None:
    Heartbeat.objects.filter(part=part).update(at=database_now() - timedelta(seconds=seconds))


@pytest.mark.django_db
def test_work_before_anything_has_run(client: Client) -> None:
    answer = client.get("/health/work")
    assert (answer.status_code, answer.json()["late"]) == (503, ["beat", "sweeper"])


@pytest.mark.django_db
def test_work_is_ok_while_heartbeats_are_recent(client: Client) -> None:
    everything_works()
    answer = client.get("/health/work")
    assert (answer.status_code, answer.json()["status"], answer.json()["late"]) == (200, "working", [])
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("part", list(Part))
def test_a_late_part_is_named(client: Client, part: Part) -> None:
    everything_works()
    silent(part, deadlines.STAMP_IS_OLD - 5)
    assert client.get("/health/work").status_code == 200
    silent(part)
    answer = client.get("/health/work")
    assert (answer.status_code, answer.json()["status"], answer.json()["late"]) == (503, "stopped", [part])


@pytest.mark.django_db
def test_the_worker_is_not_late_while_beat_is(client: Client) -> None:
    everything_works()
    silent(Part.WORKER)
    silent(Part.BEAT)
    assert client.get("/health/work").json()["late"] == ["beat"]


@pytest.mark.django_db(transaction=True)
def test_each_part_records_its_own_heartbeat() -> None:
    heartbeat()
    assert [each.part for each in Heartbeat.objects.all()] == [Part.WORKER]
    stamp_was_published()
    assert {each.part for each in Heartbeat.objects.all()} == {Part.WORKER, Part.BEAT}
    first = Heartbeat.objects.get(part=Part.WORKER).at
    heartbeat()
    assert Heartbeat.objects.get(part=Part.WORKER).at > first


@pytest.mark.django_db
def test_command_says_whether_a_part_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_heartbeat, "BEAT", 0.01)  # the pause between its two checks
    everything_works()
    for part in Part:
        call_command("check_heartbeat", part, stdout=StringIO())
    silent(Part.WORKER)
    with pytest.raises(CommandError) as late:
        call_command("check_heartbeat", "worker")
    assert late.value.returncode == 1
    with (
        patch.object(connection, "cursor", side_effect=OperationalError("refused")),
        pytest.raises(CommandError) as gone,
    ):
        call_command("check_heartbeat", "worker")
    assert gone.value.returncode == 2
