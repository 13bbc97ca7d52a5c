"""Types the commands of a documentation page into a shell, as its reader would."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Collection, Mapping
from pathlib import Path

from tools.places import ROOT

BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)

OF_ONE_PROCESS = ("_", "SHLVL", "PWD", "OLDPWD", "FAKETIME_SHARED")


def commands_of(page: str, heading: str) -> list[str]:
    """The shell blocks under a heading, up to the next heading of the same level or a higher one."""
    text = (ROOT / "docs" / page).read_text()
    level = heading.partition(" ")[0]
    assert text.count(f"\n{heading}\n") == 1, heading
    section = re.split(rf"^#{{1,{len(level)}}} ", text.partition(f"\n{heading}\n")[2], flags=re.MULTILINE)[0]
    found = BLOCK.findall(section)
    assert found, f"{page} has no commands under “{heading}”"
    return found


class Terminal:
    """One shell: variables set by a block are there for the next.

    `instead` replaces what a reader replaces, and `done` names lines that are not run because their effect is there.
    """

    def __init__(self, env: Mapping[str, str], instead: Mapping[str, str], done: Collection[str], state: Path) -> None:
        self.env, self.instead, self.done, self.state = dict(env), instead, done, state
        self.left_out: set[str] = set()

    def type(self, block: str, answers: str = "") -> str:
        self.left_out |= {line for line in block.splitlines() if line in self.done}
        lines = [line for line in block.splitlines() if line not in self.done]
        script = self.as_meant("\n".join([*lines, f"env --null > {self.state}", ""]))
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=ROOT, env=self.env, input=answers, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, f"{block}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        pairs = (each.partition("=") for each in self.state.read_text().split("\0") if each)
        self.env = {name: value for name, _, value in pairs if name not in OF_ONE_PROCESS}
        return done.stdout

    def as_meant(self, commands: str) -> str:
        for said, meant in self.instead.items():
            commands = commands.replace(said, meant)
        return commands


def own_environment(path: Path) -> dict[str, str]:
    """What a fresh login has: nothing of the tests’ settings, but their clock."""
    kept = ("HOME", "LANG", "LD_PRELOAD", "FAKETIME", "DONT_FAKE_MONOTONIC", "NO_FAKE_STAT")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "PATH": f"{path}{os.pathsep}{os.environ['PATH']}"
    }
