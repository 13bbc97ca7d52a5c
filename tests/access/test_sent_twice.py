"""Every form that makes something: pressed twice, or sent again after Back, it makes one."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from accounts.models import AuditEntry, CountedEvent, Draft
from foundation.values.public_ids import new_public_id
from tests.access.asking import Caller, path_of
from tests.access.matrix import MatrixLine, lines
from tests.access.scene import Scene
from tests.access.shown import PageShown, people_of

HIDDEN = {"once", "version"}
NOT_MADE = {each._meta.db_table for each in (AuditEntry, CountedEvent, Draft, Session)}
"""What every request may add to: that something was read or tried, and that somebody is signed in."""

AGAIN = {
    "account_reset_password": "a second link; the newest works",
    "api_token_create": "a token is shown once, so the second press shows another; both are listed and can be revoked",
    "case_report_edit": "saves the same words again, and the log says that it was saved",
    "colleague_invite": "a second link; the earlier one stops working",
    "copy_names": "builds the copy again",
    "copy_rebuild": "builds the copy again",
    "dry_run_start": "counts again, and deletes nothing",
    "keep_access": "a second link to the same address",
}
"""Forms that do it again on purpose, and why nobody is misled."""

NOT_SHOWN = {"note_create", "rights_request_note"}
"""Forms that no page of the scene shows in its state; their pages are asked in the tests of notes and requests."""


def rows() -> Counter[str]:
    tables = sorted({each._meta.db_table for each in apps.get_models() if each._meta.managed} - NOT_MADE)
    counts = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in tables)  # noqa: S608 - names of our tables
    with connection.cursor() as cursor:
        cursor.execute(counts)
        return Counter(dict(cursor.fetchall()))


def hidden_by_path(shown: list[PageShown]) -> dict[str, dict[str, str]]:
    """By address of a form: what its hidden fields say on the first page that has it."""
    found: dict[str, dict[str, str]] = {}
    for page in shown:
        for form in page.forms:
            said = {name: value for name, value in form.form_values() if name in HIDDEN}
            buttons = [each.get("formaction") for each in form.xpath(".//button[@formaction]")]
            for address in [form.get("action") or page.address, *buttons]:
                found.setdefault(urlsplit(address).path, said)
    return found


def made_again(scene: Scene, line: MatrixLine, said: dict[str, Any]) -> list[str] | None:
    """The tables that grew when the form was sent a second time; None if the first time made nothing."""
    visitor, body = (
        Caller(people_of(line, "POST")[0], scene.people[people_of(line, "POST")[0]]),
        scene.body(line.named, line.sends),
    )
    with transaction.atomic():
        before = rows()
        visitor.client.post(path_of(scene, line), {**body, **said})
        once = rows()
        visitor.client.post(path_of(scene, line), {**body, **said})
        twice = rows()
        transaction.set_rollback(True)
    return sorted(twice - once) if once - before else None


def test_a_form_sent_twice_makes_one(scene: Scene, shown: list[PageShown]) -> None:
    hidden, makes, again = hidden_by_path(shown), set(), []
    for line in (each for each in lines() if each.kind == "page" and people_of(each, "POST")):
        key = {"once": new_public_id()} if line.route.name in NOT_SHOWN else {}
        tables = made_again(scene, line, hidden.get(path_of(scene, line), key))
        makes |= set() if tables is None else {line.route.name}
        again += [f"{line.route.name}: {', '.join(tables)}"] if tables and line.route.name not in AGAIN else []
    assert not again, "\n".join(again)
    assert len(makes) > 25
