"""Reads and writes `[Content_Types].xml`, which gives the type of every part of a package (ECMA-376 part 2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote
from xml.sax.saxutils import quoteattr

from documents.inspection.markup import HEAD, local, parsed
from documents.inspection.unfit import TYPE, Unfit

NAMESPACE = "http://schemas.openxmlformats.org/package/2006/content-types"
MAIN_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACROS = ("macroenabled", "vbaproject")


@dataclass(slots=True)
class ContentTypes:
    """`defaults` by extension, `overrides` by part name; both keys in lower case."""

    defaults: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The values also hold the part name as written."""

    @classmethod
    def of(cls, data: bytes | None) -> ContentTypes:
        if data is None:
            raise Unfit(TYPE)
        made = cls()
        for each in parsed(data):
            kind = each.get("ContentType", "")
            if local(each.tag) == "Default":
                made.defaults[each.get("Extension", "").lower()] = kind
            elif local(each.tag) == "Override":
                name = each.get("PartName", "").lstrip("/")
                made.overrides[unquote(name).casefold()] = (name, kind)
        return made

    def has_macros(self) -> bool:
        kinds = [*self.defaults.values(), *(kind for _, kind in self.overrides.values())]
        return any(word in kind.lower() for kind in kinds for word in MACROS)

    def of_part(self, name: str) -> str:
        said = self.overrides.get(unquote(name).casefold())
        return said[1] if said else self.defaults.get(name.rpartition(".")[2].lower(), "")

    def add_default(self, extension: str, kind: str) -> None:
        self.defaults.setdefault(extension, kind)

    def written(self, parts: dict[str, bytes]) -> bytes:
        """The XML for these parts only."""
        extensions = {name.rpartition(".")[2].lower() for name in parts} | {"rels", "xml"}
        names = {unquote(name).casefold() for name in parts}
        rows = [
            f"<Default Extension={quoteattr(extension)} ContentType={quoteattr(kind)}/>"
            for extension, kind in self.defaults.items()
            if extension in extensions
        ]
        rows += [
            f"<Override PartName={quoteattr('/' + name)} ContentType={quoteattr(kind)}/>"
            for key, (name, kind) in self.overrides.items()
            if key in names
        ]
        return HEAD + f'<Types xmlns="{NAMESPACE}">{"".join(rows)}</Types>'.encode()
