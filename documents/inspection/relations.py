"""The relationship parts of a Word document (ECMA-376 part 2): which part refers to what, inside and outside."""

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote
from xml.sax.saxutils import quoteattr

from documents.inspection.markup import HEAD, parsed

NAMESPACE = "http://schemas.openxmlformats.org/package/2006/relationships"


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
    return [
        Relation(
            each.get("Id", ""),
            each.get("Type", ""),
            each.get("Target", ""),
            each.get("TargetMode", "Internal") != "Internal",
        )
        for each in parsed(data).iter(f"{{{NAMESPACE}}}Relationship")
    ]


def relations_of(part: str) -> str:
    """The name of the relationship part of `part`, or of the package if `part` is empty."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def target_of(relation: Relation, source: str, names: dict[str, str]) -> str:
    """The part that an internal relation refers to, or an empty string.

    `names`: existing part names by their `casefold`.
    """
    target = relation.target.partition("#")[0]
    for said in (target, unquote(target)):
        path = posixpath.normpath(posixpath.join("/", posixpath.dirname(source), said)).lstrip("/")
        if path.casefold() in names:
            return names[path.casefold()]
    return ""


def written_relations(kept: Iterable[Relation]) -> bytes:
    rows = "".join(
        f"<Relationship Id={quoteattr(each.id)} Type={quoteattr(each.type)} Target={quoteattr(each.target)}"
        + (' TargetMode="External"/>' if each.external else "/>")
        for each in kept
    )
    return HEAD + f'<Relationships xmlns="{NAMESPACE}">{rows}</Relationships>'.encode()
