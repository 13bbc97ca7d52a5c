"""Cleans one XML part of a Word document: removes what runs, what is fetched, and references to parts not in the
copy."""

from documents.inspection.fields import clean_fields
from documents.inspection.links import is_kept, is_path
from documents.inspection.markup import Element, elements, local, namespace, parsed, remove
from documents.inspection.taken_out import TakenOut

REFERENCES = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
GONE = {
    "attachedTemplate": None,
    "dataBinding": None,
    "docVars": None,
    "imgProps": None,
    "printerSettings": None,
    "schemaLibrary": None,
    "attachedSchema": None,
    "entryMacro": None,
    "exitMacro": None,
    "control": TakenOut.OBJECT,
    "externalData": TakenOut.OBJECT,
    "objectEmbed": TakenOut.OBJECT,
    "objectLink": TakenOut.OBJECT,
    "OLEObject": TakenOut.OBJECT,
    "altChunk": TakenOut.REMOTE,
    "frameset": TakenOut.REMOTE,
    "mailMerge": TakenOut.REMOTE,
    "saveThroughXslt": TakenOut.REMOTE,
    "subDoc": TakenOut.REMOTE,
    "movie": TakenOut.MEDIA,
    "webVideoPr": TakenOut.MEDIA,
    "webextensionref": TakenOut.ADD_IN,
}
"""Elements that are always removed, by local name.

With `dataBinding` Word would show the data, which is not in the copy, instead of the text.
"""
GONE_WITH_THEIR_CHOICE = frozenset({"model3d", "webextensionref"})
"""`mc:AlternateContent` contains a picture instead, for programs that do not support these."""
PART_OF_A_PICTURE = frozenset({"blip", "imagedata", "fill", "stroke", "svgBlip", "hlinkClick", "hlinkHover", "shape"})
"""These elements stay and lose only the reference."""
LINKS = frozenset({"href", "althref"})
RUNS = frozenset({"macro", "action"})
PATHS = frozenset({"src", "descr", "title"})


def clean_part(data: bytes, gone: dict[str, str]) -> tuple[Element, set[TakenOut]]:
    """`gone`: kinds, by id, of relations that were removed. Raises Unfit if the part is not well-formed."""
    root = parsed(data)
    taken_out: set[TakenOut] = set()
    for each in elements(root):
        _clean(each, gone, taken_out)
    return root, taken_out | clean_fields(root)


def _clean(each: Element, gone: dict[str, str], taken_out: set[TakenOut]) -> None:
    name = local(each.tag)
    if name in GONE:
        what = GONE[name]
        if what is not None:
            taken_out.add(what)
        _remove(each, name)
        return
    for key, value in each.attrib.items():
        if namespace(key) in REFERENCES:
            if value in gone and not _forget(each, name, key):
                return
        else:
            _attribute(each, key, value, taken_out)


def _forget(each: Element, name: str, key: str) -> bool:
    """Removes the reference or the whole element. Returns whether the element is still there."""
    if name in PART_OF_A_PICTURE:
        del each.attrib[key]
        return True
    _remove(each, name)
    return False


def _remove(each: Element, name: str) -> None:
    if name in GONE_WITH_THEIR_CHOICE:
        choice = next((outer for outer in each.iterancestors() if local(outer.tag) == "Choice"), None)
        if choice is not None:
            remove(choice)
            return
    remove(each)


def _attribute(each: Element, key: str, value: str, taken_out: set[TakenOut]) -> None:
    name = local(key)
    if name in LINKS:
        if value and not is_kept(value.strip()):
            taken_out.add(TakenOut.LINK)
            del each.attrib[key]
    elif name == "src" and value:
        if not is_path(value):
            taken_out.add(TakenOut.REMOTE)
        del each.attrib[key]
    elif name in RUNS or (name in PATHS and is_path(value)) or (name == "url" and local(each.tag) == "smartTagType"):
        del each.attrib[key]
