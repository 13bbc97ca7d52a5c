"""Cleans drawings (SVG) in a Word document: keeps shapes and text, removes scripts, external resources and metadata."""

import base64
import binascii

from documents.inspection.images import without_traces
from documents.inspection.links import is_kept
from documents.inspection.markup import Element, elements, local, namespace, parsed, remove, written
from documents.inspection.taken_out import TakenOut

SVG, LINKS = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
KEPT_NAMESPACES = frozenset({"", SVG, LINKS, "http://www.w3.org/XML/1998/namespace"})
"""Other namespaces belong to drawing programs and hold names of files and people."""
SCRIPTS = frozenset({"script", "handler", "listener", "foreignObject", "iframe", "object", "embed", "audio", "video"})
TRACES = frozenset({"metadata", "desc"})
ANIMATIONS = frozenset({"animate", "animateColor", "animateMotion", "animateTransform", "set", "discard"})
PICTURES = ("data:image/png;base64,", "data:image/jpeg;base64,", "data:image/gif;base64,", "data:image/webp;base64,")


def clean_svg(data: bytes) -> tuple[bytes, set[TakenOut]]:
    """Raises Unfit if the XML is not well-formed."""
    root = parsed(data, may_have_document_type=True)
    taken_out: set[TakenOut] = set()
    for unresolved in [each for each in root.iter() if not isinstance(each.tag, str)]:
        remove(unresolved)  # entities declared in its document type
    for each in elements(root):
        _clean(each, taken_out)
    return written(root), taken_out


def _clean(each: Element, taken_out: set[TakenOut]) -> None:
    name = local(each.tag)
    if namespace(each.tag) not in KEPT_NAMESPACES or name in TRACES | ANIMATIONS:
        remove(each)
    elif name in SCRIPTS:
        taken_out.add(TakenOut.SCRIPT)
        remove(each)
    elif name == "style" and fetches(each.text or ""):
        taken_out.add(TakenOut.REMOTE)
        remove(each)
    else:
        for key, value in each.attrib.items():
            _attribute(each, key, value, taken_out)


def _attribute(each: Element, key: str, value: str, taken_out: set[TakenOut]) -> None:
    name = local(key).lower()
    if namespace(key) not in KEPT_NAMESPACES:
        del each.attrib[key]
    elif name.startswith("on"):
        taken_out.add(TakenOut.SCRIPT)
        del each.attrib[key]
    elif name in ("href", "src"):
        _link(each, key, value.strip(), taken_out)
    elif name == "base" or fetches(value):
        taken_out.add(TakenOut.REMOTE)
        del each.attrib[key]


def _link(each: Element, key: str, link: str, taken_out: set[TakenOut]) -> None:
    if link.startswith("#") or (local(each.tag) == "a" and is_kept(link)):
        return
    found = next((start for start in PICTURES if link[:40].lower().startswith(start)), None)
    if found is not None:
        picture = _without_traces(link[len(found) :])
        if picture is not None:
            each.attrib[key] = link[: len(found)] + picture
            return
    taken_out.add(TakenOut.LINK if local(each.tag) == "a" else TakenOut.REMOTE)
    del each.attrib[key]


def _without_traces(coded: str) -> str | None:
    try:
        return base64.b64encode(without_traces(base64.b64decode(coded))).decode()
    except (ValueError, binascii.Error):
        return None


def fetches(style: str) -> bool:
    """May a style load something external: `url(…)` other than `#…`, an import, or anything hidden by escapes?"""
    lowered = "".join(style.lower().split())
    if "\\" in lowered or "@import" in lowered or "image-set(" in lowered:
        return True
    return any(not place.lstrip("'\"").startswith("#") for place in lowered.split("url(")[1:])
