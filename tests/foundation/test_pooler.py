"""A real PgBouncer set up wrongly is noticed by trying, and named by a code; set up well it passes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.test import Client

from foundation.db.pooler import POOLER_FAULTS, direct_connection, pooler_fault, require_usable_pooler
from tests.peers.pgbouncer import TIMEOUTS, PgBouncer, behind, timeouts_of_the_role
from tools.checking import PRODUCTION

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
IGNORING = {"ignore_startup_parameters": "options"}


@pytest.fixture(autouse=True)
def _asked_anew() -> Iterator[None]:
    pooler_fault.cache_clear()
    yield
    pooler_fault.cache_clear()


def test_no_pooler_is_no_fault() -> None:
    assert pooler_fault() == ""


@pytest.mark.pooler
@pytest.mark.parametrize(
    ("pooled", "named", "options", "fault"),
    [
        ("session", "session", {}, ""),
        ("transaction", "transaction", {}, ""),
        ("session", "", {}, "pooler_not_named"),
        ("transaction", "", {}, "pooler_not_named"),
        ("transaction", "session", {}, "pooler_shares_transactions"),
        ("transaction", "session", {"server_round_robin": 1}, "pooler_shares_transactions"),
        ("transaction", "", IGNORING, "pooler_shares_transactions"),
        ("statement", "transaction", {}, "pooler_shares_statements"),
        ("session", "session", {"server_reset_query": ""}, "pooler_keeps_sessions"),
    ],
)
def test_each_fault_is_found(pooled: str, named: str, options: dict[str, Any], fault: str, settings: Any) -> None:
    with timeouts_of_the_role(**TIMEOUTS), PgBouncer(pooled, **options) as pooler, behind(pooler, named, settings):
        assert pooler_fault() == fault


@pytest.mark.pooler
@pytest.mark.parametrize("mode", ["session", "transaction"])
@pytest.mark.parametrize("missing", TIMEOUTS)
def test_timeouts_that_a_pooler_drops_are_found(mode: str, missing: str, settings: Any) -> None:
    kept = {name: value for name, value in TIMEOUTS.items() if name != missing}
    with timeouts_of_the_role(**kept), PgBouncer(mode) as pooler, behind(pooler, mode, settings):
        assert pooler_fault() == "pooler_drops_timeouts"


@pytest.mark.pooler
def test_a_direct_address_that_is_pooled_is_found(settings: Any) -> None:
    shared = PgBouncer("transaction", **IGNORING)
    with timeouts_of_the_role(**TIMEOUTS), shared as pooler, behind(pooler, "transaction", settings):
        settings.DATABASE_DIRECT = {"HOST": str(pooler.folder), "PORT": 6432}
        assert pooler_fault() == "direct_is_pooled"


@pytest.mark.pooler
@pytest.mark.parametrize(
    "command",
    [
        ["-c", "import careerconnect.wsgi"],
        ["-c", "import careerconnect.asgi"],
        ["manage.py", "sweep_outbox"],
        ["-m", "celery", "-A", "careerconnect.celery:app", "worker", "-P", "solo"],
    ],
    ids=["wsgi", "asgi", "sweeper", "worker"],
)
def test_a_fault_refuses_every_start_and_says_what_to_set(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "staticfiles.json").write_text('{"paths": {"a": "b"}, "version": "1.1", "hash": ""}')
    with PgBouncer("transaction") as pooler:
        env = {**PRODUCTION, "PATH": os.environ["PATH"], "REDIS_URL": os.environ["REDIS_URL"]}
        env |= {"DATABASE_URL": pooler.url(connection.settings_dict["NAME"]), "STATIC_ROOT": str(tmp_path)}
        done = subprocess.run([sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert POOLER_FAULTS["pooler_not_named"] in done.stderr + done.stdout


@pytest.mark.pooler
def test_a_fault_is_told_by_readiness(settings: Any) -> None:
    with PgBouncer("transaction") as pooler, behind(pooler, "", settings):
        with pytest.raises(ImproperlyConfigured, match="DATABASE_POOLER"):
            require_usable_pooler()
        answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()["database"]) == (503, POOLER_FAULTS["pooler_not_named"])


@pytest.mark.pooler
def test_a_database_that_is_away_is_asked_again_later(settings: Any) -> None:
    with PgBouncer("session") as pooler, behind(pooler, "", settings):
        pooler.stop()
        require_usable_pooler()
    assert pooler_fault() == ""


@pytest.mark.pooler
def test_only_transaction_pooling_needs_a_direct_connection(settings: Any) -> None:
    def keeps_a_temporary_table() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE mine (id integer)")
            others = [psycopg2.connect(**connection.get_connection_params()) for _ in range(2)]
            for other in others:
                other.cursor().execute("SELECT 1")  # in a transaction: takes the connection, if it is shared
            cursor.execute("SELECT to_regclass('pg_temp.mine') IS NOT NULL")
            found = cursor.fetchone()[0]
            for other in others:
                other.close()
        return bool(found)

    shared = PgBouncer("transaction")
    with timeouts_of_the_role(**TIMEOUTS), shared as pooler, behind(pooler, "transaction", settings):
        assert not keeps_a_temporary_table()
        with direct_connection(), direct_connection():
            assert keeps_a_temporary_table()
            with connection.cursor() as cursor:
                cursor.execute("SHOW lock_timeout")
                assert cursor.fetchone() == ("3s",)
        assert connection.settings_dict["HOST"] == str(pooler.folder)
        with transaction.atomic(), pytest.raises(RuntimeError), direct_connection():
            pass
    before = connection.connection
    with direct_connection():
        assert connection.connection is before


@pytest.mark.parametrize(
    ("mode", "sends_timeouts", "server_side_cursors"),
    [("", True, True), ("session", False, True), ("transaction", False, False)],
)
def test_the_settings_of_connections_follow_the_pooler(
    mode: str, sends_timeouts: bool, server_side_cursors: bool
) -> None:
    env = {**PRODUCTION, "PATH": os.environ["PATH"], "REDIS_URL": "redis://a", "DATABASE_POOLER": mode}
    env |= {"DATABASE_URL": "postgres://a@/c?host=pooler", "DATABASE_DIRECT_URL": "postgres://a@/c?host=server"}
    said = "from careerconnect.settings.production import DATABASES, DATABASE_DIRECT; import json; print(json.dumps("
    said += "[[o['host'], 'options' in o, not d['DISABLE_SERVER_SIDE_CURSORS']] "
    said += "for d in (DATABASES['default'], DATABASE_DIRECT) for o in [d['OPTIONS']]]))"
    done = subprocess.run([sys.executable, "-c", said], cwd=ROOT, env=env, capture_output=True, text=True)
    assert json.loads(done.stdout) == [["pooler", sends_timeouts, server_side_cursors], ["server", True, True]]


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"DATABASE_POOLER": "statement"}, "DATABASE_POOLER"),
        ({"DATABASE_POOLER": "transaction"}, "DATABASE_DIRECT_URL"),
    ],
)
def test_production_names_wrong_settings_of_the_pooler(environment: dict[str, str], named: str) -> None:
    env = {**PRODUCTION, "PATH": os.environ["PATH"], "DATABASE_URL": "postgres://a@b/c", "REDIS_URL": "redis://a"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=env | environment, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert f"  {named}: " in done.stderr
