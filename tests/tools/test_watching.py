"""What the launcher does with processes that die or hang. They are real, and started as the launcher starts them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from foundation.process import deadlines
from tools import run as launcher
from tools import watching
from tools.output import LauncherError
from tools.postgres import Postgres
from tools.services import Services
from tools.valkey import Valkey
from tools.watching import SILENT_FOR, TOO_OFTEN, YOUNG, Reply, Watch, ask, start

WORKING = Reply(200, {"status": "working", "late": []})
DATABASE_AWAY = Reply(503, None)
SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
PARTS = ("web", "worker", "beat", "sweeper")


class Watched:
    """A watch over sleeping processes; `answer` is what the portal would report."""

    def __init__(self, postgres: Postgres | None = None, valkey: Valkey | None = None) -> None:
        self.answer: Reply | None = WORKING
        commands = dict.fromkeys(PARTS, SLEEP)
        env = dict(os.environ)
        self.children = {name: start(name, command, env) for name, command in commands.items()}
        services = cast(Services, SimpleNamespace(postgres=postgres, valkey=valkey))
        self.watch = Watch(self.children, commands, env, services, lambda: self.answer)

    def pid(self, name: str) -> int:
        return self.children[name].process.pid

    def pids(self) -> dict[str, int]:
        return {name: self.pid(name) for name in PARTS}

    def grow_old(self) -> None:
        self.watch.since = dict.fromkeys(PARTS, time.monotonic() - YOUNG - 1)

    def ask(self, times: int) -> None:
        for _ in range(times):
            self.watch.ask()


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Watched]]:
    (tmp_path / "logs").mkdir()
    monkeypatch.setattr(watching, "DATA", tmp_path)
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    made: list[Watched] = []

    def build(**services: Any) -> Watched:
        made.append(Watched(**services))
        return made[-1]

    yield build
    for each in made:
        for child in each.children.values():
            child.stop(0)


def test_part_that_dies_is_started_again_and_no_other(watched: Callable[..., Watched], capsys: Any) -> None:
    watch = watched()
    before = watch.pids()
    os.kill(before["beat"], signal.SIGKILL)
    watch.children["beat"].process.wait()
    watch.watch.look()
    after = watch.pids()
    assert {name for name in PARTS if after[name] != before[name]} == {"beat"}
    assert "The beat stopped" in capsys.readouterr().err


def test_part_that_dies_again_and_again_is_given_up(watched: Callable[..., Watched]) -> None:
    watch = watched()

    def die() -> None:
        watch.children["beat"].stop(0)
        watch.watch.look()

    for _ in range(TOO_OFTEN - 1):
        die()
    with pytest.raises(LauncherError, match="The beat keeps stopping"):
        die()


@pytest.mark.parametrize("name", ["worker", "beat", "sweeper"])
def test_part_with_a_late_heartbeat_is_started_again(watched: Callable[..., Watched], name: str) -> None:
    watch = watched()
    before = watch.pids()
    watch.answer = Reply(503, {"status": "stopped", "late": [name]})
    watch.ask(3)
    assert watch.pids() == before  # it has just started: its first heartbeat may still come
    watch.grow_old()
    os.kill(before[name], signal.SIGSTOP)
    watch.ask(2)
    after = watch.pids()
    assert {each for each in PARTS if after[each] != before[each]} == {name}


def test_web_server_that_answers_nothing_is_started_again(watched: Callable[..., Watched]) -> None:
    watch = watched()
    before = watch.pids()
    watch.answer = None
    watch.ask(SILENT_FOR - 1)
    watch.answer = WORKING
    watch.ask(1)
    watch.answer = None
    watch.ask(SILENT_FOR - 1)
    assert watch.pids() == before
    watch.ask(1)
    assert watch.pid("web") != before["web"]
    assert watch.pid("worker") == before["worker"]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_valkey_that_dies_is_started_again_in_its_place(
    watched: Callable[..., Watched], own_valkey: Valkey, how: signal.Signals
) -> None:
    watch, port = watched(valkey=own_valkey), own_valkey.port
    assert own_valkey.child
    os.kill(own_valkey.child.process.pid, how)
    own_valkey.child.process.wait()
    watch.watch.look()
    assert own_valkey.answers(2)
    assert own_valkey.port == port


def test_valkey_that_hangs_is_started_again(watched: Callable[..., Watched], own_valkey: Valkey) -> None:
    watch = watched(valkey=own_valkey)
    assert own_valkey.child
    hung = own_valkey.child.process.pid
    os.kill(hung, signal.SIGSTOP)
    watch.ask(SILENT_FOR)
    assert own_valkey.child.process.pid != hung
    assert own_valkey.answers(2)


def test_valkey_that_cannot_start_is_tried_again_and_told_once(
    watched: Callable[..., Watched], own_valkey: Valkey, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(watching, "TRY_AGAIN", 0.0)
    watch = watched(valkey=own_valkey)
    assert own_valkey.child
    own_valkey.child.stop()
    with socket.create_server(("127.0.0.1", own_valkey.port), reuse_port=False):
        for _ in range(3):
            watch.watch.look()
    said = capsys.readouterr().err
    assert said.count("Valkey stopped") == said.count("could not start") == 1
    watch.watch.look()
    assert own_valkey.answers(2)


def test_redis_of_ones_own_is_named(watched: Callable[..., Watched], capsys: Any) -> None:
    watch = watched()
    watch.ask(SILENT_FOR * 2)
    assert capsys.readouterr().err.count("REDIS_URL") == 1


def test_database_of_ones_own_is_named(watched: Callable[..., Watched], own_valkey: Valkey, capsys: Any) -> None:
    watch = watched(valkey=own_valkey)
    watch.answer = DATABASE_AWAY
    watch.ask(SILENT_FOR * 2)
    assert capsys.readouterr().err.count("DATABASE_URL") == 1


def test_postgres_that_dies_or_hangs_is_started_again_in_its_place(
    watched: Callable[..., Watched], own_valkey: Valkey, tmp_path: Path
) -> None:
    sockets = Path(tempfile.mkdtemp(prefix="cc-watch-"))
    postgres = Postgres(tmp_path / "pg", sockets, log=tmp_path / "postgres.log", throw_away=True)
    try:
        postgres.start()
        watch = watched(postgres=postgres, valkey=own_valkey)
        for how in (signal.SIGKILL, signal.SIGSTOP):
            assert postgres.child
            before = postgres.child.process.pid
            os.kill(before, how)
            if how == signal.SIGKILL:
                postgres.child.process.wait()
                watch.watch.look()
            else:
                watch.answer = DATABASE_AWAY
                watch.ask(SILENT_FOR)
            assert postgres.child.process.pid != before
            answer = postgres._psql("select 1", "careers")
            assert answer.stdout.strip() == "1", answer.stderr
    finally:
        postgres.stop()
        shutil.rmtree(sockets)


def test_no_answer_is_none() -> None:
    assert ask("127.0.0.1", 1, "/health/work") is None


def test_launcher_starts_what_is_watched_as_compose_does() -> None:
    commands = dict(launcher.parts(8000, {}))
    assert set(commands) == set(PARTS)
    worker, sweeper = commands["worker"], commands["sweeper"]
    assert int(worker[worker.index("-c") + 1]) == deadlines.WORKERS
    assert int(sweeper[-1]) <= deadlines.SWEEPER_PAUSE
