"""An undefined variable in one of our templates fails the test that renders it.

Django prints nothing for a name missing from the context, so a mistyped or forgotten one is easily overlooked. `{% if
%}` and `{% firstof %}` may still use missing names: this is how components read optional arguments (docs/design.md). A
loop over an undefined name fails too. Templates of Django and other packages are not checked.

Expressions are replaced while a template is compiled, when its file is known, so this must be loaded before the first
template.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, defaulttags
from django.template.base import FilterExpression, Origin, Parser, Token, Variable, VariableDoesNotExist
from django.template.defaulttags import ForNode, do_for

TEMPLATES = str(Path(__file__).resolve().parents[2] / "templates") + "/"

undefined: list[str] = []
"""All those met, in any thread of this process: code that catches every error must not hide one."""


class UndefinedVariable(Exception):
    """One of our templates uses a name, attribute or key that is missing from its context."""


class StrictVariable:
    """Raises where Django would print nothing."""

    def __init__(self, variable: Variable, origin: Origin) -> None:
        self.variable, self.origin = variable, origin

    def resolve(self, context: Context) -> Any:
        try:
            return self.variable.resolve(context)
        except VariableDoesNotExist as missing:
            said = f"{self.variable.var} in {self.origin.template_name}"
            undefined.append(said)
            raise UndefinedVariable(said) from missing


class StrictExpression(FilterExpression):
    __slots__ = ("lenient",)

    def __init__(self, token: str, parser: Parser) -> None:
        super().__init__(token, parser)
        self.lenient = FilterExpression(token, parser)
        if self.is_var:
            self.var = StrictVariable(self.var, parser.origin)

    def resolve(self, context: Context, ignore_failures: bool = False) -> Any:
        return self.lenient.resolve(context, True) if ignore_failures else super().resolve(context)


class Required:
    """The sequence of a loop: Django treats an undefined one as empty."""

    def __init__(self, expression: FilterExpression) -> None:
        self.expression = expression

    def resolve(self, context: Context, ignore_failures: bool = False) -> Any:
        return self.expression.resolve(context)


def compile_strictly(parser: Parser, token: str) -> FilterExpression:
    return StrictExpression(token, parser) if is_ours(parser.origin) else FilterExpression(token, parser)


def strict_for(parser: Parser, token: Token) -> ForNode:
    loop = do_for(parser, token)
    if is_ours(parser.origin):
        loop.sequence = Required(loop.sequence)
    return loop


def is_ours(origin: Origin | None) -> bool:
    return origin is not None and str(origin.name).startswith(TEMPLATES)


Parser.compile_filter = compile_strictly
defaulttags.register.tags["for"] = strict_for


@pytest.fixture(autouse=True)
def no_undefined_variable() -> Iterator[None]:
    undefined.clear()
    yield
    assert undefined == [], "a template of ours uses what its context has not got"
