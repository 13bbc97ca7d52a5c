"""Fills in the placeholders of a reply template.

Does not use Python's format language, which can reach into objects (`{user.password}`) and turn eight characters
(`{a:9e8}`) into a gigabyte of text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

PLACES = ("first_name", "adviser")
BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def problem_in(text: str) -> str:
    """Why this text cannot be saved, or an empty string.

    Only our placeholders are allowed; literal braces are doubled.
    """
    known = " and ".join(f"{{{name}}}" for name in PLACES)
    for found in BRACES.finditer(text):
        if found[0] in ("{", "}"):
            return "A brace is missing its other half. For a brace in the text, write {{ or }}."
        if found[1] is not None and found[1] not in PLACES:
            return f"We cannot fill in {found[0][:60]}. Use only {known}, with nothing else between the braces."
    return ""


def filled(text: str, words: Mapping[str, str]) -> str:
    """Never raises: unknown placeholders stay as written."""

    def piece(found: re.Match[str]) -> str:
        if found[0] in ("{{", "}}"):
            return found[0][0]
        return words.get(found[1], found[0]) if found[1] in PLACES else found[0]

    return BRACES.sub(piece, text)
