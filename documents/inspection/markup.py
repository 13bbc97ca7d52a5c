"""Parses untrusted XML with libxml2 (lxml), without entities, document types or external resources.

Uses lxml because the trees of `defusedxml` lose the prefixes that `mc:Ignorable` and others use in their values.
"""

from typing import Any

from lxml import etree

from documents.inspection.unfit import TOO_COMPLICATED, UNREADABLE, Unfit

Element = Any
"""lxml has no type hints."""
ENCODINGS = frozenset({"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "US-ASCII", "ASCII", "ISO-8859-1", "WINDOWS-1252"})
"""The first two are used by Office; the others are for drawings. Python and libxml2 decode them alike."""
MOST_ATTRIBUTES = 200
HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def parsed(data: bytes, *, may_have_document_type: bool = False) -> Element:
    """The root element. Raises Unfit if the XML is not well-formed or has a document type, which parts of a Word
    document must not have (ECMA-376 part 2)."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,  # limits: 256 levels, 10 MB per text, and no growing entities
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
    """UTF-8, without the document type."""
    body: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=False)
    return HEAD + body


def elements(root: Element) -> list[Element]:
    """The elements in document order, as a list, so that some can be removed while iterating.

    Raises Unfit if an element has more attributes than any program writes, because lxml looks for each of them from the
    first on.
    """
    found = [each for each in root.iter() if isinstance(each.tag, str)]
    if any(len(each.attrib) > MOST_ATTRIBUTES for each in found):
        raise Unfit(TOO_COMPLICATED)
    return found


def local(name: str) -> str:
    return name.rpartition("}")[2]


def namespace(name: str) -> str:
    return name[1:].partition("}")[0] if name.startswith("{") else ""


def remove(element: Element) -> None:
    """Removes an element with its content and keeps the text after it. The root is emptied instead."""
    parent = element.getparent()
    if parent is None:
        element.clear()
        return
    keep_tail(element, parent)
    parent.remove(element)


def unwrap(element: Element) -> None:
    """Replaces an element by its content."""
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
