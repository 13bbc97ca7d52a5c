"""The sign-in data in a session, and the only code that reads or writes it.

`SIGN_IN_KEY` holds the sign-in's public id (`id`), when it started (`at`), when it was last saved (`seen`) and when it
ends (`until`), in seconds since 1970. The session's row expires at `until`, so the query that loads a session also
enforces its limits.
"""

import time
from datetime import UTC, datetime
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from accounts.models import User
from accounts.operations.sign_ins import renew_sign_in, start_sign_in
from accounts.rules.sessions import RENEWED_EVERY, SessionLimits
from accounts.sign_in.known_devices import remember_device
from foundation.values.networks import client_address, network_of
from foundation.web.devices import device_words

SIGN_IN_KEY = "sign_in"


def begin(request: HttpRequest, person: User) -> None:
    """Starts a sign-in after somebody has authenticated (or for a session that has none yet)."""
    if not request.session.session_key:
        request.session.cycle_key()
    sign_in, limits = start_sign_in(
        person=person,
        session_key=str(request.session.session_key),
        device=device_words(request.META.get("HTTP_USER_AGENT", "")),
        network=network_of(client_address(request)),
    )
    remember_device(request, sign_in)
    _store(request.session, sign_in.public_id, sign_in.started_at, sign_in.started_at, limits)


def renew(request: HttpRequest, person: User) -> None:
    held = request.session[SIGN_IN_KEY]
    network = network_of(client_address(request))
    limits = renew_sign_in(person=person, session_key=str(request.session.session_key), network=network)
    _store(request.session, held["id"], datetime.fromtimestamp(held["at"], UTC), datetime.now(UTC), limits)


def is_due(held: dict[str, Any]) -> bool:
    return bool(time.time() - held["seen"] >= RENEWED_EVERY.total_seconds())


def proved_at(request: HttpRequest) -> float:
    """When the session's person last authenticated: by signing in, or again since."""
    held = request.session.get(SIGN_IN_KEY) or {}
    records = get_authentication_records(request, request.user if isinstance(request.user, User) else None)
    return max([held.get("at", 0.0), *(record["at"] for record in records)])


def _store(session: SessionBase, id: str, started: datetime, seen: datetime, limits: SessionLimits) -> None:
    until = limits.ends_at(started, seen)
    session[SIGN_IN_KEY] = {
        "id": id,
        "at": started.timestamp(),
        "seen": seen.timestamp(),
        "until": until.timestamp(),
    }
