"""Kinds of relations in a Word document, by the last segment of their type: which to keep, and what to report for the
rest.

ECMA-376 part 1 (15.2) and Microsoft's extensions ([MS-DOCX] 2.2). Kinds that are not listed are removed.
"""

from collections.abc import Callable

from documents.inspection.links import is_path
from documents.inspection.markup import HEAD
from documents.inspection.relations import Relation
from documents.inspection.taken_out import TakenOut

LINK = "hyperlink"
PICTURES = frozenset({"image"})
DRAWINGS = (".svg",)
FONTS = {"font": (".odttf", ".ttf", ".fntdata")}
XML = frozenset(
    [
        "officeDocument",
        "styles",
        "stylesWithEffects",
        "settings",
        "webSettings",
        "fontTable",
        "theme",
        "themeOverride",
        "numbering",
        "footnotes",
        "endnotes",
        "comments",
        "commentsExtended",
        "commentsIds",
        "commentsExtensible",
        "header",
        "footer",
        "glossaryDocument",
        "chart",
        "chartEx",
        "chartUserShapes",
        "chartStyle",
        "chartColorStyle",
        "diagramData",
        "diagramLayout",
        "diagramQuickStyle",
        "diagramColors",
        "diagramDrawing",
    ]
)
MACROS = "vbaproject"
REFUSED = frozenset({"vbaProject", "wordVbaData"})
"""Word itself never writes macros into a .docx."""


def always(what: TakenOut | None) -> Callable[[Relation], TakenOut | None]:
    return lambda relation: what


def template(relation: Relation) -> TakenOut | None:
    """Usually a file on the owner's disk. Word fetches one on a server when the document is opened."""
    is_local = is_path(relation.target) and not relation.target.replace("\\", "/").lower().startswith(("//", "file://"))
    at_home = relation.target.replace("\\", "/").lower().startswith("file:///") or is_local
    return None if at_home or not relation.external else TakenOut.REMOTE


GONE: dict[str, Callable[[Relation], TakenOut | None]] = {
    "attachedTemplate": template,
    **dict.fromkeys(["thumbnail", "printerSettings", "customXml", "customXmlProps", "people"], always(None)),
    **dict.fromkeys(["hdphoto"], always(TakenOut.PICTURE)),
    **dict.fromkeys(["origin", "signature", "certificate"], always(TakenOut.SIGNATURE)),
    **dict.fromkeys(["oleObject", "package", "control", "activeXControlBinary"], always(TakenOut.OBJECT)),
    **dict.fromkeys(
        [
            "extensibility",
            "webextension",
            "webextensiontaskpanes",
            "taskpanes",
            "attachedToolbars",
            "keyMapCustomizations",
            "customization",
            "userCustomization",
        ],
        always(TakenOut.ADD_IN),
    ),
    **dict.fromkeys(["audio", "video", "media", "movie", "model3d", "model3D"], always(TakenOut.MEDIA)),
    **dict.fromkeys(
        ["aFChunk", "subDocument", "frame", "mailMergeSource", "mailMergeHeaderSource", "transform", "recipientData"],
        always(TakenOut.REMOTE),
    ),
}
"""Kinds that are always removed, with what to report: nothing for hidden details."""

UNSAID = (
    ".xml", ".rels", ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".svg", ".webp", ".heic",
    *(ending for endings in FONTS.values() for ending in endings),
)  # fmt: skip


def left_over(name: str) -> TakenOut | None:
    """What to report for a part that nothing refers to and that is therefore not copied: nothing if any program might
    have left it there."""
    if name.lower().endswith(UNSAID):
        return None
    return TakenOut.OBJECT if name.lower().endswith(".bin") else TakenOut.ATTACHMENT


EMPTIED = {
    "core-properties": HEAD + b"<cp:coreProperties "
    b'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "extended-properties": HEAD + b"<Properties "
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "custom-properties": HEAD + b"<Properties "
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
}
