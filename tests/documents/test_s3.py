"""The same promises with an S3 bucket (moto's server, over HTTP) instead of a folder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import boto3
import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test import Client
from moto.server import ThreadedMotoServer

from accounts.models import User
from documents.models import Document, StoredFile
from documents.operations.check import check_due
from documents.operations.delete import delete_document
from documents.operations.files import sweep_files
from documents.operations.upload import upload_document
from foundation.outcomes.refusals import Refused
from foundation.process.bounded_question import BoundedQuestion
from portal.views import health
from retention.operations.tombstones import are_tombstones_due, newest_tombstones, replay_tombstones
from tests.cast import Cast
from tests.documents.papers import docx, pdf
from tests.retention.nights import completed_night, leaver, stayers

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.policy("DATA-3"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "eu-west-2"}


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    client = boto3.client("s3", endpoint_url=s3, **KEYS)
    client.create_bucket(Bucket="papers", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    options = {"bucket_name": "papers", "endpoint_url": s3, "access_key": "test", "secret_key": "test"}
    options |= {"region_name": "eu-west-2", "default_acl": None, "file_overwrite": False}
    documents = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "documents": documents}
    assert "S3" in type(storages["documents"]).__name__
    yield client
    for key in names(client):
        client.delete_object(Bucket="papers", Key=key)
    client.delete_bucket(Bucket="papers")


def names(client: Any) -> list[str]:
    return [each["Key"] for each in client.list_objects_v2(Bucket="papers").get("Contents", [])]


def test_a_document_lives_and_dies_in_a_bucket(cast: Cast, bucket: Any) -> None:
    by = cast.student
    document = upload_document(owner=by, content=docx(), filename="cv.docx", kind="cv", by=by)
    assert len(names(bucket)) == 1
    check_due()
    sweep_files()
    version = document.versions.select_related("file").get()
    assert names(bucket) == [version.file.name]
    client = Client()
    client.force_login(by)
    answer = client.get(f"/documents/{document.public_id}/versions/1/file/")
    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert answer["Content-Disposition"].startswith("attachment")
    delete_document(document=document, by=by)
    sweep_files()
    assert names(bucket) == []


def test_a_missing_bucket_leaves_no_row(cast: Cast, bucket: Any, settings: Any) -> None:
    options = {**settings.STORAGES["documents"]["OPTIONS"], "bucket_name": "absent"}
    settings.STORAGES = {**settings.STORAGES, "documents": {**settings.STORAGES["documents"], "OPTIONS": options}}
    with pytest.raises(Refused) as refused:
        upload_document(owner=cast.student, content=pdf(), filename="cv.pdf", kind="cv", by=cast.student)
    assert refused.value.code == "document_not_stored"
    assert not Document.objects.exists()
    assert not StoredFile.objects.filter(discarded=False).exists(), "what the sweep cannot remove yet, it knows of"


@pytest.mark.policy("DATA-4")
def test_a_night_and_a_restored_backup_with_a_bucket(cast: Cast, bucket: Any, settings: Any) -> None:
    """Tombstones are in a folder of the same bucket, and the deleted person's documents are gone from it."""
    documents = settings.STORAGES["documents"]
    retention = {**documents, "OPTIONS": {**documents["OPTIONS"], "location": "retention"}}
    settings.STORAGES = {**settings.STORAGES, "retention": retention}
    person = leaver(date(2023, 6, 10))
    upload_document(owner=person, content=pdf(), filename="cv.pdf", kind="cv", by=person)
    stayers()
    assert not are_tombstones_due()
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT backup")
        completed_night(date(2026, 8, 1))
        assert [name.split("/")[:2] for name in names(bucket)] == [["retention", "tombstones"]]
        assert not are_tombstones_due()
        cursor.execute("ROLLBACK TO backup")
    assert are_tombstones_due()
    assert replay_tombstones() == (1, 1)
    assert not User.objects.filter(pk=person.pk).exists()
    assert not are_tombstones_due()


def test_ready_while_the_bucket_is_away(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages work without files, so a load balancer must not remove the portal. The body says what is unavailable."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    boto3.client("s3", endpoint_url=f"http://{host}:{port}", **KEYS).create_bucket(
        Bucket="kept", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"}
    )
    options = {"bucket_name": "kept", "endpoint_url": f"http://{host}:{port}", "location": "retention"}
    options |= {"access_key": "test", "secret_key": "test", "region_name": "eu-west-2"}
    settings.STORAGES = {
        **settings.STORAGES,
        "retention": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options},
    }
    monkeypatch.setattr(health, "_tombstones", BoundedQuestion(newest_tombstones))  # its thread outlives this test
    there = Client().get("/health/ready")
    server.stop()
    away = Client().get("/health/ready")
    assert (there.status_code, there.json()["storage"]) == (200, "ok")
    assert (away.status_code, away.json()) == (200, {"status": "ready", "database": "ok", "storage": "no answer"})
