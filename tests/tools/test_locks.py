"""Lock files: hashes for everything, no registry address, and each larger lock contains the smaller one exactly."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).resolve().parents[2] / "requirements"


def pins(name: str) -> dict[str, str]:
    words = (REQUIREMENTS / f"{name}.txt").read_text()
    return dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", words, re.MULTILINE))


@pytest.mark.parametrize("name", ["runtime", "s3", "demo", "dev", "node", "deploy"])
def test_python_lock_is_hashed_and_names_no_host(name: str) -> None:
    words = (REQUIREMENTS / f"{name}.txt").read_text()
    assert not re.search(r"https?:/{2}|--(?:extra-)?(?:index|find)-(?:url|links)", words)
    for block in re.split(r"\n(?=[a-z0-9])", words):
        assert "--hash=sha256:" in block or block.startswith("#"), block.splitlines()[0]


def test_bigger_locks_hold_the_smaller_ones() -> None:
    assert pins("runtime").items() <= pins("demo").items()
    assert pins("runtime").items() <= pins("s3").items() <= pins("dev").items()
    assert pins("demo").items() <= pins("dev").items()


def test_boto3_comes_only_for_s3() -> None:
    """`make run` and installations that store files in a folder do not install it."""
    with_it = {name for name in ("runtime", "s3", "demo") if "boto3" in pins(name)}
    assert with_it == {"s3"}


def test_front_end_lock_names_no_host() -> None:
    packages = json.loads((REQUIREMENTS.parent / "package-lock.json").read_text())["packages"]
    assert all("resolved" not in each for each in packages.values())
    assert all("integrity" in each for name, each in packages.items() if name and not each.get("inBundle"))


def test_identity_providers_of_the_tests_are_no_part_of_the_portal() -> None:
    """`make run` and the image do not install them (`npm ci --omit=dev`)."""
    packages = json.loads((REQUIREMENTS.parent / "package-lock.json").read_text())["packages"]
    for name in ("oidc-provider", "samlp", "express", "jose"):
        assert packages[f"node_modules/{name}"].get("dev"), name
    assert not packages["node_modules/htmx.org"].get("dev")
