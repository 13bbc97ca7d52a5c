"""The reply address: it names a query and proves that we issued it."""

from __future__ import annotations

import re
from base64 import b32encode
from datetime import date, timedelta
from hmac import compare_digest

from django.conf import settings
from django.utils.crypto import salted_hmac

SALT = "queries.rules.reply_address"
GOOD_FOR = timedelta(days=180)
BEGINNING = date(2020, 1, 1)
TOKEN = re.compile(
    r"^(?P<name>[^@+]+)\+(?P<id>[a-z0-9]{12})-(?P<until>[0-9]{1,6})-(?P<mac>[a-z2-7]{20})@(?P<domain>.+)$"
)


def reply_address(query_id: str, person_id: int | None, today: date) -> str:
    """`reply+ID-DAY-MAC@…`: valid for GOOD_FOR days and only for that query and person; empty if no address is
    configured."""
    if not settings.QUERIES_REPLY_ADDRESS:
        return ""
    name, _, domain = settings.QUERIES_REPLY_ADDRESS.partition("@")
    until = (today + GOOD_FOR - BEGINNING).days
    return f"{name}+{query_id}-{until}-{_mac(query_id, person_id, until)}@{domain}"


def query_id_in(address: str) -> tuple[str, int, str] | None:
    """Query id, last valid day and MAC in an address. They are unverified until `is_ours` confirms them."""
    found = TOKEN.match(address.strip().lower())
    return (found["id"], int(found["until"]), found["mac"]) if found else None


def is_ours(query_id: str, person_id: int | None, until: int, mac: str, today: date) -> bool:
    return until >= (today - BEGINNING).days and compare_digest(mac, _mac(query_id, person_id, until))


def _mac(query_id: str, person_id: int | None, until: int) -> str:
    said = f"{query_id}:{person_id or 0}:{until}"
    return b32encode(salted_hmac(SALT, said, algorithm="sha256").digest()).decode().lower()[:20]
