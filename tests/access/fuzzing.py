"""Requests with values that may break things, to every address, from somebody who is let in."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.db import transaction
from django.http import HttpResponse

from tests.access.asking import Caller, path_of
from tests.access.matrix import MatrixLine, lines
from tests.access.scene import Scene

SURROGATE = "\ud800"
VALUES = (
    *("\0", "a\0b", SURROGATE, f"a{SURROGATE}b", "\ufffe", "\u202e\u2066", "e\u0301" * 300, "\r\nSet-Cookie: a=b"),
    *(
        "",
        " ",
        "\x0b\x1f",
        "null",
        "true",
        "[]",
        "{}",
        "[",
        '"',
        "'",
        "\\",
        "%",
        "%s%n",
        "{0.__class__}",
        "{a!r:>9999999}",
    ),
    *("0", "-1", "1e309", "NaN", "Infinity", "-0.0", "٣", "１", "0x10", "1_000", str(2**31), str(2**63), "9" * 400),
    *("0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "31/12/9999", "99991231", "9999-W52-7", "-2026-01-01"),
    *(
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00+14:00",
        "2026-12-02T09:00:00",
        "9999-12-31 23:59",
        "24:00",
        "23:59:60",
    ),
    *("x" * 300, "Ω" * 1_200, "word " * 300, "<script>alert(1)</script>", "' OR 1=1 --", "../../etc/passwd"),
    *("//evil.example", "javascript:alert(1)", "amara@example.ac.uk\n", "a" * 250 + "@example.ac.uk", "+44" + "7" * 40),
)
ODD_JSON: tuple[Any, ...] = (
    *(None, True, [], {}, [[]], {"a": 1}, 10**400, -1, 1.5, 1e308, [1] * 500, {"": ""}, SURROGATE, "\0"),
)
NAMES = (
    *(
        "page",
        "day",
        "week",
        "first",
        "last",
        "next",
        "before",
        "q",
        "adviser",
        "mode",
        "start",
        "show",
        "field",
        "who",
    ),
    *("marked", "on", "person", "action", "template", "state", "category", "owner", "student", "from", "to", "type"),
    *(
        "limit",
        "offset",
        "when",
        "e",
        "o",
        "p",
        "all",
        "id__exact",
        "_changelist_filters",
        "_popup",
        "_to_field",
        "theme",
    ),
    *(
        "process",
        "code",
        "iss",
        "RelayState",
        "as_of",
        "rule",
        "key",
        "documents",
        "permission",
        "mark",
        "outcome",
        "into",
    ),
)


@dataclass(frozen=True)
class Odd:
    line: MatrixLine
    verb: str
    path: str
    body: bytes = b""
    content_type: str = ""

    def __str__(self) -> str:
        return f"{self.line} {self.verb} {self.path[:300]} {self.body[:600]!r}"


def odd_requests(scene: Scene, seed: int) -> Iterator[Odd]:
    """An endless sequence over all addresses, with both GET and POST where both are answered."""
    dice = random.Random(seed)
    asked = [(line, verb) for line in lines() for verb in ("GET", "POST") if line.verbs.get(verb)]
    while True:
        dice.shuffle(asked)
        for line, verb in asked:
            yield _odd(scene, line, verb, dice)


def _odd(scene: Scene, line: MatrixLine, verb: str, dice: random.Random) -> Odd:
    path = _path(scene, line, dice)
    if verb == "GET" or dice.random() < 0.2:
        said = {
            **scene.asks.get(line.asks, {}),
            **{dice.choice(NAMES): dice.choice(VALUES) for _ in range(dice.randint(1, 3))},
        }
        path += "?" + _encoded(said)[:1_900]
    if verb == "GET":
        return Odd(line, verb, path)
    body = {name: value for name, value in scene.body(line.named, line.sends).items() if not hasattr(value, "read")}
    for name in dice.sample(sorted(body) or ["text"], k=min(len(body) or 1, dice.randint(1, 3))):
        body[name] = dice.choice(VALUES if line.kind != "api" or dice.random() < 0.5 else ODD_JSON)
    if dice.random() < 0.2:
        body[dice.choice(NAMES)] = dice.choice(VALUES)
    if line.kind == "api":
        return Odd(line, verb, path, json.dumps(body).encode(), "application/json")
    return Odd(line, verb, path, _encoded(body).encode(), "application/x-www-form-urlencoded")


def _path(scene: Scene, line: MatrixLine, dice: random.Random) -> str:
    path = path_of(scene, line)
    if line.about and dice.random() < 0.1:
        real, _ = scene.ids(line.about)
        odd = quote(dice.choice(VALUES)[:300], safe="", errors="surrogatepass")
        return f"{path}/".replace(real, f"/{odd}/").removesuffix("/")
    return path


def _encoded(said: dict[str, Any]) -> str:
    pairs = ((name, each) for name, value in said.items() for each in (value if isinstance(value, list) else [value]))
    return "&".join(f"{quote(str(name))}={quote(str(each), safe='', errors='surrogatepass')}" for name, each in pairs)


def send_odd(visitor: Caller, odd: Odd) -> tuple[int, str]:
    """The status and what broke, if anything. Rolled back afterwards."""
    cookies = visitor.client.cookies.copy()
    with transaction.atomic():
        response: HttpResponse = visitor.client.generic(
            odd.verb, odd.path, odd.body, odd.content_type or "text/plain", headers=visitor.headers
        )
        if response.streaming:
            b"".join(response)
        transaction.set_rollback(True)
    visitor.client.cookies = cookies
    crashed = getattr(response, "exc_info", None)
    return response.status_code, repr(crashed[1]) if crashed else ""
