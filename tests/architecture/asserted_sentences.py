"""Finds tests that repeat a sentence of the product.

The wording of pages, messages and refusals is stored once, in `tests/wording/snapshots`; a test that repeats it must
change with every sentence. This finds strings of four words or more (or of two and a full stop) in an `assert`, in
`match=`, in the parameters of a test or in a Playwright locator, if four words in a row (or all words of a shorter one)
also occur in a template or in a string of the product's Python. Addresses and codes do not count.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path

from tests.architecture.test_house import ROOT, tracked
from tools.places import PACKAGES

RUN = 4
LOCATORS = {
    "get_by_text", "get_by_role", "get_by_label", "get_by_placeholder", "get_by_title", "get_by_alt_text", "filter",
    "locator", "to_contain_text", "to_have_text", "to_have_title", "to_have_accessible_name", "assertContains",
    "parametrize", "param",
}  # fmt: skip
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
TAG = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}|<[^>]*>", re.DOTALL)
QUOTED_IN_TAG = re.compile(r"""{%.*?%}""", re.DOTALL)
QUOTED = re.compile(r"""="([^"]*)"|"([^"]*)\"""")


@dataclass(frozen=True)
class Repeated:
    """A string in a test that also occurs in the product."""

    path: Path
    test: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line} {self.test}: {self.text!r}"


def words(text: str) -> list[str]:
    return [each.replace("’", "'").lower() for each in WORD.findall(text)]


def runs(said: list[str], length: int = RUN) -> Iterator[tuple[str, ...]]:
    return (tuple(said[at : at + length]) for at in range(len(said) - length + 1))


def is_sentence(text: str) -> bool:
    """Words with spaces between them, not an address or a code."""
    if "://" in text:
        return False
    length = min(len([each for each in words(text) if len(each) > 1]), len(text.split()))
    return length >= RUN or (length >= 2 and text.rstrip().endswith("."))


@cache
def said_by_product() -> frozenset[tuple[str, ...]]:
    """All runs of two, three and four words in templates and strings."""
    found: set[tuple[str, ...]] = set()
    for text in product_texts():
        for length in (2, 3, RUN):
            found.update(runs(words(text), length))
    return frozenset(found)


def product_texts() -> Iterator[str]:
    for path in tracked("templates/*"):
        source = path.read_text()
        yield from (unescape(each) for each in TAG.split(source))
        for tag in QUOTED_IN_TAG.findall(source):
            yield from (first or second for first, second in QUOTED.findall(tag))
        yield from (each for each in re.findall(r'="([^"{]*)"', source))
    for app in set(PACKAGES) - {"demo"}:  # its texts are examples of what people type
        for path in tracked(f"{app}/*.py"):
            if "migrations" not in path.parts:
                yield from (text for _, text in strings(ast.parse(path.read_text())))


def strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """All strings except docstrings and other bare strings."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.lineno, node.value


def repeated_in(path: Path) -> list[Repeated]:
    return list(repeated_in_source(path, path.read_text()))


def repeated_in_source(path: Path, source: str) -> Iterator[Repeated]:
    seen: set[tuple[int, str]] = set()
    for function, node in asserting(ast.parse(source)):
        for line, text in strings(node):
            if is_sentence(text) and is_said(text) and (line, text) not in seen:
                seen.add((line, text))
                yield Repeated(path, function, line, text)


def is_said(text: str) -> bool:
    said = words(text)
    return any(run in said_by_product() for run in runs(said, min(RUN, len(said))))


def asserting(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Assert):
                    yield function.name, node.test
                if isinstance(node, ast.Call) and called(node) in LOCATORS:
                    yield function.name, node
                if isinstance(node, ast.keyword) and node.arg == "match":
                    yield function.name, node.value


def called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def repeated() -> list[Repeated]:
    return [
        found
        for path in tracked("tests/*.py")
        if path.parts[-2] not in ("wording", "architecture")
        for found in repeated_in(path)
    ]
