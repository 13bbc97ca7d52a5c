"""While a new version is rolled out, the code of the one before works on the new schema (docs/upgrading.md)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from appointments.models import Booking
from tests.cast import assemble
from tests.factories import PASSWORD
from tests.tools.earlier_version import NoHistory, earlier_version, unpack
from tools.places import ROOT

SIGN_IN_AND_BOOK = """
import sys
import django
django.setup()
from django.test import Client
email, password, type = sys.argv[1:]
client = Client()
signed_in = client.post("/accounts/login/", {"login": email, "password": password})
assert signed_in.status_code == 302, signed_in.content
assert client.get("/").status_code == 200
free = client.get("/api/v1/free-times/", {"type": type}).json()["results"][0]
del free["shown"]
booked = client.post("/api/v1/bookings/", {**free, "help_wanted": "My CV"}, content_type="application/json")
assert booked.status_code == 201, booked.content
assert client.get("/health/ready").status_code == 200
print(booked.json()["id"])
"""


@pytest.mark.django_db(transaction=True)
def test_the_earlier_version_signs_in_and_books_on_todays_schema(tmp_path: Path) -> None:
    try:
        version = earlier_version(ROOT)
    except NoHistory as reason:
        if os.environ.get("CAREERCONNECT_HISTORY_TESTS") == "required":
            raise
        pytest.skip(str(reason))
    unpack(ROOT, version, tmp_path)
    cast = assemble()
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    env = {**os.environ, "DATABASE_URL": database.geturl(), "DJANGO_SETTINGS_MODULE": "careerconnect.settings.test"}
    command = [sys.executable, "-c", SIGN_IN_AND_BOOK, cast.student.email, PASSWORD, cast.type.slug]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode == 0, f"{version}: {done.stderr[-3000:]}"
    booking = Booking.objects.get(public_id=done.stdout.strip())
    browser = Client()
    browser.force_login(cast.student)
    assert browser.get(reverse("booking_detail", args=[booking.public_id])).status_code == 200


def git(folder: Path, *arguments: str) -> str:
    own = ["-c", "user.name=A", "-c", "user.email=a@example.ac.uk", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *own, *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Three commits; the second is the one that the file names."""
    folder = tmp_path / "clone"
    folder.mkdir()
    git(folder, "init", "--quiet")
    for number in range(3):
        (folder / "code.py").write_text(f"VERSION = {number}\n")
        git(folder, "add", ".")
        git(folder, "commit", "--quiet", "--message", str(number))
    (tmp_path / "named.txt").write_text(f"# a comment\n{git(folder, 'rev-parse', 'HEAD~1')}\n")
    return folder


def test_the_newest_tag_is_the_earlier_version(clone: Path, tmp_path: Path) -> None:
    named = tmp_path / "named.txt"
    assert earlier_version(clone, named) == git(clone, "rev-parse", "HEAD~1")
    git(clone, "tag", "v1.9.0", "HEAD~2")
    git(clone, "tag", "v1.10.0", "HEAD~1")
    git(clone, "tag", "v2.0.0", "HEAD")  # this version: it has no migrations after itself
    assert earlier_version(clone, named) == "v1.10.0"
    unpack(clone, "v1.9.0", tmp_path / "unpacked")
    assert (tmp_path / "unpacked" / "code.py").read_text() == "VERSION = 0\n"


def test_a_clone_without_history_says_so(clone: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{clone}", "shallow")
    with pytest.raises(NoHistory, match="--unshallow"):
        earlier_version(tmp_path / "shallow", tmp_path / "named.txt")
    with pytest.raises(NoHistory, match="not a git clone"):
        earlier_version(tmp_path, tmp_path / "named.txt")
