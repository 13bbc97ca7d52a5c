"""Cleans the objects of a PDF. Every object that the pages refer to is checked, depending on where it occurs.

The place matters: `/JS` is a script in an action, but may be the name of a font among a page's resources.
"""

from enum import Enum, auto
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Stream, String

from documents.inspection.images import without_traces
from documents.inspection.links import is_kept, is_path
from documents.inspection.taken_out import TakenOut
from documents.inspection.unfit import TOO_COMPLICATED, Unfit

MOST_OBJECTS = 200_000

CATALOG = frozenset(
    [
        "/Type",
        "/Version",
        "/Extensions",
        "/Pages",
        "/PageLabels",
        "/Names",
        "/Dests",
        "/ViewerPreferences",
        "/PageLayout",
        "/PageMode",
        "/Outlines",
        "/OpenAction",
        "/AcroForm",
        "/StructTreeRoot",
        "/MarkInfo",
        "/Lang",
        "/OutputIntents",
        "/OCProperties",
    ]
)
"""All other keys are removed: additional actions, collections, web capture, permissions, metadata and makers' own."""

TAKEN = {
    "/AA": TakenOut.ACTION,
    "/PresSteps": TakenOut.ACTION,
    "/JS": TakenOut.SCRIPT,
    "/JavaScript": TakenOut.SCRIPT,
    "/XFA": TakenOut.FORM,
    "/AF": TakenOut.ATTACHMENT,
    "/EF": TakenOut.ATTACHMENT,
    "/EmbeddedFiles": TakenOut.ATTACHMENT,
    "/Collection": TakenOut.ATTACHMENT,
    "/Renditions": TakenOut.MEDIA,
    "/OPI": TakenOut.REMOTE,
    "/Perms": TakenOut.SIGNATURE,
    "/DSS": TakenOut.SIGNATURE,
    "/RF": None,
    "/PA": None,
    "/Metadata": None,
    "/PieceInfo": None,
    "/LastModified": None,
    "/CreatorInfo": None,
}
"""By key, where keys are not the file's own names. `None`: hidden details, which the page always mentions."""
IN_NAMES = frozenset({"/Dests", "/Limits", "/Names", "/Kids"})

CLICKED = frozenset({"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"})
ACTIONS = {
    "/JavaScript": TakenOut.SCRIPT,
    "/GoToR": TakenOut.LINK,
    "/GoToE": TakenOut.LINK,
    "/GoToDp": TakenOut.LINK,
    "/URI": TakenOut.LINK,
    "/Sound": TakenOut.MEDIA,
    "/Movie": TakenOut.MEDIA,
    "/Rendition": TakenOut.MEDIA,
    "/RichMediaExecute": TakenOut.MEDIA,
    "/GoTo3DView": TakenOut.MEDIA,
}
"""All other actions, known or not, are TakenOut.ACTION."""
KEYS_OF = {"/GoTo": {"/S", "/D", "/SD", "/Type"}, "/URI": {"/S", "/URI", "/IsMap", "/Type"}, "/Named": {"/S", "/N"}}
ANNOTATIONS = {
    "/FileAttachment": TakenOut.ATTACHMENT,
    "/Sound": TakenOut.MEDIA,
    "/Movie": TakenOut.MEDIA,
    "/Screen": TakenOut.MEDIA,
    "/3D": TakenOut.MEDIA,
    "/RichMedia": TakenOut.MEDIA,
    "/Projection": TakenOut.MEDIA,
}
SEEN_OF_ANNOTATION = frozenset({"/Type", "/Subtype", "/Rect", "/AP", "/AS", "/F", "/P", "/C", "/BS", "/Border"})
ELSEWHERE = ("/F", "/FFilter", "/FDecodeParms")


class PdfContext(Enum):
    """What the keys of a dictionary mean."""

    PLAIN = auto()
    RESOURCES = auto()
    APPEARANCES = auto()
    NAMES = auto()
    """Names chosen by the file, without a meaning of their own."""
    CATALOG = auto()


