"""The inside of `bench.inbox`."""

from __future__ import annotations

import json
import statistics
import sys
import time
from dataclasses import asdict
from typing import Any

import django

django.setup()

# ruff: noqa: E402 - models can be imported only now
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role, User
from bench.inbox import InboxFigures
from queries.models import Query

TURNS, EACH = 7, 5

QUERIES = """
WITH person AS (
  SELECT id, row_number() OVER (ORDER BY id) AS place FROM accounts_user WHERE roles && ARRAY['student']::varchar[]
)
INSERT INTO queries_query (public_id, person_id, from_address, category, subject, state, owner_id, about_kind, about_id,
                           about_words, opened_at, last_at, due_on, answered_at, resolved_at, decision, decided_because)
SELECT 'q' || lpad(n::text, 11, 'z'), person.id, '',
       (ARRAY['general', 'general', 'technical', 'circumstances'])[1 + n %% 4],
       'Question about ' || (ARRAY['my CV', 'a visa', 'an interview', 'the fair'])[1 + n %% 4] || ' ' || n,
       CASE WHEN n %% 500 = 0 THEN 'open' ELSE 'resolved' END, NULL, '', '', '',
       now() - n * interval '9 minutes', now() - n * interval '9 minutes', current_date + 3, NULL,
       CASE WHEN n %% 500 = 0 THEN NULL ELSE now() END, '', ''
FROM generate_series(1, %(queries)s) n JOIN person ON person.place = 1 + n %% 5000
"""
MESSAGES = """
INSERT INTO queries_querymessage (public_id, query_id, kind, via, by_id, from_address, text, quoted, at)
SELECT 'm' || lpad((query.id * %(each)s + k)::text, 11, 'z'), query.id, 'asked', 'page', query.person_id, '',
       'Could you tell me more about '
       || (ARRAY['deadlines', 'references', 'rooms', 'offers', 'training'])[1 + (query.id + k) %% 5]
       || '? I have read the page and did not find it. ' || md5((query.id * 7 + k)::text), '',
       query.opened_at + k * interval '1 hour'
FROM queries_query query CROSS JOIN generate_series(1, %(each)s) k
"""


def fill(queries: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(QUERIES, {"queries": queries})
        cursor.execute(MESSAGES, {"each": EACH})
        cursor.execute("ANALYZE queries_query")
        cursor.execute("ANALYZE queries_querymessage")


def asked(client: Client, path: str, said: dict[str, str]) -> tuple[float, int]:
    """The median of so many turns in ms, and the statements of one."""
    client.get(path, said)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path, said).status_code == 200
    statements = len(captured)
    took = []
    for _ in range(TURNS):
        began = time.perf_counter()
        client.get(path, said)
        took.append(1000 * (time.perf_counter() - began))
    return statistics.median(took), statements


def measured(queries: int) -> InboxFigures:
    fill(queries)
    manager = User.objects.get(pk=1)
    User.objects.filter(pk=1).update(roles=[Role.ADVISER, Role.CAREERS_MANAGER])
    student = User.objects.get(pk=Query.objects.latest("pk").person_id)
    staff, own = Client(), Client()
    staff.force_login(manager)
    own.force_login(student)
    inbox = reverse("query_inbox")
    thread = reverse("query_answer", args=[Query.objects.latest("pk").public_id])
    pages: dict[str, Any] = {
        "the inbox": asked(staff, inbox, {}),
        "what is resolved": asked(staff, inbox, {"view": "resolved"}),
        "a search for two words": asked(staff, inbox, {"q": "visa references"}),
        "a search for a rare word": asked(staff, inbox, {"q": "c4ca4238a0b92382"}),
        "a thread": asked(staff, thread, {}),
        "a student's own queries": asked(own, reverse("query_list"), {}),
        "a student's story": asked(staff, reverse("attendance_story", args=[student.public_id]), {}),
    }
    bare = []
    for _ in range(TURNS):
        began = time.perf_counter()
        list(Query.objects.order_by("-pk")[:25])
        bare.append(1000 * (time.perf_counter() - began))
    return InboxFigures(queries, queries * EACH, statistics.median(bare), pages)


if __name__ == "__main__":
    with transaction.atomic():
        print(json.dumps(asdict(measured(int(sys.argv[1])))))
        transaction.set_rollback(True)
