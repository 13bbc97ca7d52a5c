"""A real installation starts with everything it needs, or says what is missing. Nothing invented stands in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.test_compose import REQUIRED
from tools.checking import PRODUCTION

ROOT = Path(__file__).resolve().parents[2]
LEFT = {"PATH": os.environ["PATH"]}


def starts(code: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *code.split(" ", 1)], cwd=ROOT, env=LEFT | env, capture_output=True, text=True
    )


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        **PRODUCTION,
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "REDIS_URL": os.environ["REDIS_URL"],
        "STATIC_ROOT": str(tmp_path),
    }


def test_manage_means_a_real_installation_and_names_all_that_is_missing() -> None:
    done = starts("manage.py check", {})
    assert done.returncode != 0
    assert [name for name in REQUIRED if f"  {name}: " not in done.stderr] == []


def test_no_contact_is_invented(environment: dict[str, str]) -> None:
    words = "from accounts.policy.registry import Policy; p = Policy(); print(p.service_email, p.alumni_office_phone)"
    done = starts(f"-c import django; django.setup(); {words}", environment)
    assert done.stdout.split() == [environment["SERVICE_EMAIL"], *environment["SERVICE_PHONE"].split()], done.stderr


def test_the_host_that_people_type_must_be_allowed(environment: dict[str, str]) -> None:
    done = starts("manage.py check", environment | {"ALLOWED_HOSTS": "elsewhere.example.ac.uk"})
    assert done.returncode != 0
    assert "ALLOWED_HOSTS" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("server", ["wsgi", "asgi"])
def test_a_web_server_without_its_static_files_does_not_start(environment: dict[str, str], server: str) -> None:
    done = starts(f"-c import careerconnect.{server}", environment)
    assert done.returncode != 0
    assert "collectstatic" in done.stderr.splitlines()[-1]
