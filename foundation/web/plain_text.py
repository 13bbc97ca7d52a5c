from collections.abc import Mapping
from typing import Any

from django.template import Context
from django.template.loader import get_template

SIGNATURE = "-- "
"""With its space, mail programs set off what follows (RFC 3676)."""


def render_plain(template: str, words: Mapping[str, Any]) -> str:
    """Renders a template of plain text, without escaping.

    Collapses empty lines, which template tags on lines of their own leave behind.
    """
    rendered = get_template(template).template.render(Context(dict(words), autoescape=False))  # type: ignore[attr-defined]  # Django's own template, which the backend's protocol does not declare
    lines = [line.rstrip() for line in rendered.strip().splitlines()]
    kept = [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]
    return "\n".join(SIGNATURE if line == "--" else line for line in kept) + "\n"