UNDER = {
    "/Resources": PdfContext.RESOURCES,
    "/DR": PdfContext.RESOURCES,
    "/AP": PdfContext.APPEARANCES,
    "/CharProcs": PdfContext.NAMES,
    "/ClassMap": PdfContext.NAMES,
    "/RoleMap": PdfContext.NAMES,
    "/Colorants": PdfContext.NAMES,
    "/Dests": PdfContext.NAMES,
}


class Cleaning:
    def __init__(self) -> None:
        self.taken_out: set[TakenOut] = set()
        self.seen: set[tuple[tuple[int, int], PdfContext]] = set()
        self.left: list[tuple[Object, PdfContext]] = []

    def clean(self, catalog: Object) -> None:
        self.left = [(catalog, PdfContext.CATALOG)]
        while self.left:
            found, place = self.left.pop()
            if self.is_new(found, place):
                self.visit(found, place)

    def is_new(self, found: Object, place: PdfContext) -> bool:
        if not found.is_indirect:
            return True
        key = (found.objgen, place)
        if key in self.seen:
            return False
        self.seen.add(key)
        if len(self.seen) > MOST_OBJECTS:
            raise Unfit(TOO_COMPLICATED)
        return True

    def visit(self, found: Object, place: PdfContext) -> None:
        if isinstance(found, Array):
            self.left.extend((each, PdfContext.PLAIN) for each in found if isinstance(each, Object))
        elif isinstance(found, Stream):
            self.stream(found)
            self.later(found, PdfContext.PLAIN)
        elif isinstance(found, Dictionary):
            if place == PdfContext.CATALOG:
                self.catalog(found)
            if place in (PdfContext.CATALOG, PdfContext.PLAIN):
                self.dictionary(found)
            self.later(found, place)

    def later(self, found: Object, place: PdfContext) -> None:
        for key, value in found.items():
            if isinstance(value, Object):
                self.left.append((value, self.place_of(key, place)))

    def place_of(self, key: str, place: PdfContext) -> PdfContext:
        if place in (PdfContext.RESOURCES, PdfContext.APPEARANCES):
            return PdfContext.NAMES
        return PdfContext.PLAIN if place == PdfContext.NAMES else UNDER.get(key, PdfContext.PLAIN)

    def note(self, what: TakenOut | None) -> None:
        if what is not None:
            self.taken_out.add(what)

    def catalog(self, found: Object) -> None:
        for key in set(found.keys()) - CATALOG:
            self.note(TAKEN.get(key))
            del found[key]
        if isinstance(names := found.get("/Names"), Dictionary):
            for key in set(names.keys()) - IN_NAMES:
                self.note(TAKEN.get(key))
                del names[key]
        if not isinstance(found.get("/OpenAction"), Array | Name | String):  # these are destinations in the document
            self.action(found, "/OpenAction", clicked=False)

    def dictionary(self, found: Object) -> None:
        for key in set(found.keys()) & TAKEN.keys():
            self.note(TAKEN[key])
            del found[key]
        self.annotation(found)
        self.signature(found)
        if not is_attributes(found.get("/A")):
            self.action(found, "/A", clicked=True)
        if is_stray_action(found):
            self.note(ACTIONS.get(str(found["/S"]), TakenOut.ACTION))
            keep_only(found, set())
        if is_path(words(found.get("/Alt"))):
            del found["/Alt"]
        if found.get("/Type") == Name.Page and "/B" in found.keys():  # noqa: SIM118 - pikepdf: `in` differs for a stream
            del found["/B"]  # articles, which name their authors

    def action(self, found: Object, key: str, *, clicked: bool) -> None:
        """Keeps actions that go to a place in the document and, if clicked, to a URL or the next page."""
        if key not in found.keys():  # noqa: SIM118 - pikepdf: `in` differs for a stream
            return
        target = found.get(key)
        kind = str(target.get("/S")) if isinstance(target, Dictionary) else ""
        if isinstance(target, Dictionary) and (kind == "/GoTo" or (clicked and is_harmless(target, kind))):
            if "/Next" in target.keys():  # noqa: SIM118 - pikepdf: `in` differs for a stream
                self.note(TakenOut.ACTION)
            keep_only(target, KEYS_OF[kind])
            return
        self.note(ACTIONS.get(kind, TakenOut.ACTION) if clicked or kind != "/URI" else TakenOut.ACTION)
        del found[key]

    def annotation(self, found: Object) -> None:
        """Turns an annotation that plays or contains something into a stamp with the same appearance."""
        what = ANNOTATIONS.get(str(found.get("/Subtype")))
        if what is None or "/Rect" not in found.keys():  # noqa: SIM118 - pikepdf: `in` differs for a stream
            return
        self.note(what)
        keep_only(found, SEEN_OF_ANNOTATION)
        found["/Subtype"] = Name.Stamp

    def signature(self, found: Object) -> None:
        """Removes signatures: they are not valid for a copy, and their certificates name the signer."""
        if "/ByteRange" in found.keys() or found.get("/Type") == Name.Sig:  # noqa: SIM118 - pikepdf: `in` differs for a stream
            self.note(TakenOut.SIGNATURE)
            keep_only(found, set())
        elif found.get("/FT") == Name.Sig:
            for key in {"/V", "/Lock", "/SV"} & set(found.keys()):
                self.note(TakenOut.SIGNATURE)
                del found[key]
        if "/SigFlags" in found.keys():  # noqa: SIM118 - pikepdf: `in` differs for a stream
            del found["/SigFlags"]

    def stream(self, found: Stream) -> None:
        if "/F" in found.keys() and not isinstance(found.get("/F"), Name):  # noqa: SIM118 - pikepdf: `in` differs for a stream
            self.note(TakenOut.REMOTE)
            keep_only(found, set(found.keys()) - set(ELSEWHERE))
        if isinstance(found.get("/Ref"), Dictionary):
            self.note(TakenOut.REMOTE)
            del found["/Ref"]
        if Name.PS in (found.get("/Subtype"), found.get("/Subtype2")):
            self.note(TakenOut.SCRIPT)
            keep_only(found, set())
            found.write(b"")
            found["/Subtype"], found["/BBox"] = Name.Form, Array([0, 0, 0, 0])
        self.dictionary(found)
        clean_picture(found)


