"""The audit trail: written with each operation and where it came from; never changed; sealed; readable only by some."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts.models import AuditEntry, AuditSeal, User
from accounts.operations.profile import update_profile
from accounts.operations.record_audit import Subject, record_audit
from accounts.operations.seal_trail import seal_trail, verify_trail
from accounts.tasks import seal_trail as seal_task
from foundation.web.origins import TASK, coming_from
from tests.appointments.api_cast import Program, five_fields
from tests.appointments.racing import race
from tests.cast import Cast
from tests.factories import StudentFactory, UserFactory

NOW = timedelta(0)
EMPTYING = {"accounts_auditentry": "trail_refuses_emptying", "accounts_auditseal": "seals_refuse_emptying"}
CHANGE = {"accounts_auditentry": "trail_refuses_change", "accounts_auditseal": "seals_refuse_change"}


def entries(count: int, actor: User | None = None) -> None:
    for number in range(count):
        record_audit(actor=actor, action="tried", on=Subject("thing", f"t{number}"), number=number)


def run(statement: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


@contextmanager
def unguarded(table: str) -> Iterator[None]:
    """Disables the trigger, as the owner of the tables could."""
    run(f"ALTER TABLE {table} DISABLE TRIGGER {CHANGE[table]}")
    yield
    run(f"ALTER TABLE {table} ENABLE TRIGGER {CHANGE[table]}")


# Refusing changes.


@pytest.mark.django_db
@pytest.mark.parametrize("table", CHANGE)
@pytest.mark.parametrize("deed", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_change_is_refused_whichever_way_it_comes(table: str, deed: str) -> None:
    entries(2)
    run(f"ALTER TABLE {table} ENABLE TRIGGER {EMPTYING[table]}")
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        run(deed.format(table))
    assert AuditEntry.objects.count() == 2


@pytest.mark.django_db
def test_change_is_refused_to_the_orm_too() -> None:
    entries(1)
    entry = AuditEntry.objects.get()
    for deed in (
        entry.delete,
        entry.save,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(action=""),
    ):
        with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
            deed()


@pytest.mark.django_db
@pytest.mark.policy("DATA-4")
def test_deleting_a_person_does_not_change_the_trail() -> None:
    gone, student = UserFactory(), StudentFactory(course=False)
    record_audit(actor=gone, action="tried", on=Subject("thing", "t"), student=student)
    gone_id = gone.pk
    for person in (gone, student):
        User.objects.get(pk=person.pk).delete()
    entry = AuditEntry.objects.named().get()
    assert (entry.actor_id, entry.actor, entry.student) == (gone_id, None, None)


# Where it came from.


@pytest.mark.django_db
def test_a_page_an_api_a_task_and_a_command_say_where_they_came_from(cast: Cast, client: Any) -> None:
    client.force_login(cast.student)
    client.post("/profile/", {"preferred_name": "Ama"}, REMOTE_ADDR="192.0.2.77")
    Program(cast.student).post("/bookings/", five_fields(cast.choice(9)))
    with coming_from(TASK):
        entries(1)
    update_profile(user=cast.student, by=cast.student, preferred_name="A")
    trail = AuditEntry.objects.exclude(subject__in=["sign_in", "api_token"]).order_by("pk")
    came = list(trail.values_list("action", "origin", "network"))
    assert came == [
        ("profile_updated", "web", "192.0.2.0/24"),
        ("booked", "api", "127.0.0.0/24"),
        ("tried", "task", ""),
        ("profile_updated", "command", ""),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("proxies", "said", "kept"),
    [
        (0, "203.0.113.9", "127.0.0.0/24"),
        (1, "203.0.113.9", "203.0.113.0/24"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.0/24"),
        (1, "2001:db8:1:2::7", "2001:db8:1::/48"),
        (1, "::ffff:203.0.113.9", "203.0.113.0/24"),
        (1, "rubbish", ""),
        (2, "203.0.113.9", "127.0.0.0/24"),
    ],
)
def test_only_a_trusted_proxy_is_believed_and_only_a_prefix_kept(
    cast: Cast, client: Any, settings: Any, proxies: int, said: str, kept: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    client.force_login(cast.student)
    client.post("/profile/", {"preferred_name": "Ama"}, HTTP_X_FORWARDED_FOR=said)
    assert AuditEntry.objects.get(action="profile_updated").network == kept


# Sealing. Only committed entries can be sealed, so these tests commit.


@pytest.mark.django_db(transaction=True)
def test_seals_are_chained_and_hold(settings: Any) -> None:
    entries(3, UserFactory())
    assert seal_trail(settles_after=NOW) == 3
    entries(2)
    assert seal_trail(settles_after=NOW) == 2
    assert seal_trail(settles_after=NOW) == 0
    first, second = AuditSeal.objects.order_by("last_id")
    assert (second.previous, second.first_id) == (first.digest, first.last_id + 1)
    found = verify_trail()
    assert (found.broken, found.seals, found.entries, found.unsealed) == (None, 2, 5, 0)


@pytest.mark.django_db(transaction=True)
def test_entries_that_may_not_be_settled_are_not_sealed_yet() -> None:
    entries(3)
    seal_task()
    assert not AuditSeal.objects.exists()
    assert verify_trail().unsealed == 3


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_is_committed_out_of_order_is_sealed_too() -> None:
    """While a transaction with an earlier id is running, later entries wait; otherwise it would look like tampering."""
    seen: list[int] = []

    def writer() -> None:
        with transaction.atomic():
            entries(1)  # has its id but is not committed
            inner = race([lambda: (entries(2), seen.append(seal_trail(settles_after=NOW)))])
            assert not inner.broken

    writer()
    assert seen == [0]
    assert seal_trail(settles_after=NOW) == 3
    assert verify_trail().broken is None


TAMPERED: dict[str, tuple[str, str, str]] = {
    "an entry changed": (
        "accounts_auditentry",
        "UPDATE accounts_auditentry SET subject_id = 'other' WHERE subject_id = 't1'",
        "was changed",
    ),
    "its time changed": (
        "accounts_auditentry",
        "UPDATE accounts_auditentry SET at = at + interval '1 microsecond' WHERE subject_id = 't1'",
        "was changed",
    ),
    "its origin changed": (
        "accounts_auditentry",
        "UPDATE accounts_auditentry SET origin = 'web' WHERE subject_id = 't1'",
        "was changed",
    ),
    "an entry deleted": (
        "accounts_auditentry",
        "DELETE FROM accounts_auditentry WHERE subject_id = 't1'",
        "1 entry of 4 missing",
    ),
    "an entry put in": (
        "accounts_auditentry",
        "INSERT INTO accounts_auditentry (id, action, subject, subject_id, details) "
        "SELECT min(id) + 1, 'tried', 'thing', 'forged', '{}' FROM accounts_auditentry",
        "1 entry added",
    ),
    "two entries swapped": (
        "accounts_auditentry",
        "UPDATE accounts_auditentry SET subject_id = CASE subject_id WHEN 't0' THEN 't1' ELSE 't0' END "
        "WHERE subject_id IN ('t0', 't1')",
        "was changed",
    ),
    "a seal deleted": (
        "accounts_auditseal",
        "DELETE FROM accounts_auditseal WHERE id = (SELECT min(id) FROM accounts_auditseal)",
        "the seal before it is missing",
    ),
    "a seal made anew": (
        "accounts_auditseal",
        "UPDATE accounts_auditseal SET digest = repeat('a', 64) WHERE id = (SELECT min(id) FROM accounts_auditseal)",
        "was changed",
    ),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", TAMPERED)
def test_tampering_is_found(how: str) -> None:
    table, statement, why = TAMPERED[how]
    entries(1)
    run("SELECT nextval('accounts_auditentry_id_seq')")  # a rolled-back transaction leaves a gap like this
    for _ in range(2):
        entries(3)
        seal_trail(settles_after=NOW)
    call_command("audit", "verify", stdout=StringIO())
    with unguarded(table):
        run(statement)
    with pytest.raises(CommandError, match="Broken at seal") as broken:
        call_command("audit", "verify", stdout=StringIO())
    assert why in str(broken.value)


@pytest.mark.django_db(transaction=True)
def test_a_digest_stored_elsewhere_reveals_a_truncated_trail() -> None:
    entries(1)
    out = StringIO()
    call_command("audit", "verify", stdout=out)
    seal_trail(settles_after=NOW)
    entries(1)
    seal_trail(settles_after=NOW)
    anchor = AuditSeal.objects.latest("last_id").digest
    out = StringIO()
    call_command("audit", "verify", "--anchor", anchor, stdout=out)
    assert anchor in out.getvalue()
    with unguarded("accounts_auditseal"), unguarded("accounts_auditentry"):
        run("DELETE FROM accounts_auditseal WHERE digest = %s", anchor)
        run("DELETE FROM accounts_auditentry WHERE id = (SELECT max(id) FROM accounts_auditentry)")
    call_command("audit", "verify", stdout=StringIO())  # the chain itself is intact
    with pytest.raises(CommandError, match="digest is not"):
        call_command("audit", "verify", "--anchor", anchor, stdout=StringIO())


@pytest.mark.django_db(transaction=True)
@pytest.mark.races
def test_writers_and_sealers_at_once(record_property: Callable[[str, object], None]) -> None:
    def write() -> None:
        for _ in range(20):
            with transaction.atomic():
                # Assign the transaction id first, as operations do by locking people. Otherwise an entry gets its id a
                # moment before the transaction gets its own, and sealing waits that long (SETTLES_AFTER).
                run("SELECT pg_current_xact_id()")
                entries(2)

    def seal() -> None:
        for _ in range(10):
            seal_trail(settles_after=NOW)

    outcome = race([*[write] * 6, *[seal] * 3])
    assert not outcome.broken
    seal_trail(settles_after=NOW)
    found = verify_trail()
    assert (found.broken, found.entries, found.unsealed) == (None, 240, 0)


@pytest.mark.django_db(transaction=True)
def test_a_hundred_thousand_entries_in_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    run(
        "INSERT INTO accounts_auditentry (action, subject, subject_id, details, origin, network) "
        "SELECT 'booked', 'booking', 'b' || n, %s, 'web', '192.0.2.0/24' FROM generate_series(1, 100000) n",
        json.dumps({"counts": True, "day": "2026-12-02"}),
    )
    started = time.perf_counter()
    assert seal_trail(settles_after=NOW) == 100_000
    sealed, started = time.perf_counter() - started, time.perf_counter()
    found = verify_trail()
    verified = time.perf_counter() - started
    assert (found.broken, found.entries) == (None, 100_000)
    with capsys.disabled():
        sys.stdout.write(f"\n100,000 entries: sealed in {sealed:.1f} s, verified in {verified:.1f} s\n")
    assert sealed < 20
    assert verified < 20


@pytest.mark.django_db
def test_the_command_says_what_it_sealed() -> None:
    out = StringIO()
    call_command("audit", "seal", stdout=out)
    assert out.getvalue().startswith("0 entries sealed")
