"""The text of a page or message, one block per line, as somebody reads or hears it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html

from foundation.values.public_ids import ALPHABET

SKIPPED = {"script", "style", "template", "svg"}
INLINE = {
    "a",
    "abbr",
    "b",
    "bdi",
    "br",
    "code",
    "em",
    "i",
    "kbd",
    "mark",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "time",
    "u",
}
SPOKEN = ("aria-label", "alt", "placeholder", "title")
BREAK = "\x00"
MASKS = {
    r"\b\d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d\b": "[day and time]",
    rf"\b[{ALPHABET}]{{12}}\b": "[id]",
    r"\b\d{8}\b": "[code]",
    r"\b[A-Z2-7]{32}\b": "[key]",
    r"\b[0-9a-f]{64}\b": "[digest]",
    r"\b\d+ % of the disk\b": "[number] % of the disk",
}
"""Text that differs in each run, and times set by the database itself, which tests cannot stop.

Also masks any word of twelve letters that could be an id.
"""


def words_of(page: str, part: str = "//main") -> str:
    """Headings show their level. Attributes that are read aloud are in brackets."""
    tree = html.fromstring(page)
    return masked("\n".join(line for each in tree.xpath(part) for line in lines_of(each)) + "\n")


def masked(text: str) -> str:
    for pattern, instead in MASKS.items():
        text = re.sub(pattern, instead, text)
    return text


def title_of(page: str) -> str:
    return masked(" ".join("".join(html.fromstring(page).xpath("//head/title//text()")).split()))


def lines_of(element: html.HtmlElement) -> Iterator[str]:
    for line in "".join(said(element)).split(BREAK):
        if line.strip():
            yield re.sub(r"\s+", " ", line).strip()


def said(element: html.HtmlElement) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in SKIPPED:
        return
    apart = BREAK if element.tag not in INLINE else ""
    yield apart
    if element.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        yield "#" * int(element.tag[1]) + " "
    for name in SPOKEN:
        if element.get(name):
            yield f" [{element.get(name)}] "
    yield element.text or ""
    for child in element:
        yield from said(child)
        yield child.tail or ""
    yield BREAK if element.tag == "br" else apart
