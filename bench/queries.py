"""How many statements one request sends to the database, session and user included; BEGIN, COMMIT and the like not.

python -m bench.queries < requests > counts        under the settings of the app that is asked, the bare one too
"""

from __future__ import annotations

import json
import sys
from typing import Any

import django
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def queries_of(requests: list[dict[str, Any]]) -> dict[str, Any]:
    """Of the last request; those before it warm up what a process keeps."""
    client = Client(enforce_csrf_checks=True)
    statements: list[str] = []
    status = 0
    for said in requests:
        headers = {"HTTP_" + name.upper().replace("-", "_"): text for name, text in said["headers"].items()}
        kind = headers.pop("HTTP_CONTENT_TYPE", "")
        with CaptureQueriesContext(connection) as captured:
            answer = client.generic(said["method"], said["path"], said["body"], kind, **headers)
        statements = [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(CONTROL)]
        status = answer.status_code
    return {"status": status, "queries": len(statements), "statements": statements}


if __name__ == "__main__":
    django.setup()
    print(json.dumps({name: queries_of(requests) for name, requests in json.load(sys.stdin).items()}))