def words(value: Any) -> str:
    return str(value) if isinstance(value, String) else ""


def is_attributes(target: Any) -> bool:
    """Are these attributes of a structure element (14.7.6): a dictionary, or several with numbers in between?

    Annotations have their action under the same key.
    """
    if isinstance(target, Array):
        return all(is_attributes(each) for each in target if not isinstance(each, int))
    if not isinstance(target, Dictionary):
        return False
    keys = set(target.keys())
    return "/O" in keys and not keys & {"/S", "/URI", "/JS", "/F", "/Next"}


def is_harmless(target: Object, kind: str) -> bool:
    if kind == "/URI":
        return is_kept(words(target.get("/URI")))
    return kind == "/Named" and str(target.get("/N")) in CLICKED


def is_stray_action(found: Object) -> bool:
    """Is it an action where none belongs? A structure element with that `/S` has a parent (`/P`)."""
    kind = str(found.get("/S"))
    return (
        (kind in ACTIONS or kind in ("/Launch", "/SubmitForm", "/ImportData"))
        and kind != "/URI"
        and (not found.get("/P") or bool(set(found.keys()) & {"/F", "/Win", "/URI"}))
    )


def keep_only(found: Object, kept: set[str] | frozenset[str]) -> None:
    for key in set(found.keys()) - kept - {"/Length"}:  # a stream needs it
        del found[key]


def clean_picture(found: Stream) -> None:
    """Removes metadata from JPEG and JPEG 2000 pictures, also if they are compressed once more."""
    filters = found.get("/Filter")
    chain: list[Any] = list(filters) if isinstance(filters, Array) else [filters]
    if not chain or chain[-1] not in (Name.DCTDecode, Name.JPXDecode):
        return
    params = found.get("/DecodeParms")
    each = list(params) if isinstance(params, Array) else [params]
    last = each[-1] if len(each) == len(chain) and isinstance(each[-1], Dictionary) else None
    if len(chain) > 1:
        found.write(
            found.read_raw_bytes(), filter=Array(chain[:-1]), decode_parms=Array(each[:-1]) if each[:-1] else None
        )
        data = found.read_bytes()
    else:
        data = found.read_raw_bytes()
    found.write(without_traces(data), filter=chain[-1], decode_parms=last)
