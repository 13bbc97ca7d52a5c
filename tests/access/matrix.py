"""Reads docs/access.yaml and the URL resolver. Every route must have a line, and every line a route."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.urls import URLPattern, URLResolver, get_resolver

FILE = Path(__file__).parents[2] / "docs" / "access.yaml"
VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OF_PAGES = ("GET", "POST")
TABLE_ACTIONS = {
    "changelist": ("look", "look"),
    "history": ("look", "look"),
    "add": ("add", "add"),
    "change": ("look", "change"),
    "delete": ("delete", "delete"),
}
"""For each page of a model in the admin: the permission needed for GET and for POST."""

UNNAMED = {
    "admin/(?P<url>.*)$": "/admin/no/such/thing/",
    "^api/(?!v1$)": "/api/nothing/here",
    "api/v1/": "/api/v1/nothing/here",
}


@dataclass(frozen=True)
class Route:
    """A URL of the resolver. A route without a name is known by its pattern."""

    name: str
    pattern: str
    view: Any

    @property
    def key(self) -> str:
        return self.name or self.pattern


@dataclass(frozen=True)
class MatrixLine:
    """One line of the matrix, for one route. `verbs` lists the people let in for each verb."""

    route: Route
    named: str
    kind: str
    verbs: dict[str, frozenset[str]]
    door: frozenset[str]
    beside: frozenset[str]
    """Verbs that other lines of the same route cover."""

    refused: int = 404
    but: dict[str, int] = field(default_factory=dict)
    about: str = ""
    asks: str = ""
    sends: str = ""
    public: bool = False
    half_signed_in: bool = False
    nothing: bool = False

    def __str__(self) -> str:
        more = [self.about, self.asks and f"?{self.asks}", self.sends and f"<{self.sends}>"]
        return " ".join(filter(None, [self.route.key, *more]))

    def expected(self, verb: str, person: str) -> str:
        """ok, login or a status. `closed` for a verb that is not listed: any answer except success."""
        if self.kind == "page" and verb not in OF_PAGES:
            return "405"
        if person in self.verbs.get(verb, ()):
            return "ok"
        if self.half_signed_in:
            return "login"
        if self.nothing and self.kind == "api":
            return "404"
        if verb not in self.verbs and self.verbs:
            return "405" if person in self.door else "closed"
        if person in self.door:
            return str(self.but.get(person, self.refused))
        if person == "anonymous" and not self.public:
            return "401" if self.kind == "api" else "login"
        return "403" if self.kind == "api" else "404"


@cache
def document() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(FILE.read_text())
    return read


def people() -> list[str]:
    return list(document()["people"])


@cache
def group(words: str) -> frozenset[str]:
    """People in an expression such as `owner + careers_staff`."""
    return frozenset(person for name in words.split("+") for person in document()["who"][name.strip()])


def routes() -> list[Route]:
    return list(_walk(get_resolver(), (), ""))


def _walk(resolver: URLResolver, namespaces: tuple[str, ...], before: str) -> Iterator[Route]:
    for each in resolver.url_patterns:
        pattern = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield Route(":".join([*namespaces, each.name]) if each.name else "", pattern, each.callback)
        else:
            yield from _walk(each, (*namespaces, each.namespace) if each.namespace else namespaces, pattern)


def keyed_routes() -> list[tuple[str, Route]]:
    """Routes with their key in the matrix. An API URL without its trailing slash has the same key."""
    every = routes()
    named = {route.pattern: route.name for route in every if route.name}
    return [(route.name or named.get(f"{route.pattern}/", route.pattern), route) for route in every]


def entries() -> dict[str, list[dict[str, Any]]]:
    """The entries of the file, by key."""
    read = document()
    said: dict[str, list[dict[str, Any]]] = {}
    for section, kind in (("pages", "page"), ("demonstration", "page"), ("api", "api"), ("leftovers", "api")):
        for key, found in read[section].items():
            said[key] = [{"kind": kind, **entry} for entry in (found if isinstance(found, list) else [found])]
    for page, entry in read["administration"]["pages"].items():
        key = "admin/(?P<url>.*)$" if page == "anything_else" else f"admin:{page}"
        said[key] = [{"kind": "page", **entry}]
    for table, allowed in read["administration"]["tables"].items():
        said |= _table(table, allowed)
    return said


def _table(table: str, allowed: dict[str, bool]) -> dict[str, list[dict[str, Any]]]:
    app, _, model = table.partition("_")
    common = {"kind": "page", "refused": 403, "door": "administrators"}
    row = {"about": f"row_of_{table}"}
    said: dict[str, list[dict[str, Any]]] = {}
    for page, needs in TABLE_ACTIONS.items():
        verbs = {
            verb: "administrators" if allowed.get(need) else "nobody"
            for verb, need in zip(OF_PAGES, needs, strict=True)
        }
        about = {} if page in ("changelist", "add") else row
        said[f"admin:{table}_{page}"] = [{**common, **about, **verbs}]
    said[f"admin/{app}/{model}/<path:object_id>/"] = [
        {**common, **row, "GET": "administrators", "POST": "administrators"}
    ]
    return said


def lines() -> list[MatrixLine]:
    said, found = entries(), []
    for key, route in keyed_routes():
        mine = said.get(key, [])
        verbs = {verb for entry in mine for verb in VERBS if verb in entry}
        found += [_line(route, key, entry, verbs) for entry in mine]
    return found


def _line(route: Route, named: str, entry: dict[str, Any], known: set[str]) -> MatrixLine:
    said = dict(entry)
    verbs = {verb: group(said.pop(verb)) for verb in VERBS if verb in entry}
    door = group(said.pop("door")) if "door" in entry else frozenset().union(*verbs.values())
    return MatrixLine(route=route, named=named, verbs=verbs, door=door, beside=frozenset(known - set(verbs)), **said)


def unnamed_path(route: Route, ids: dict[str, Any]) -> str:
    if route.pattern in UNNAMED:
        return UNNAMED[route.pattern]
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(ids[found[1]]), route.pattern)
