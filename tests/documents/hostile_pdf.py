"""PDFs that run, fetch or hide something, in every way we could think of."""

from __future__ import annotations

from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name

from documents.inspection.taken_out import TakenOut
from tests.documents import papers
from tests.documents.hostile import EVIL, Hostile
from tests.documents.papers import pdf
from tests.documents.rare import changed
from tests.documents.word import word


def with_action(action: dict[str, object], where: str = "/OpenAction") -> bytes:
    return pdf(catalog={where: action})


def annotated(annotation: object, *, array: bool = False) -> bytes:
    """The annotation is inline in the page, which no common program does."""

    def change(opened: pikepdf.Pdf) -> None:
        made = annotation(opened) if callable(annotation) else annotation
        opened.pages[0].Annots = Array([Array([made])]) if array else Array([made])

    return changed(change)


def link(action: object, **more: object) -> Dictionary:
    return Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action, **more)


def action(kind: str, **more: object) -> Dictionary:
    return Dictionary(S=Name(f"/{kind}"), **more)


def changing(change: Callable[[pikepdf.Pdf], object]) -> bytes:
    return changed(lambda opened: (change(opened), None)[1])


def external_stream(opened: pikepdf.Pdf) -> None:
    opened.pages[0].Contents.F = Dictionary(Type=Name.Filespec, FS=Name.URL, F=f"\\\\{EVIL}\\share\\x")
    opened.pages[0].Contents.FFilter = Name.FlateDecode


def external_form(opened: pikepdf.Pdf) -> None:
    form = opened.make_stream(b"", Subtype=Name.Form, BBox=[0, 0, 1, 1], Ref=Dictionary(F=EVIL, Page=0))
    form.OPI = Dictionary({"/1.3": Dictionary(F=EVIL)})
    opened.pages[0].Resources.XObject = Dictionary(X=form)


def postscript(opened: pikepdf.Pdf) -> None:
    opened.pages[0].Resources.XObject = Dictionary(X=opened.make_stream(EVIL.encode(), Subtype=Name.PS))


def named_script(opened: pikepdf.Pdf) -> None:
    opened.Root.Names = Dictionary(JavaScript=Dictionary(Names=["x", action("JavaScript", JS=EVIL)]))


def form_of_xml(opened: pikepdf.Pdf) -> None:
    opened.Root.AcroForm = Dictionary(Fields=[], XFA=Array(["template", opened.make_stream(EVIL.encode())]))


def button(kind: str, **more: object) -> Callable[[pikepdf.Pdf], None]:
    def change(opened: pikepdf.Pdf) -> None:
        field = Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Btn, Rect=[0, 0, 9, 9], T="b", A=action(kind, **more)
        )
        field.AA = Dictionary(K=action("JavaScript", JS=EVIL), E=action(kind, **more))
        made = opened.make_indirect(field)
        opened.pages[0].Annots = Array([made])
        opened.Root.AcroForm = Dictionary(Fields=[made])

    return change


def playing(kind: str) -> Callable[[pikepdf.Pdf], object]:
    def made(opened: pikepdf.Pdf) -> object:
        stream = opened.make_stream(EVIL.encode())
        shown = opened.make_stream(b"", Subtype=Name.Form, BBox=[0, 0, 1, 1])
        more = {f"/{key}": stream for key in ("Sound", "Movie", "RichMediaContent", "3DD")}
        return Dictionary({"/Type": Name.Annot, "/Subtype": Name(f"/{kind}"), "/Rect": [0, 0, 9, 9],
                           "/AP": Dictionary(N=shown), **more})  # fmt: skip

    return made


def attachment(opened: pikepdf.Pdf) -> object:
    file = Dictionary(Type=Name.Filespec, F="x.exe", EF=Dictionary(F=opened.make_stream(EVIL.encode())))
    return Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=[0, 0, 9, 9], FS=file)


def outline(opened: pikepdf.Pdf) -> None:
    item = opened.make_indirect(Dictionary(Title="x", A=action("Launch", F=EVIL)))
    opened.Root.Outlines = opened.make_indirect(Dictionary(Type=Name.Outlines, First=item, Last=item, Count=1))
    item.Parent = opened.Root.Outlines


