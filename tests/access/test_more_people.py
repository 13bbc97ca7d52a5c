"""People who have no column in the matrix: suspended ones, and staff without a second factor.

Also: no demonstration.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import clear_url_caches, reverse

import careerconnect.urls
from accounts.models import AccountStatus, User
from accounts.operations.api_tokens import issue_api_token
from accounts.sign_in.second_factor import ALLOWED_ROUTES as ON_THE_WAY
from tests.access.asking import CallAnswer, Caller, ask, everything
from tests.access.matrix import MatrixLine, document, lines
from tests.access.scene import SECRETS, Scene

pytestmark = pytest.mark.policy("SEC-1", "SEC-4", "DATA-6")


def cells(kinds: tuple[str, ...] = ("page", "api")) -> Iterator[tuple[MatrixLine, str]]:
    for line in lines():
        if line.kind in kinds and line.named not in document()["demonstration"]:
            yield from ((line, verb) for verb in line.verbs)


def says_a_secret(answer: CallAnswer) -> bool:
    said = answer.body + answer.headers.encode()
    return any(words.encode() in said for words in SECRETS.values())


def suspend(person: User) -> None:
    """Suspends the person between two of their requests."""
    User.objects.filter(pk=person.pk).update(account_status=AccountStatus.SUSPENDED, is_active=False)


OF_THE_CLOSED = (
    "account_suspended",
    "account_inactive",
    "theme_choose",
    "brand_css",
    "health_live",
    "health_ready",
    "health_retention",
    "health_work",
)


def test_the_suspended_see_whom_to_contact_and_nothing_else(scene: Scene) -> None:
    """Checks the next request to every address, by the student who owns nearly everything in the scene."""
    person = scene.people["student"]
    browser = Caller("student", person)
    program = Caller("student", person, issue_api_token(user=person, name="A program", by=person))
    suspend(person)
    wrong = []
    for line, verb in cells():
        for visitor in (browser, program) if line.kind == "api" else (browser,):
            answer = ask(scene, visitor, line, verb)
            led_there = answer.status == 302 and answer.where == reverse("account_suspended")
            shut = led_there or answer.status in (401, 403, 404, 405)
            if answer.writes or says_a_secret(answer) or not (shut or line.named in OF_THE_CLOSED or is_public(line)):
                wrong.append(f"{verb} {line}: {answer.status} {answer.where}")
    assert wrong == []


def is_public(line: MatrixLine) -> bool:
    """Is this an API endpoint that anybody may read without authentication?"""
    return line.kind == "api" and "anonymous" in line.verbs.get("GET", ())


@pytest.mark.parametrize("person", ["adviser", "careers_manager", "information_governance", "administrator"])
def test_staff_without_a_second_factor_can_only_set_one_up(scene: Scene, settings: Any, person: str) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = True
    visitor, before, wrong = Caller(person, scene.people[person]), everything(), []
    for line, verb in cells():
        if line.named in ON_THE_WAY:
            continue
        answer = ask(scene, visitor, line, verb, keep=True)
        led_there = answer.status == 302 and answer.where == reverse("second_factor_enrol")
        if not (led_there or answer.status in (403, 404, 405)) or says_a_secret(answer):
            wrong.append(f"{verb} {line}: {answer.status} {answer.where}")
    assert wrong == []
    assert everything() == before


ANSWERED_OTHERWISE = {
    "self_check_in": "says that the code is old, whatever is wrong with it",
    "version_delete": "a version that is gone is what was asked for",
    "rule_withdraw": "leads to the audience, where it would be seen",
    "account_reset_password_from_key": "says that the link does not work, whatever is wrong with it",
}


def test_each_id_in_a_url_is_checked(scene: Scene) -> None:
    """If a URL has two ids and one of them is wrong, the answer must be the same as if neither existed."""
    wrong = []
    for line, verb in cells():
        ids = scene.about.get(line.about, {})
        inside = sorted(line.verbs[verb] - {"anonymous"})
        if len(ids) < 2 or not inside:
            continue
        visitor = Caller(inside[0], scene.people[inside[0]])
        for name, value in ids.items():
            nothing = 987_654 if isinstance(value, int) else "zzzzzzzzzzzz"
            scene.about["changed"] = {**ids, name: nothing}
            answer = ask(scene, visitor, MatrixLine(**{**vars(line), "about": "changed"}), verb)
            fine = answer.status == 404 or line.named in ANSWERED_OTHERWISE
            if not fine or answer.writes:
                wrong.append(f"{verb} {line} without {name}: {answer.status}")
    assert not wrong, "\n".join(wrong)


def test_demonstration_pages_exist_only_in_the_demonstration(settings: Any, db: None) -> None:
    there = [line.route.pattern.split("<")[0] for line in lines() if line.named in document()["demonstration"]]
    assert there
    settings.DEMONSTRATION = False
    importlib.reload(careerconnect.urls)
    clear_url_caches()
    try:
        client = Client()
        assert {client.get(f"/{pattern}").status_code for pattern in there} == {404}
        assert client.get("/policies/").status_code == 200
    finally:
        settings.DEMONSTRATION = True
        importlib.reload(careerconnect.urls)
        clear_url_caches()
