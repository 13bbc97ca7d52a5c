"""Seals the audit trail in batches, each including the digest of the one before.

Writing an entry never waits for it.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from accounts.models import AuditSeal
from foundation.values.counted import counted
from foundation.values.times import database_now

AT_A_TIME = 5_000
SETTLES_AFTER = timedelta(minutes=2)
"""Ids are assigned before a transaction gets its own id, so seal only entries old enough that no entry with a lower id
can still appear.
"""

ONE_AT_A_TIME = 7_305_512_041
"""Key of the advisory lock for sealing."""

FIRST = "0" * 64

COLUMNS = "id, at, actor_id, action, subject, subject_id, student_id, details::text, origin, network, actor_roles"

# The oldest transaction of this database that is still writing; if there is none, the next one to write. Queried in a
# statement of its own before the entries are read, so that entries of transactions that end in between are seen.
# Autovacuum takes a transaction id to save statistics, but writes no entries.
OLDEST_WRITER = """
SELECT coalesce(
    (SELECT held.transactionid FROM pg_locks held JOIN pg_stat_activity USING (pid)
     WHERE held.locktype = 'transactionid' AND held.mode = 'ExclusiveLock' AND held.granted
       AND datname = current_database() AND pid <> pg_backend_pid()
       AND backend_type IS DISTINCT FROM 'autovacuum worker'
     ORDER BY age(held.transactionid) DESC LIMIT 1),
    pg_snapshot_xmax(pg_current_snapshot())::xid)::text
"""

# When the longest-running writer began. Entries made after that may have a higher id than one that it still commits.
LONGEST_WRITER = """
SELECT min(xact_start) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xid IS NOT NULL
  AND backend_type <> 'autovacuum worker'
"""
A_MOMENT = timedelta(seconds=1)
"""An entry's time is the start of its statement, which gets its id slightly later."""

# Settled entries were written by transactions older than that. Sealing stops at the first that is not settled.
SETTLED = f"""
WITH waiting AS (
    SELECT {COLUMNS}, at < %s AND age(xmin) > greatest(age(%s::xid), age(%s::xid)) AS settled
    FROM accounts_auditentry WHERE id > %s ORDER BY id LIMIT %s
)
SELECT {COLUMNS.replace("::text", "")} FROM waiting
WHERE id < coalesce((SELECT min(id) FROM waiting WHERE NOT settled), 9223372036854775807) ORDER BY id
"""  # noqa: S608 - contains no input
BETWEEN = f"SELECT {COLUMNS} FROM accounts_auditentry WHERE id > %s AND id <= %s ORDER BY id"  # noqa: S608 - our own names

Row = tuple[int, datetime, int | None, str, str, str, int | None, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Broken:
    """The first invalid seal, and the reason in words."""

    seal: AuditSeal
    why: str


@dataclass(frozen=True, slots=True)
class Verified:
    seals: int
    entries: int
    unsealed: int
    last: str
    broken: Broken | None = None


def canonical(row: Row) -> bytes:
    """One entry as a line of JSON in the order of the columns, with times in UTC. `docs/audit.md` describes it.

    Entries older than the column of roles were sealed without it, so an empty one is left out.
    """
    number, at, actor, action, subject, subject_id, student, details, origin, network, roles = row
    said = json.loads(details) if isinstance(details, str) else details
    shown = [number, at.astimezone(UTC).isoformat(), actor, action, subject, subject_id, student, said, origin, network]
    shown += [roles] if roles else []
    return json.dumps(shown, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def digest_of(rows: list[Row], first: int, last: int, previous: str, sealed_at: datetime) -> str:
    hashed = hashlib.sha256(f"{previous} {first} {last} {len(rows)} {sealed_at.astimezone(UTC).isoformat()}\n".encode())
    for row in rows:
        hashed.update(canonical(row))
    return hashed.hexdigest()


def seal_trail(*, settles_after: timedelta = SETTLES_AFTER) -> int:
    """Seals all settled entries and returns how many. If two workers run it, the second does nothing."""
    sealed = 0
    while batch := _seal_batch(settles_after):
        sealed += batch
    return sealed


@transaction.atomic
def _seal_batch(settles_after: timedelta) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        if not cursor.fetchone()[0]:
            return 0
        before = AuditSeal.objects.order_by("-last_id").first()
        now, begins = database_now(), before.last_id if before else 0
        # A transaction that begins while the locks are being read may be missing from them, so its entries count as
        # unsettled.
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::xid::text")
        next_writer = cursor.fetchone()[0]
        cursor.execute(OLDEST_WRITER)
        oldest = cursor.fetchone()[0]
        cursor.execute(LONGEST_WRITER)
        began = cursor.fetchone()[0]
        before_all = min(now - settles_after, began - A_MOMENT) if began else now - settles_after
        cursor.execute(SETTLED, [before_all, oldest, next_writer, begins, AT_A_TIME])
        rows: list[Row] = cursor.fetchall()
    if not rows:
        return 0
    first, last, previous = begins + 1, rows[-1][0], before.digest if before else FIRST
    digest = digest_of(rows, first, last, previous, now)
    AuditSeal.objects.create(
        first_id=first, last_id=last, count=len(rows), previous=previous, digest=digest, sealed_at=now
    )
    return len(rows)


def verify_trail() -> Verified:
    """Recomputes every seal, oldest first, and stops at the first invalid one."""
    entries, seals, previous, begins = 0, 0, FIRST, 0
    for seal in AuditSeal.objects.order_by("last_id").iterator():
        rows = _between(begins, seal.last_id)
        why = _problem(seal, rows, previous, begins)
        if why:
            return Verified(seals, entries, 0, previous, Broken(seal, why))
        seals, entries, previous, begins = seals + 1, entries + len(rows), seal.digest, seal.last_id
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_auditentry WHERE id > %s", [begins])
        unsealed: int = cursor.fetchone()[0]
    return Verified(seals, entries, unsealed, previous)


def _between(after: int, last: int) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(BETWEEN, [after, last])
        rows: list[Row] = cursor.fetchall()
    return rows


def _problem(seal: AuditSeal, rows: list[Row], previous: str, begins: int) -> str:
    return next(_problems(seal, rows, previous, begins), "")


def _problems(seal: AuditSeal, rows: list[Row], previous: str, begins: int) -> Iterator[str]:
    if seal.previous != previous or seal.first_id != begins + 1:
        yield "the seal before it is missing or was changed"
    if len(rows) < seal.count:
        yield f"{counted(seal.count - len(rows), 'entry')} of {seal.count} missing"
    if len(rows) > seal.count:
        yield f"{counted(len(rows) - seal.count, 'entry')} added after it was sealed"
    if digest_of(rows, seal.first_id, seal.last_id, seal.previous, seal.sealed_at) != seal.digest:
        yield "an entry, or the seal itself, was changed"