def both_ways(opened: pikepdf.Pdf) -> None:
    """One object is both the page's resources and an annotation."""
    double = opened.make_indirect(link(action("JavaScript", JS=EVIL)))
    double.Font = opened.pages[1].Resources.Font
    opened.pages[0].Resources.Properties = Dictionary(X=double)
    opened.pages[1].Resources = double
    opened.pages[0].Annots = Array([double])


def hidden_in_trailer(opened: pikepdf.Pdf) -> None:
    opened.trailer.Hidden = opened.make_stream(EVIL.encode())
    opened.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=[]))


def steps(opened: pikepdf.Pdf) -> None:
    opened.pages[0].PresSteps = Dictionary(Type=Name.NavNode, NA=action("JavaScript", JS=EVIL))


def collection(opened: pikepdf.Pdf) -> None:
    opened.Root.Collection = Dictionary(View=Name.D, X=EVIL)


def misplaced(opened: pikepdf.Pdf) -> None:
    opened.pages[0].Elsewhere = action("Launch", F=EVIL)


URI = f"https://{EVIL}/x"
PDF = {
    "a script on opening": Hostile(
        with_action({"/S": "/JavaScript", "/JS": EVIL}), TakenOut.SCRIPT, (EVIL, "/JavaScript")
    ),
    "a script by an escaped name": Hostile(
        with_action({"/S": "/JavaScript", "/JS": EVIL}).replace(b"/JavaScript", b"/J#61vaScript"),
        TakenOut.SCRIPT,
    ),
    "a script in a stream": Hostile(
        changing(
            lambda opened: setattr(
                opened.Root, "OpenAction", action("JavaScript", JS=opened.make_stream(EVIL.encode()))
            )
        ),
        TakenOut.SCRIPT,
    ),
    "a program on opening": Hostile(with_action({"/S": "/Launch", "/F": EVIL}), TakenOut.ACTION, (EVIL, "/Launch")),
    "a program by a dictionary": Hostile(with_action({"/S": "/Launch", "/Win": {"/F": EVIL}}), TakenOut.ACTION),
    "an address on opening": Hostile(with_action({"/S": "/URI", "/URI": URI}), TakenOut.ACTION),
    "printing on opening": Hostile(with_action({"/S": "/Named", "/N": "/Print"}), TakenOut.ACTION, ("/Print",)),
    "a thread on opening": Hostile(with_action({"/S": "/Thread", "/F": EVIL}), TakenOut.ACTION),
    "a film on opening": Hostile(with_action({"/S": "/Movie", "/T": EVIL}), TakenOut.MEDIA),
    "a sound on opening": Hostile(with_action({"/S": "/Sound", "/T": EVIL}), TakenOut.MEDIA),
    "a rendition on opening": Hostile(with_action({"/S": "/Rendition", "/JS": EVIL}), TakenOut.MEDIA),
    "another document on opening": Hostile(with_action({"/S": "/GoToR", "/F": EVIL}), TakenOut.LINK),
    "sending on opening": Hostile(with_action({"/S": "/SubmitForm", "/F": URI}), TakenOut.ACTION),
    "loading on opening": Hostile(with_action({"/S": "/ImportData", "/F": EVIL}), TakenOut.ACTION),
    "an action nobody knows": Hostile(with_action({"/S": "/Fetch", "/F": EVIL}), TakenOut.ACTION),
    "an action without a kind": Hostile(with_action({"/URI": URI}), TakenOut.ACTION),
    "a place, then a script": Hostile(
        with_action({"/S": "/GoTo", "/D": "/Fit", "/Next": {"/S": "/JavaScript", "/JS": EVIL}}),
        TakenOut.ACTION,
    ),
    "a place, then several": Hostile(
        with_action({"/S": "/GoTo", "/D": "/Fit", "/Next": [{"/S": "/Launch", "/F": EVIL}]}),
        TakenOut.ACTION,
    ),
    **{
        f"{kind} when something happens": Hostile(
            with_action({"/WC": {"/S": f"/{kind}", "/F": EVIL, "/URI": URI}}, "/AA"), TakenOut.ACTION
        )
        for kind in ("URI", "Named", "Thread", "Movie", "JavaScript")
    },
    "a page that acts when it is opened": Hostile(
        changing(lambda opened: setattr(opened.pages[0], "AA", Dictionary(O=action("URI", URI=URI)))),
        TakenOut.ACTION,
    ),
    "a script by name": Hostile(changing(named_script), TakenOut.SCRIPT),
    "an inline link to a script": Hostile(annotated(link(action("URI", URI=f"javascript:{EVIL}"))), TakenOut.LINK),
    "an inline link to a file": Hostile(annotated(link(action("URI", URI=f"file://{EVIL}"))), TakenOut.LINK),
    "a link inside an array": Hostile(
        annotated(link(action("URI", URI=f"javascript:{EVIL}")), array=True), TakenOut.LINK
    ),
    "a link to a share": Hostile(annotated(link(action("URI", URI=f"\\\\{EVIL}\\x"))), TakenOut.LINK),
    "a link in UTF-16": Hostile(
        annotated(link(action("URI", URI=pikepdf.String(b"\xfe\xff" + f"javascript:{EVIL}".encode("utf-16-be"))))),
        TakenOut.LINK,
        (EVIL, "j\0a\0v\0a"),
    ),
    "a link with a break before it": Hostile(annotated(link(action("URI", URI=f"\njavascript:{EVIL}"))), TakenOut.LINK),
    "actions as a list": Hostile(annotated(link(Array([action("URI", URI=f"file://{EVIL}")]))), TakenOut.ACTION),
    "a web link, then a program": Hostile(
        annotated(link(action("URI", URI="https://ok.example", Next=Array([action("Launch", F=EVIL)])))),
        TakenOut.ACTION,
        (EVIL,),
        ("ok.example",),
    ),
    "a link with an older action": Hostile(
        annotated(link(action("Launch", F="x"), PA=action("URI", URI=f"file://{EVIL}"))),
        TakenOut.ACTION,
    ),
    "a link to another document": Hostile(annotated(link(action("GoToR", F=EVIL))), TakenOut.LINK),
    "a link to an embedded document": Hostile(annotated(link(action("GoToE", F=EVIL))), TakenOut.LINK),
    "a button that sends": Hostile(changing(button("SubmitForm", F=URI)), TakenOut.ACTION),
    "a button that loads": Hostile(changing(button("ImportData", F=EVIL)), TakenOut.ACTION),
    "a bookmark that starts a program": Hostile(changing(outline), TakenOut.ACTION),
    "a form of XML": Hostile(changing(form_of_xml), TakenOut.FORM),
    "a file attached to a page": Hostile(annotated(attachment), TakenOut.ATTACHMENT, (EVIL, "x.exe")),
    "a file attached": Hostile(papers.pdf_with_file_inside(EVIL.encode()), TakenOut.ATTACHMENT),
    **{
        f"{kind} in a page": Hostile(annotated(playing(kind)), TakenOut.MEDIA)
        for kind in ("Sound", "Movie", "Screen", "RichMedia", "3D")
    },
    "a stream on a share": Hostile(changing(external_stream), TakenOut.REMOTE),
    "a form of another file": Hostile(changing(external_form), TakenOut.REMOTE),
    "PostScript": Hostile(changing(postscript), TakenOut.SCRIPT),
    "an object that is two things": Hostile(changing(both_ways), TakenOut.SCRIPT),
    "something that no page needs": Hostile(changing(hidden_in_trailer), TakenOut.ATTACHMENT),
    "steps of a presentation": Hostile(changing(steps), TakenOut.ACTION),
    "a collection": Hostile(changing(collection), TakenOut.ATTACHMENT),
    "an action where none belongs": Hostile(changing(misplaced), TakenOut.ACTION),
}
"""As well as these: bytes around a PDF, such as a page before it, or a zip or script after it."""
AROUND = {
    "a page before": b"<html><script>" + EVIL.encode() + b"</script>" + pdf(),
    "a page behind": pdf() + b"<html><script>" + EVIL.encode() + b"</script>",
    "with an end of its own": pdf() + b"<script>" + EVIL.encode() + b"</script>\n%%EOF",
    "in a comment": pdf().replace(b"\n", b"\n%<script>" + EVIL.encode() + b"</script>\n", 1),
    "a zip behind": pdf() + word(parts={EVIL: b""}) + b"\n%%EOF",
}
