"""Every snapshot belongs to an existing test that compares wording."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.test_house import ROOT, tracked
from tests.wording.snapshot_files import SNAPSHOTS

Place = tuple[str, str]
"""The path of a snapshot below `SNAPSHOTS`, and the test that it belongs to."""

ENTRY = re.compile(r"^# name: (.+)$", re.MULTILINE)
NUMBER = re.compile(r"\.\d+$")
"""The suffix of the second and further snapshots of a test."""
COLLECT = ("-m", "pytest", "--collect-only", "-q", "-m", "wording", "-p", "no:cacheprovider")


def kept(folder: Path) -> Iterator[Place]:
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        place = path.relative_to(folder)
        if path.suffix == ".ambr":
            yield from ((str(place.with_suffix("")), plain(name)) for name in ENTRY.findall(path.read_text()))
        else:
            yield str(place.parent), plain(path.stem)


def comparing() -> set[Place]:
    """The tests that compare wording.

    Asks pytest, since only it knows the parameters of tests. Takes about ten seconds.
    """
    modules = [str(path.relative_to(ROOT)) for path in tracked("tests/*.py") if "snapshot" in path.read_text()]
    modules = [module for module in modules if Path(module).name.startswith("test_")]
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, *COLLECT, *modules]
    said = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout
    return {place_of(*line.split("::")) for line in said.splitlines() if "::" in line}


def place_of(module: str, *names: str) -> Place:
    path = Path(module)
    own_files = path.parent.name == "wording"
    return path.stem if own_files else f"{path.parent.name}/{path.stem}", plain(".".join(names))


def plain(name: str) -> str:
    """File names leave out some characters."""
    return re.sub(r"\W", "", NUMBER.sub("", name))


def test_each_snapshot_belongs_to_a_test() -> None:
    found = comparing()
    assert len(found) > 100
    assert [each for each in kept(SNAPSHOTS) if each not in found] == []


def test_all_snapshots_are_in_one_folder() -> None:
    elsewhere = [path for path in tracked("tests/*") if path.suffix == ".ambr" or "__snapshots__" in path.parts]
    assert [path for path in elsewhere if SNAPSHOTS not in path.parents] == []


def test_stored_snapshots_are_read(tmp_path: Path) -> None:
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal/test_home.ambr").write_text("# name: TestHome.test_a[x y]\n  'x'\n# ---\n# name: test_b.1\n")
    (tmp_path / "test_pages").mkdir()
    (tmp_path / "test_pages/test_page[a.b].txt").write_text("A page")
    assert list(kept(tmp_path)) == [
        place_of("tests/portal/test_home.py", "TestHome", "test_a[x y]"),
        place_of("tests/portal/test_home.py", "test_b"),
        place_of("tests/wording/test_pages.py", "test_page[a.b]"),
    ]


EMPTY = re.compile(r"^# name: (.+)\n  list\(\[\n  \]\)", re.MULTILINE)


def test_no_snapshot_is_empty() -> None:
    """A test that no longer finds its lines would match an empty snapshot."""
    assert [name for path in SNAPSHOTS.rglob("*.ambr") for name in EMPTY.findall(path.read_text())] == []
