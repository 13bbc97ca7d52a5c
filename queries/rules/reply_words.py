"""The words of a reply template, with its places filled in. Not Python's format language: that reaches into objects
(`{user.password}`), and eight characters of it (`{a:9e8}`) make a text of a gigabyte."""

from __future__ import annotations

import re
from collections.abc import Mapping

PLACES = ("first_name", "adviser")
BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def problem_in(text: str) -> str:
    """Why these words cannot be saved, or nothing. A brace in the text is written twice; a place is one of ours."""
    known = " and ".join(f"{{{name}}}" for name in PLACES)
    for found in BRACES.finditer(text):
        if found[0] in ("{", "}"):
            return "A brace is missing its other half. For a brace in the text, write {{ or }}."
        if found[1] is not None and found[1] not in PLACES:
            return f"We cannot fill in {found[0][:60]}. Use only {known}, with nothing else between the braces."
    return ""


def filled(text: str, words: Mapping[str, str]) -> str:
    """Never raises: what is not one of our places stays as it is written."""

    def piece(found: re.Match[str]) -> str:
        if found[0] in ("{{", "}}"):
            return found[0][0]
        return words.get(found[1], found[0]) if found[1] in PLACES else found[0]

    return BRACES.sub(piece, text)
