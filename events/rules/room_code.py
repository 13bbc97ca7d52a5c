"""The code on the room's screen. It changes every few seconds, so that a picture of it helps nobody elsewhere.

A code is the number of its step and a MAC over event and step (RFC 6238 in spirit). The step now and the one before are
accepted: whoever scans at the last moment still gets in.
"""

from datetime import datetime

from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "events.rules.room_code"
LENGTH = 16
ACCEPTED_STEPS = 2


def room_code(event_id: str, now: datetime, seconds: int) -> str:
    """`seconds`: how often it changes."""
    return _code(event_id, _step(now, seconds))


def is_room_code(code: str, event_id: str, now: datetime, seconds: int) -> bool:
    step = _step(now, seconds)
    return any(constant_time_compare(code, _code(event_id, step - back)) for back in range(ACCEPTED_STEPS))


def _step(now: datetime, seconds: int) -> int:
    return int(now.timestamp()) // seconds


def _code(event_id: str, step: int) -> str:
    mac = salted_hmac(SALT, f"{event_id}:{step}", algorithm="sha256").hexdigest()
    return mac[:LENGTH]
