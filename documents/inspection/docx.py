"""Makes the copy of a Word document: only the parts that its text refers to, each written anew (ECMA-376).

Starting at the package, follows relations of known kinds. Everything else stays out of the copy: code, embedded files,
other programs' data, leftovers.
"""

from dataclasses import dataclass, field, replace

from documents.inspection.docx_kinds import (
    DRAWINGS,
    EMPTIED,
    FONTS,
    GONE,
    LINK,
    MACROS,
    PICTURES,
    REFUSED,
    XML,
    left_over,
)
from documents.inspection.docx_parts import clean_part
from documents.inspection.docx_types import MAIN_KIND, ContentTypes
from documents.inspection.images import picture
from documents.inspection.links import NOWHERE, is_elsewhere, is_kept
from documents.inspection.markup import written
from documents.inspection.package import read_package, write_package
from documents.inspection.relations import Relation, relations, relations_of, target_of, written_relations
from documents.inspection.svg import clean_svg
from documents.inspection.taken_out import CleanCopy, TakenOut
from documents.inspection.unfit import ACTIVE, TYPE, UNREADABLE, Unfit

PACKAGE = ""


def copy_docx(content: bytes) -> CleanCopy:
    """Raises Unfit if it is not a Word document, has macros, needs a password or cannot be read."""
    copying = Copying(read_package(content))
    copying.run()
    return CleanCopy(write_package(copying.parts_written()), tuple(sorted(copying.taken_out)))


@dataclass(slots=True)
class Copying:
    given: dict[str, bytes]
    names: dict[str, str] = field(default_factory=dict)
    types: ContentTypes = field(default_factory=ContentTypes)
    parts: dict[str, bytes] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    """New part names of pictures that were converted to another format."""
    taken_out: set[TakenOut] = field(default_factory=set)
    left: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def run(self) -> None:
        self.names = {name.casefold(): name for name in self.given}
        self.types = ContentTypes.of(self.given.get("[Content_Types].xml"))
        if self.types.has_macros() or any(MACROS in name for name in self.names):
            raise Unfit(ACTIVE)
        self.relations_of(PACKAGE)
        if not any(self.types.of_part(name) == MAIN_KIND for name in self.seen):
            raise Unfit(TYPE)
        while self.left:
            self.part(self.left.pop())
        for name in self.given.keys() - self.seen:
            self.note(left_over(name))

    def part(self, name: str) -> None:
        """Copies an XML part: first what it refers to, then the part itself."""
        gone = self.relations_of(name)
        root, taken_out = clean_part(self.given[name], gone)
        self.taken_out |= taken_out
        self.parts[name] = written(root)

    def relations_of(self, source: str) -> dict[str, str]:
        """Copies the relations to keep, and returns the others: kinds by id."""
        said = self.names.get(relations_of(source).casefold())
        if said is None:
            return {}
        kept, gone = [], {}
        for each in relations(self.given[said]):
            found = self.relation(each, source)
            if found is None:
                gone[each.id] = each.kind
            else:
                kept.append(found)
        self.parts[relations_of(source)] = written_relations(kept)
        return gone

    def relation(self, relation: Relation, source: str) -> Relation | None:
        kind = relation.kind
        if kind in REFUSED:
            raise Unfit(ACTIVE)
        if kind == LINK:
            return self.link(relation)
        target = "" if relation.external else target_of(relation, source, self.names)
        if kind in GONE:
            self.seen.add(target)
            self.note(GONE[kind](relation))
            return None
        if not target:
            if relation.external or is_elsewhere(relation.target):
                self.note(TakenOut.REMOTE)
            return None
        if kind in PICTURES:
            return self.picture(relation, target)
        if not self.part_is_kept(kind, target):
            self.seen.add(target)
            self.note(TakenOut.OBJECT)
            return None
        return relation

    def note(self, what: TakenOut | None) -> None:
        if what is not None:
            self.taken_out.add(what)

    def link(self, relation: Relation) -> Relation:
        if is_kept(relation.target) or relation.target == NOWHERE or (not relation.target and not relation.external):
            return relation
        self.note(TakenOut.LINK)
        return replace(relation, target=NOWHERE, external=True)

    def part_is_kept(self, kind: str, target: str) -> bool:
        if kind in EMPTIED:
            self.parts[target] = EMPTIED[kind]
        elif kind in FONTS:
            if not target.lower().endswith(FONTS[kind]):
                return False
            self.parts[target] = self.given[target]
        elif kind not in XML:
            return False
        elif target not in self.seen:
            self.left.append(target)
        self.seen.add(target)
        return True

    def picture(self, relation: Relation, target: str) -> Relation | None:
        if target not in self.seen:
            self.seen.add(target)
            self.one_picture(target)
        name = self.renamed.get(target, target)
        if name not in self.parts:
            return None
        return relation if name == target else replace(relation, target=f"/{name}")

    def one_picture(self, target: str) -> None:
        data = self.given[target]
        try:
            if target.lower().endswith(DRAWINGS):
                self.parts[target], taken_out = clean_svg(data)
                self.taken_out |= taken_out
                return
            made, extension = picture(data)
        except ValueError:
            self.note(TakenOut.PICTURE)
            return
        name = f"{target}.{extension}" if extension else target
        if extension and name.casefold() in self.names:
            raise Unfit(UNREADABLE)
        self.parts[name] = made
        if extension:
            self.renamed[target] = name
            self.types.add_default(extension, f"image/{extension}")

    def parts_written(self) -> dict[str, bytes]:
        return {"[Content_Types].xml": self.types.written(self.parts), **self.parts}
