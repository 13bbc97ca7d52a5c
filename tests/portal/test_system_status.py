"""System status: what administrators see and a Prometheus server reads, with each part broken in turn."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import reverse
from prometheus_client.parser import text_string_to_metric_families

from foundation.values.times import database_now
from messaging.models import Channel, Heartbeat, OutboxMessage, Part
from messaging.operations.record_heartbeat import record_heartbeat
from portal.selectors.system_status import system_status
from tests.cast import Cast
from tests.documents.answering import Answering
from tests.page_parts import markup

pytestmark = pytest.mark.django_db

TOKEN = "only-for-this-test-" * 3
PARTS = ("Worker", "Beat", "Sweeper", "Messages", "Nightly run", "Virus scanner", "Disk")


@pytest.fixture
def well(settings: Any) -> None:
    """Everything works; the scanner answers once."""
    for part in Part:
        record_heartbeat(part)
    settings.CLAMD_ADDRESS = Answering(b"PONG\0").address


def broken() -> list[str]:
    return [part.name.partition(":")[0] for part in system_status() if not part.is_well]


def test_everything_works(well: None) -> None:
    assert {part.name.partition(":")[0]: part.is_well for part in system_status()} == dict.fromkeys(PARTS, True)


@pytest.mark.parametrize("part", list(Part))
def test_a_process_that_is_silent(well: None, part: Part) -> None:
    Heartbeat.objects.filter(part=part).update(at=database_now() - timedelta(hours=1))
    assert broken() == [part.value.capitalize()]


def test_a_message_that_nobody_sends(well: None, cast: Cast) -> None:
    due = database_now() - timedelta(minutes=6)
    OutboxMessage.objects.create(
        kind="x", channel=Channel.EMAIL, recipient=cast.student, dedupe_key="1", not_before=due, try_at=due
    )
    assert broken() == ["Messages"]


def test_a_scanner_that_does_not_answer_or_is_not_there(well: None, settings: Any) -> None:
    settings.CLAMD_ADDRESS = "tcp://127.0.0.1:1"
    assert broken() == ["Virus scanner"]
    settings.CLAMD_ADDRESS = ""
    assert broken() == ["Virus scanner"]


def test_a_folder_that_is_gone_and_a_feed_that_did_not_come(well: None, settings: Any, tmp_path: Path) -> None:
    settings.DOCUMENTS_ROOT, settings.FEED_FILE = str(tmp_path / "gone"), str(tmp_path / "feed.csv")
    assert broken() == ["Disk", "Student feed"]


def test_a_night_that_is_late(well: None) -> None:
    MigrationRecorder.Migration.objects.filter(app="retention").update(applied=database_now() - timedelta(days=9))
    assert broken() == ["Nightly run"]


def test_the_page_names_what_needs_attention(client: Client, cast: Cast, django_assert_num_queries: Any) -> None:
    client.force_login(cast.administrator)
    client.get(reverse("system_status"))
    with django_assert_num_queries(10):  # session, person, clock, and one for each fact; three for the night
        page = markup(client.get(reverse("system_status")))
    assert all(part in page for part in PARTS)


def test_metrics_are_off_until_a_token_is_set_and_closed_without_it(client: Client, settings: Any) -> None:
    address = reverse("metrics")
    assert client.get(address).status_code == 404
    settings.METRICS_TOKEN = TOKEN
    for sent in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Token {TOKEN}"}):
        assert client.get(address, headers=sent).status_code == 401
    assert client.get(address, headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_a_prometheus_client_reads_the_metrics(client: Client, settings: Any, well: None) -> None:
    settings.METRICS_TOKEN = TOKEN
    said = client.get(reverse("metrics"), headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    found = {each.name: each for each in text_string_to_metric_families(said)}
    works = {sample.labels["part"]: sample.value for sample in found["careerconnect_works"].samples}
    assert works == {part.lower().replace(" ", "_"): 1.0 for part in PARTS}
    assert found["careerconnect_worker_silent_seconds"].samples[0].value < 60
    assert found["careerconnect_documents_disk_free_bytes"].samples[0].value > 0
