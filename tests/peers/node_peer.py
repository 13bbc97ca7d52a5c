"""Starts a Node program that prints its port on its first line, and ends with us, however we end."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from urllib.request import Request, urlopen

HERE = Path(__file__).resolve().parent
PATIENCE_SECONDS = 30


class NodePeer:
    def __init__(self, program: str, *arguments: str) -> None:
        command = [_node(), str(HERE / program), *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HERE)
        assert self.process.stdout
        said = self.process.stdout.readline().strip()
        if not said.isdigit():
            self.stop()
            raise RuntimeError(f"{program} did not start; it said {said!r}")
        self.url = f"http://127.0.0.1:{said}"

    def tell(self, **what: object) -> None:
        """Sets what the next sign-in will be like."""
        body = json.dumps(what).encode()
        headers = {"Content-Type": "application/json"}
        with urlopen(Request(f"{self.url}/peer", body, headers, method="PUT"), timeout=PATIENCE_SECONDS):  # noqa: S310 - a server of the test's own
            pass

    def stop(self) -> None:
        if self.process.stdin:
            self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


def _node() -> str:
    """The system's Node, or the one that set-up installed."""
    brought = HERE.parents[1] / ".venv" / "bin" / "node"
    return "node" if not brought.exists() or _is_there("node") else str(brought)


def _is_there(program: str) -> bool:
    return any((Path(place) / program).exists() for place in os.environ.get("PATH", "").split(os.pathsep))
