"""What the launcher prints and leaves behind when things go wrong, run as a person would run it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tools.processes import MARK, marked, running

ROOT = Path(__file__).resolve().parents[2]

HOLD_SERVICES = """
from tools.services import ThrowAwayServices
import time
with ThrowAwayServices() as services:
    print(services.postgres.child.process.pid, services.valkey.child.process.pid, services.sockets, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL", "MAKELEVEL")}
    return {**kept, "CAREERCONNECT_DATA": str(tmp_path / "data"), "PORT": "8000"}


def launch(verb: str, env: dict[str, str], root: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools", verb]
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, timeout=60)


def assert_one_sentence(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 1, done.stdout + done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert all(word in lines[0] for word in words), lines[0]


def wait_until(true: Callable[[], object], patience: float = 15) -> bool:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return False


def test_port_taken(env: dict[str, str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = launch("run", {**env, "PORT": str(port)})
    assert_one_sentence(done, str(port), "taken")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("port", ["here", "0", "70000"])
def test_invalid_port(env: dict[str, str], port: str) -> None:
    assert_one_sentence(launch("run", {**env, "PORT": port}), port)


def test_unknown_verb(env: dict[str, str]) -> None:
    assert launch("dance", env).returncode == 2


def test_python_too_old() -> None:
    words = (ROOT / "tools" / "__main__.py").read_text()
    pretend = f"import sys; sys.version_info = (3, 9, 2)\nexec(compile({words!r}, 'x', 'exec'))"
    done = subprocess.run([sys.executable, "-c", pretend], capture_output=True, text=True)
    assert_one_sentence(done, "3.11", "3.9")


@pytest.mark.parametrize("verb", ["run", "reset", "seed"])
def test_second_launcher_over_the_same_data_is_refused(env: dict[str, str], tmp_path: Path, verb: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        env["PORT"] = str(free.getsockname()[1])
    with (data / "launch.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = launch(verb, env)
    assert_one_sentence(done, "CareerConnect is")


def test_reset_ends_what_a_killed_launcher_left_and_removes_the_data(env: dict[str, str], tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "postgres").mkdir(parents=True)
    (data / "secret_key").write_text("old")
    (data / "running.json").write_text(json.dumps({"launch": "a-test", "sockets": "-", "addresses": {}}))
    orphan = subprocess.Popen(["sleep", "60"], env={**os.environ, MARK: "a-test"})
    try:
        assert wait_until(lambda: marked("a-test"), 5)
        done = launch("reset", env)
        assert done.returncode == 0, done.stderr
        assert "interrupted" in done.stdout
        assert orphan.wait(5) == -signal.SIGTERM
    finally:
        orphan.kill()
    assert [each.name for each in data.iterdir()] == ["launch.lock"]


def test_files_of_a_database_are_in_its_data_folder(env: dict[str, str], tmp_path: Path) -> None:
    """Two demonstrations of one checkout need separate tombstones: each other's would make them “not ready”."""
    tell = "from tools.portal import demo_environment as e; d = e({}); print(d['DOCUMENTS_ROOT'], d['RETENTION_ROOT'])"
    (tmp_path / "data").mkdir()
    done = subprocess.run([sys.executable, "-c", tell], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(tmp_path / "data" / "documents"), str(tmp_path / "data" / "retention")]


NEEDS_DATA = ("run", "reset", "seed", "manage", "bench", "test")


@pytest.fixture
def free(env: dict[str, str]) -> dict[str, str]:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    return {**env, "PORT": str(port), "CMD": "check"}


@pytest.mark.parametrize("verb", NEEDS_DATA)
def test_data_that_is_a_file(free: dict[str, str], tmp_path: Path, verb: str) -> None:
    (tmp_path / "data").write_text("in the way")
    assert_one_sentence(launch(verb, free), str(tmp_path / "data"), "should be a folder")


@pytest.mark.parametrize("verb", ["run", "test"])
def test_data_inside_a_file(free: dict[str, str], tmp_path: Path, verb: str) -> None:
    (tmp_path / "plain").write_text("in the way")
    free["CAREERCONNECT_DATA"] = str(tmp_path / "plain" / "data")
    assert_one_sentence(launch(verb, free), str(tmp_path / "plain"), "should be a folder")


@pytest.mark.parametrize("verb", ["run", "seed"])
def test_data_that_is_a_loop_of_links(free: dict[str, str], tmp_path: Path, verb: str) -> None:
    (tmp_path / "data").symlink_to(tmp_path / "data")
    assert_one_sentence(launch(verb, free), str(tmp_path / "data"))


@pytest.mark.parametrize("name", ["launch.lock", "secret_key", "running.json"])
def test_file_of_the_launcher_that_is_a_folder(free: dict[str, str], tmp_path: Path, name: str) -> None:
    (tmp_path / "data" / name / "inside").mkdir(parents=True)
    done = launch("run" if name == "launch.lock" else "reset", free)
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 1


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may read, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="cc-open-") as place:
        Path(place).chmod(0o755)
        yield Path(place)


@pytest.mark.parametrize("verb", ["run", "reset", "seed", "manage"])
def test_data_of_somebody_else(free: dict[str, str], open_folder: Path, verb: str) -> None:
    """As an ordinary user, because root may write anywhere."""
    data = open_folder / "data"
    data.mkdir(mode=0o755)
    (data / "launch.lock").write_text("")
    if os.geteuid() != 0:
        data.chmod(0o500)
        (data / "launch.lock").chmod(0o400)
    elif not shutil.which("setpriv"):
        pytest.skip("root needs setpriv to become somebody else")
    command = ["setpriv", "--reuid=65533", "--regid=65533", "--clear-groups"] if os.geteuid() == 0 else []
    command += [sys.executable, "-m", "tools", verb]
    shutil.copytree(ROOT / "tools", open_folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    free["CAREERCONNECT_DATA"] = str(data)
    free.pop("LD_PRELOAD", None)  # a moved clock writes to shared memory, which may belong to another user
    done = subprocess.run(command, cwd=open_folder, env=free, capture_output=True, text=True, timeout=60)
    assert_one_sentence(done, str(data), "cannot be written by you")


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="only root may mount a small disk")
@pytest.mark.parametrize(("options", "words"), [("size=64k", "full"), ("ro", "read-only")], ids=["full", "read-only"])
def test_data_on_a_read_only_or_full_disk(free: dict[str, str], tmp_path: Path, options: str, words: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    fill = f"; head -c 100000 /dev/zero >{data}/fill 2>/dev/null" if options != "ro" else ""
    script = f"mount -t tmpfs -o {options} none {data} || exit 77{fill}; exec {sys.executable} -m tools run"
    command = ["unshare", "--mount", "sh", "-c", script]
    done = subprocess.run(command, cwd=ROOT, env=free, capture_output=True, text=True, timeout=60)
    if done.returncode == 77:
        pytest.skip("this machine allows no mounts")
    assert_one_sentence(done, words)


@pytest.mark.skipif(not shutil.which("setpriv"), reason="the kernel is asked through setpriv")
def test_killed_launcher_leaves_no_process_and_the_next_one_clears_up(env: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD_SERVICES]
    holder = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    assert holder.stdout
    postgres, valkey, sockets = holder.stdout.readline().split()
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert wait_until(lambda: not running(int(postgres)) and not running(int(valkey)))
    left = tmp_path / "data" / "throw-away"
    assert len(list(left.iterdir())) == 1

    again = "from tools.services import ThrowAwayServices\nwith ThrowAwayServices(): pass"
    subprocess.run([sys.executable, "-c", again], cwd=ROOT, env=env, check=True, timeout=60)
    assert not list(left.iterdir())
    assert not Path(sockets).exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs a user namespace")
def test_root_without_user_namespaces(env: dict[str, str], tmp_path: Path) -> None:
    unshare = tmp_path / "bin" / "unshare"
    unshare.parent.mkdir()
    unshare.write_text("#!/bin/sh\nexit 1\n")
    unshare.chmod(0o755)
    start = (
        "from tools.verbs import main; import tools.run as r; r.set_up = lambda: None; raise SystemExit(main(['run']))"
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        env["PORT"] = str(free.getsockname()[1])
    path = f"{unshare.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, "-c", start], cwd=ROOT, env={**env, "PATH": path}, capture_output=True, text=True
    )
    assert_one_sentence(done, "root", "normal user", "DATABASE_URL")
    assert not (tmp_path / "data" / "postgres").exists()


def test_first_start_without_a_network_leaves_nothing_half_made(env: dict[str, str], tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    for name in ("tools", "requirements"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0", "PIP_FIND_LINKS": ""}
    with socket.create_server(("127.0.0.1", 0)) as free:
        env["PORT"] = str(free.getsockname()[1])
    done = launch("run", {**env, **nowhere, "PIP_NO_CACHE_DIR": "1", "PIP_CONFIG_FILE": os.devnull}, copy)
    assert_one_sentence(done, "network")
    assert not list(copy.glob(".venv*"))
