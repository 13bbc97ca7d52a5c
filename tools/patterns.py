"""Finds regular expressions that take more than linear time (`make check`).

Each pattern is run on texts built from its own parts: repetitions of what an unbounded quantifier matches, followed by
something that makes it fail. A pattern that takes over three times as long for twice the text is reported. Slow
patterns for which no such text can be built are not found.
"""

import ast
import importlib
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from re import _constants as ops  # type: ignore[attr-defined]  # CPython's own parser, which has no public name
from re import _parser as parser  # type: ignore[attr-defined]  # see above
from typing import Any

from tools.places import ROOT

CALLS = {"compile", "search", "match", "fullmatch", "sub", "subn", "findall", "finditer", "split"}
FIELDS = {"re_path", "RegexValidator", "RegexField"}
CHARACTERS = "a0 /.-_=?@<>&;:,()[]{}\"'#%+\\\n\t\r\0é"
ANCHORED = {"match", "fullmatch"}
SIZES, MOST_GROWTH = (8, 12, 16, 20, 24, 28, 32, 40, 48, *(64 << n for n in range(9))), 3.0
"""Begins with small steps, because a pattern that backtracks exponentially would not finish on 64 characters."""
PATIENCE = 0.02
"""Shorter measurements, in seconds, are ignored."""
ENDINGS = ("", "\0", "!", "\n!")


@dataclass(frozen=True, slots=True)
class Pattern:
    """`methods`: how the file uses the pattern. One that is only matched from the start is tested that way."""

    line: int
    said: str | bytes
    methods: frozenset[str]


def patterns_in(path: Path) -> Iterator[Pattern]:
    """Patterns built by an expression are evaluated in the loaded module."""
    tree = ast.parse(path.read_text())
    names = {id(node.value): node.targets[0] for node in ast.walk(tree) if isinstance(node, ast.Assign)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and (method := _method(node.func)):
            said = _value(node.args[0], path)
            if isinstance(said, (str, bytes)):
                name = names.get(id(node))
                used = _uses(tree, name.id) if method == "compile" and isinstance(name, ast.Name) else {method}
                yield Pattern(node.lineno, said, frozenset(used & ANCHORED if used <= ANCHORED else {"search", "sub"}))


def _method(called: ast.expr) -> str:
    """`sub` for `re.sub(…)`, `fullmatch` for the pattern of a route or field, empty for other calls."""
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "re":
        return called.attr if called.attr in CALLS else ""
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    return "fullmatch" if name in FIELDS else ""


def _uses(tree: ast.AST, name: str) -> set[str]:
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
    }
    return used or {"search"}


def _value(said: ast.expr, path: Path) -> object:
    if isinstance(said, ast.Constant):
        return said.value
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    try:
        code = compile(ast.Expression(said), str(path), "eval")
        return eval(code, dict(vars(importlib.import_module(module))))  # noqa: S307 - our own source
    except NameError:
        return None  # depends on a function's argument


def texts_for(pattern: str | bytes) -> Iterator[str]:
    """Texts that may be slow for this pattern when repeated."""
    said = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    for before, body in _repeats(parser.parse(said), ""):
        yield from (body, before + body, before)


def _repeats(items: Any, before: str) -> Iterator[tuple[str, str]]:
    for op, argument in items:
        if op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
            if argument[1] > 1_000:
                yield before, _sample(argument[2])
            yield from _repeats(argument[2], before)
        for inner in _inside(op, argument):
            yield from _repeats(inner, before)
        before += _sample([(op, argument)])


def _inside(op: Any, argument: Any) -> list[Any]:
    if op is ops.SUBPATTERN:
        return [argument[-1]]
    if op is ops.BRANCH:
        return list(argument[1])
    if op in (ops.ASSERT, ops.ASSERT_NOT):
        return [argument[1]]
    return [argument] if op is ops.ATOMIC_GROUP else []


def _sample(items: Any) -> str:
    """A short text that the pattern (approximately) matches."""
    text = ""
    for op, argument in items:
        if op is ops.LITERAL:
            text += chr(argument)
        elif op in (ops.IN, ops.NOT_LITERAL, ops.ANY):
            text += _one_of(op, argument)
        elif op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
            text += _sample(argument[2]) * min(max(argument[0], 1), 50)
        elif op is not ops.ASSERT_NOT:
            text += "".join(_sample(inner) for inner in _inside(op, argument)[:1])
    return text


def _one_of(op: Any, argument: Any) -> str:
    if op is ops.ANY:
        return "a"
    if op is ops.NOT_LITERAL:
        return next(each for each in CHARACTERS if ord(each) != argument)
    negated = argument[0][0] is ops.NEGATE
    named = [(kind, said) for kind, said in argument if kind in (ops.LITERAL, ops.RANGE)]
    own = "".join(chr(said if kind is ops.LITERAL else said[0]) for kind, said in named)
    for each in CHARACTERS + own:
        if any(_has(kind, said, each) for kind, said in argument) != negated:
            return each
    return "a"


def _has(kind: Any, said: Any, character: str) -> bool:
    if kind is ops.LITERAL:
        return bool(ord(character) == said)
    if kind is ops.RANGE:
        return bool(said[0] <= ord(character) <= said[1])
    if kind is ops.CATEGORY:
        name = str(said).removeprefix("CATEGORY_").lower()
        letter = {"digit": "d", "space": "s", "word": "w"}.get(name.removeprefix("not_"), "w")
        return re.match(f"\\{letter.upper() if name.startswith('not_') else letter}", character) is not None
    return False


def slow_text(pattern: Pattern) -> tuple[str, float] | None:
    """A text and how many times longer twice that text takes; None if none was found."""
    compiled: Any = re.compile(pattern.said)
    for seed in dict.fromkeys(text for text in texts_for(pattern.said) if text):
        for ending in ENDINGS:
            for method in sorted(pattern.methods):
                growth = _growth(compiled, method, seed, ending)
                if growth > MOST_GROWTH:
                    return seed[:40] + ending, growth
    return None


def _growth(compiled: Any, method: str, seed: str, ending: str) -> float:
    """Doubles the text until it is long or takes long."""
    before = 0.0
    for letters in SIZES:
        text = seed * (letters // len(seed) + 1) + ending
        took = _seconds(compiled, method, text)
        if took > PATIENCE and before:
            return min(took, _seconds(compiled, method, text)) / before
        before = took
    return 0


def _seconds(compiled: Any, method: str, text: str) -> float:
    """Measures CPU time of this process, so that a busy machine does not make patterns look slow."""
    said: Any = text.encode() if isinstance(compiled.pattern, bytes) else text
    given = (said[:0], said) if method == "sub" else (said,)
    began = time.process_time()
    getattr(compiled, method)(*given)
    return time.process_time() - began


def slow_patterns(paths: list[Path]) -> Iterator[str]:
    for path in paths:
        for pattern in patterns_in(path):
            if (found := slow_text(pattern)) is not None:
                text, growth = found
                place = f"{path.relative_to(ROOT)}:{pattern.line}"
                yield f"{place}: {pattern.said!r} takes {growth:.1f} times as long for twice {text!r}"


def main(apps: list[str]) -> int:
    paths = [path for app in apps for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]
    found = list(slow_patterns(paths))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    import django

    django.setup()
    sys.exit(main(sys.argv[1:]))
