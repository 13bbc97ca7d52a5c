"""API requests per minute, counted with one statement per request. `count_events` would read every event."""

from datetime import timedelta

from django.db import connection
from django.utils.crypto import salted_hmac

from accounts.models import RequestCount
from foundation.outcomes.refusals import Refused

MINUTE = timedelta(minutes=1)

COUNT = f"""
INSERT INTO {RequestCount._meta.db_table} AS counted (key, minute, requests)
VALUES (%s, date_trunc('minute', statement_timestamp()), 1)
ON CONFLICT (key) DO UPDATE SET
    requests = CASE WHEN counted.minute = EXCLUDED.minute THEN counted.requests + 1 ELSE 1 END,
    minute = EXCLUDED.minute
RETURNING requests, minute + interval '1 minute' - statement_timestamp()
"""  # noqa: S608 - our own table name


def require_request_rate(*, about: str, most: int) -> None:
    """Counts one request of `about`, such as `token:17`. Raises Refused (429) for more than `most` in a clock minute.

    Runs outside any longer transaction, so that concurrent requests wait only for each other's count.
    """
    key = salted_hmac("accounts.request_count", about, algorithm="sha256").hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [key])
        requests, wait = cursor.fetchone()
    if requests > most:
        raise Refused(
            "too_many_requests",
            "You’ve sent too many requests in a short time.",
            "Wait until the time in Retry-After has passed, then send fewer requests a minute.",
            status=429,
            retry_after=min(max(wait, timedelta(seconds=1)), MINUTE),
        )
