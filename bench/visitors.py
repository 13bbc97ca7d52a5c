"""Those who visit during the benchmark are signed in beforehand: sessions and tokens go straight into the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import ApiToken, Scope, User
from accounts.operations.api_tokens import digest_of
from accounts.sign_in.sessions import SIGN_IN_KEY
from appointments.views.student_book import DRAFT
from bench.institution import GUIDANCE
from bench.keys import HELP, TOPIC, BenchVisitors, session_key, token

PORTAL = "accounts.sign_in.people_backend.PeopleBackend"
LAST_DAY = date(9999, 12, 31)
BARE = "django.contrib.auth.backends.ModelBackend"


def seed_visitors(advisers: int, students: int) -> None:
    """Advisers come first among the ids, then students: bookers, callers, and readers at the end (`fill.AHEAD`)."""
    many, last = BenchVisitors.among(advisers, students), advisers + students
    readers = range(last - many.readers + 1, last + 1)
    bookers = range(advisers + 1, advisers + 1 + many.bookers)
    callers = range(bookers.stop, bookers.stop + many.callers)
    said = {"topic": TOPIC, "help_wanted": HELP, "access_needs": ""}
    sessions = [
        *_sessions("reader", readers, PORTAL),
        *_sessions("bare", readers, BARE),
        *_sessions("adviser", range(1, advisers + 1), PORTAL),
        *_sessions("booker", bookers, PORTAL, {DRAFT: {"type": GUIDANCE, "said": said}}),
    ]
    Session.objects.bulk_create(sessions, batch_size=2000)
    ApiToken.objects.bulk_create([*_tokens("reader", readers), *_tokens("caller", callers)], batch_size=2000)


def _sessions(
    kind: str, people: Iterable[int], backend: str, more: dict[str, object] | None = None
) -> Iterator[Session]:
    """As signing in leaves them. Everybody has the same password hash, so one proof of it serves all.

    Seen a moment ago, so that no request of the benchmark writes that down: in real use one in five minutes does.
    """
    store, proof = SessionStore(), User.objects.only("password").earliest("pk").get_session_auth_hash()
    until = timezone.now() + timedelta(hours=12)
    now = timezone.now().timestamp()
    held = {"id": "bench", "at": now, "seen": now + 12 * 3600, "until": until.timestamp()}
    for number, person in enumerate(people):
        data = {SESSION_KEY: str(person), BACKEND_SESSION_KEY: backend, HASH_SESSION_KEY: proof, SIGN_IN_KEY: held}
        data |= more or {}
        yield Session(session_key=session_key(kind, number), session_data=store.encode(data), expire_date=until)


def _tokens(kind: str, people: Iterable[int]) -> Iterator[ApiToken]:
    """Used today already, so that no request of the benchmark writes that down."""
    today = timezone.localdate()
    for number, person in enumerate(people):
        digest = digest_of(token(kind, number))
        yield ApiToken(
            user_id=person, name="bench", digest=digest, scopes=Scope.values, expires_on=LAST_DAY, last_used_on=today
        )
