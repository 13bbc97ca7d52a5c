"""What pages say after a form is sent, empty and correctly filled in."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.urls import resolve
from lxml import html
from syrupy.assertion import SnapshotAssertion

from tests.access.asking import Caller, path_of
from tests.access.matrix import MatrixLine, lines
from tests.access.scene import Scene
from tests.wording.fixed_scene import PREFERENCE
from tests.wording.test_pages import file_name
from tests.wording.visible_text import lines_of, masked

pytestmark = pytest.mark.django_db

TOLD = "//*[@id='messages']/*[contains(@class, 'alert')]"
ANSWERS = "//main//*[contains(@class, 'error-summary')] | //main//*[contains(@class, 'confirmation')]"


def sent_to() -> dict[str, MatrixLine]:
    found = [line for line in lines() if line.kind == "page" and line.verbs.get("POST")]
    return {file_name(line): line for line in found if not line.named.startswith("admin")}


def answer_to(scene: Scene, callers: dict[str, Caller], line: MatrixLine, body: dict[str, object]) -> str:
    """The final URL and the messages there. Refusals are in test_refusals.py."""
    person = next(each for each in PREFERENCE if each in line.verbs["POST"])
    client = callers[person].client
    cookies, query = client.cookies.copy(), urlencode(scene.asks.get(line.asks, {}))
    with transaction.atomic():
        response = client.post(f"{path_of(scene, line)}?{query}", body, follow=True)
        transaction.set_rollback(True)
    client.cookies = cookies
    said = [f"To {person}: {response.status_code} {resolve(response.request['PATH_INFO']).view_name}"]
    if "text/html" in response.headers["Content-Type"] and response.content.strip():
        page = html.fromstring(response.content.decode())
        said += [f"Told: {each.get('class')}" for each in page.xpath(TOLD)]  # their text is in test_refusals.py
        said += [line for each in page.xpath(ANSWERS) for line in lines_of(each)]
    return masked("\n".join(said)) + "\n"


@pytest.mark.parametrize("name", sent_to())
def test_answer(name: str, scene: Scene, callers: dict[str, Caller], snapshot: SnapshotAssertion) -> None:
    line = sent_to()[name]
    nothing = answer_to(scene, callers, line, {})
    filled_in = answer_to(scene, callers, line, scene.body(line.named, line.sends))
    words = f"Nothing filled in\n{nothing}\nFilled in\n{filled_in}"
    assert ": 500 " not in words, "renewing a snapshot must not keep a fault"
    assert words == snapshot
