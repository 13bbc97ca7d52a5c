from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import redis

from documents.models import DocumentVersion
from documents.operations.upload import upload_document
from tests.cast import Cast
from tests.documents.papers import pdf
from tests.messaging.conftest import publish_to
from tools.valkey import Valkey, free_port


@pytest.mark.django_db(transaction=True)
def test_an_upload_is_nudged_after_its_commit_and_succeeds_without_redis(
    cast: Cast,
    settings: Any,
    nudged: Callable[[int], list[str]],
    broker: Valkey,
) -> None:
    settings.DOCUMENTS_NUDGE = True
    upload_document(owner=cast.student, content=pdf(), filename="cv.pdf", kind="cv", by=cast.student)
    assert nudged(1) == [str(DocumentVersion.objects.get().pk)]
    publish_to(f"redis://127.0.0.1:{free_port()}/0")
    started = time.monotonic()
    upload_document(owner=cast.student, content=pdf(), filename="cv.pdf", kind="cv", by=cast.student)
    assert time.monotonic() - started < 2
    publish_to(broker.url())
    assert redis.Redis.from_url(broker.url()).ping()
