"""XML of strangers, parsed by libxml2 (lxml) without entities, document types or anything from outside.

lxml rather than `defusedxml`, whose trees forget the prefixes that `mc:Ignorable` and others name in their values.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from documents.inspection.unfit import TOO_COMPLICATED, UNREADABLE, Unfit

Element = Any
"""lxml has no types of its own."""
ENCODINGS = frozenset({"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "US-ASCII", "ASCII", "ISO-8859-1", "WINDOWS-1252"})
"""The first two are those of Office; the rest is for drawings. Python and libxml2 read these alike."""
MOST_ATTRIBUTES = 200
HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def parsed(data: bytes, *, may_have_document_type: bool = False) -> Element:
    """The root. Raises Unfit where it is not well-formed; or has a document type,
    which parts of a Word document must not have (ECMA-376 part 2)."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,  # 256 levels, 10 MB a text, and entities that do not grow
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Unfit(UNREADABLE) from None
    said = root.getroottree().docinfo
    if (said.encoding or "UTF-8").upper() not in ENCODINGS:
        raise Unfit(UNREADABLE)
    if said.internalDTD is not None and not may_have_document_type:
        raise Unfit(UNREADABLE)
    return root


def written(root: Element) -> bytes:
    """As UTF-8, without its document type."""
    body: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=False)
    return HEAD + body


def elements(root: Element) -> list[Element]:
    """In the order of the document; so many may be removed while the list is gone through. Raises Unfit where one has
    more attributes than any program writes, because lxml looks for each of them from the first on."""
    found = [each for each in root.iter() if isinstance(each.tag, str)]
    if any(len(each.attrib) > MOST_ATTRIBUTES for each in found):
        raise Unfit(TOO_COMPLICATED)
    return found


def local(name: str) -> str:
    return name.rpartition("}")[2]


def namespace(name: str) -> str:
    return name[1:].partition("}")[0] if name.startswith("{") else ""


def remove(element: Element) -> None:
    """With what is in it; the words behind it stay. The root cannot be removed and is emptied."""
    parent = element.getparent()
    if parent is None:
        element.clear()
        return
    keep_tail(element, parent)
    parent.remove(element)


def unwrap(element: Element) -> None:
    """What is in it takes its place."""
    for child in list(element):
        element.addprevious(child)
    remove(element)


def keep_tail(element: Element, parent: Element) -> None:
    if element.tail and element.tail.strip():
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
