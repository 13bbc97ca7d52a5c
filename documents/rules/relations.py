"""The relationship parts of a Word document (ECMA-376 part 2): what refers to what, inside and outside."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from documents.rules.unfit import unreadable

NAMESPACE = "http://schemas.openxmlformats.org/package/2006/relationships"
EXTERNAL_ALLOWED = frozenset({"hyperlink", "attachedTemplate"})
"""Links, of which only web and mail addresses are kept; and the template, of which nothing is kept."""
KEPT_LINKS = re.compile(r"(https?://|mailto:|tel:|#)", re.I)


@dataclass(frozen=True, slots=True)
class Relation:
    id: str
    type: str
    target: str
    external: bool

    @property
    def kind(self) -> str:
        return self.type.rpartition("/")[2]


def relations(data: bytes) -> list[Relation]:
    """Of a part that has no document type (`docx.check_parts` has seen to that), so entities cannot grow."""
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 - see above
    except ElementTree.ParseError:
        raise unreadable() from None
    return [
        Relation(each.get("Id", ""), each.get("Type", ""), each.get("Target", ""), each.get("TargetMode") == "External")
        for each in root.iter(f"{{{NAMESPACE}}}Relationship")
    ]


def written(kept: Iterable[Relation]) -> bytes:
    rows = "".join(
        f"<Relationship Id={quoteattr(each.id)} Type={quoteattr(each.type)} Target={quoteattr(each.target)}"
        + (' TargetMode="External"/>' if each.external else "/>")
        for each in kept
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<Relationships xmlns="{NAMESPACE}">{rows}</Relationships>'.encode()
