"""Every page of the scene, as the first person who may see it sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from lxml import html

from tests.access.asking import Caller, path_of
from tests.access.matrix import MatrixLine, lines
from tests.access.scene import Scene
from tests.wording.fixed_scene import PREFERENCE

FORMS = "//main//form[@method='post'][not(ancestor::*[@id='messages'])]"


def people_of(line: MatrixLine, verb: str) -> list[str]:
    return [person for person in PREFERENCE if person in line.verbs.get(verb, ())]


def address_of(scene: Scene, line: MatrixLine) -> str:
    asked = urlencode(scene.asks.get(line.asks, {}))
    return f"{path_of(scene, line)}?{asked}" if asked else path_of(scene, line)


@dataclass(frozen=True)
class PageShown:
    """A page of the scene, as the first person who may see it sees it."""

    name: str
    person: str
    address: str
    tree: Any

    @property
    def forms(self) -> list[Any]:
        return list(self.tree.xpath(FORMS))


def tree_of(answer: Any) -> Any:
    body = b"" if answer.streaming or "text/html" not in answer["Content-Type"] else answer.content.strip()
    return html.fromstring(body.decode()) if body else None


def pages_shown(scene: Scene) -> Iterator[PageShown]:
    for line in (each for each in lines() if each.kind == "page" and people_of(each, "GET")):
        person, address = people_of(line, "GET")[0], address_of(scene, line)
        with transaction.atomic():
            answer = Caller(person, scene.people.get(person)).client.get(address)
            tree = tree_of(answer)
            transaction.set_rollback(True)
        if answer.status_code == 200 and tree is not None:
            yield PageShown(line.route.name, person, address, tree)
