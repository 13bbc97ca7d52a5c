"""What is taken in and what is not: from the content, whatever the name says."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest

from documents.rules.docx_copy import copy_docx
from documents.rules.names import display_name
from documents.rules.pdf_copy import copy_pdf
from documents.rules.unfit import Unfit
from documents.rules.uploads import may_take
from tests.documents import papers
from tests.documents.papers import TYPES, document, docx, latex_pdf, parts, pdf, plain_docx, rels

pytestmark = pytest.mark.policy("DATA-3")

ORDINARY = {
    "word processor": (pdf(), "cv.pdf"),
    "with a link and a photo": (pdf(link="https://example.org/amara", picture=papers.jpeg()), "Amara CV.PDF"),
    "opens at a place": (pdf(catalog={"/OpenAction": {"/S": "/GoTo", "/D": "/Fit"}}), "cv.pdf"),
    "LaTeX": (latex_pdf(), "okafor.cv.v2.pdf"),
    "newline after the end": (pdf() + b"\r\n\n", "cv.pdf"),
    "Word": (docx(), "cv.docx"),
    "an online editor": (plain_docx(), "CV.docx"),
    "with a page number": (
        docx({"word/document.xml": document("<w:p><w:r><w:instrText> PAGE </w:instrText></w:r></w:p>")}),
        "cv.docx",
    ),
    "with a link to a site named Link": (
        docx(
            {
                "word/document.xml": document(
                    '<w:p><w:r><w:instrText> HYPERLINK "https://link.example.org" </w:instrText></w:r></w:p>'
                )
            }
        ),
        "cv.docx",
    ),
    "with an icon": (
        docx({"word/media/icon.svg": "<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/></svg>"}),
        "cv.docx",
    ),
}


@pytest.mark.parametrize("which", ORDINARY)
def test_ordinary_documents_are_taken_and_copied(which: str) -> None:
    content, name = ORDINARY[which]
    decision = may_take(content, name, 5)
    assert decision.allowed, decision
    copied = copy_pdf(content) if name.lower().endswith("pdf") else copy_docx(content)
    assert may_take(copied, name, 5)
    again = copy_pdf(copied) if name.lower().endswith("pdf") else copy_docx(copied)
    assert may_take(again, name, 5)


def bomb() -> bytes:
    """40 MB of nothing in a few kilobytes."""
    return docx({"word/media/big.bmp": b"\0" * (40 * 1024 * 1024)})


def liar() -> bytes:
    """Its directory says that the part is small."""
    content = bytearray(docx({"word/media/big.bmp": b"\0" * (30 * 1024 * 1024)}))
    size = struct.pack("<L", 30 * 1024 * 1024)
    return bytes(content).replace(size, struct.pack("<L", 10))


def many_entries() -> bytes:
    return docx({f"word/p{number}.xml": "<a/>" for number in range(1200)})


def raw_name(name: str) -> bytes:
    return docx({"word/xx.xml": "<a/>"}).replace(b"word/xx.xml", name.encode().ljust(11, b"x")[:11])


def twice() -> bytes:
    return docx({"word/documenu.xml": document()}).replace(b"word/documenu.xml", b"word/document.xml")


HOSTILE_AT_ONCE = {
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "cv.pdf", "document_type"),
    "svg by its name": (b"<svg/>", "cv.svg", "document_type"),
    "html": (b"<!doctype html><script>alert(1)</script>", "cv.pdf", "document_type"),
    "text": (b"Amara Okafor", "cv.docx", "document_type"),
    "picture": (papers.png(), "cv.pdf", "document_type"),
    "old Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "cv.doc", "document_type"),
    "old Word named docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "cv.docx", "document_type"),
    "program": (b"MZ" + b"\0" * 600, "cv.pdf", "document_type"),
    "empty": (b"", "cv.pdf", "document_empty"),
    "double extension": (pdf(), "cv.pdf.exe", "document_extension"),
    "extension hidden behind a dot": (pdf(), "cv.exe. ", "document_extension"),
    "docx named pdf": (docx(), "cv.pdf", "document_extension"),
    "docx named docm": (docx(), "cv.docm", "document_extension"),
    "html before the PDF": (b"<html><script>1</script>" + pdf(), "cv.pdf", "document_type"),
    "html behind the PDF": (pdf() + b"<html><script>1</script>", "cv.pdf", "document_polyglot"),
    "a script without markup behind the PDF": (pdf() + b"\nalert(1)//", "cv.pdf", "document_polyglot"),
    "html behind, with an end of its own": (pdf() + b"<script>1</script>\n%%EOF", "cv.pdf", "document_polyglot"),
    "html in a comment of the PDF": (
        pdf().replace(b"\n", b"\n%<script>1</script>\n", 1),
        "cv.pdf",
        "document_polyglot",
    ),
    "zip behind the PDF": (pdf() + docx() + b"\n%%EOF", "cv.pdf", "document_polyglot"),
    "pdf behind the zip": (docx() + pdf(), "cv.docx", "document_polyglot"),
    "something before the zip": (b"PK\x03\x04junk" + docx(), "cv.docx", "document_polyglot"),
    "zip with a comment": (docx()[:-2] + b"\x04\x00<js>", "cv.docx", "document_polyglot"),
    "PDF with JavaScript": (
        pdf(catalog={"/OpenAction": {"/S": "/JavaScript", "/JS": "app.alert(1)"}}),
        "cv.pdf",
        "document_active",
    ),
    "PDF that starts a program": (
        pdf(catalog={"/OpenAction": {"/S": "/Launch", "/F": "calc.exe"}}),
        "cv.pdf",
        "document_active",
    ),
    "PDF that hides the name": (
        pdf(catalog={"/OpenAction": {"/S": "/JavaScript", "/X": "y"}}).replace(b"/JavaScript", b"/J#61vaScript"),
        "cv.pdf",
        "document_active",
    ),
    "PDF with a file inside": (papers.pdf_with_file_inside(b"MZ"), "cv.pdf", "document_active"),
    "PDF with a form of XML": (pdf(catalog={"/AcroForm": {"/XFA": ["a"]}}), "cv.pdf", "document_active"),
    "PDF with a password": (pdf().replace(b"/Root", b"/Encrypt 9 0 R\n/Root"), "cv.pdf", "document_locked"),
    "zip without a document": (docx({"word/document.xml": None}), "cv.docx", "document_type"),
    "spreadsheet": (
        docx({"[Content_Types].xml": TYPES.replace("wordprocessingml.document", "spreadsheetml.sheet")}),
        "cv.docx",
        "document_type",
    ),
    "macros": (docx({"word/vbaProject.bin": b"\0"}), "cv.docx", "document_active"),
    "macros by another name": (
        docx({"word/media/x.png": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}),
        "cv.docx",
        "document_active",
    ),
    "macro-enabled type": (
        docx(
            {
                "[Content_Types].xml": TYPES.replace(
                    "</Types>",
                    '<Override PartName="/x" ContentType="vnd.ms-word.document.macroEnabled.main+xml"/></Types>',
                )
            }
        ),
        "cv.docx",
        "document_active",
    ),
    "embedded object": (docx({"word/embeddings/oleObject1.bin": b"\0"}), "cv.docx", "document_active"),
    "ActiveX": (docx({"word/activeX/activeX1.xml": "<a/>"}), "cv.docx", "document_active"),
    "program inside": (docx({"word/media/image3.png": b"MZ\0"}), "cv.docx", "document_active"),
    "another kind of part": (docx({"word/run.js": "alert(1)"}), "cv.docx", "document_active"),
    "svg with a script inside": (docx({"word/media/i.svg": "<svg><script/></svg>"}), "cv.docx", "document_active"),
    "HTML as a chunk": (
        docx({"word/_rels/document.xml.rels": rels(("aFChunk", "x.html", False))}),
        "cv.docx",
        "document_active",
    ),
    "picture from elsewhere": (
        docx({"word/_rels/document.xml.rels": rels(("image", "https://evil.example/x.png", True))}),
        "cv.docx",
        "document_active",
    ),
    "DDE": (
        docx({"word/document.xml": document("<w:r><w:instrText>DDEAUTO c:\\\\cmd.exe</w:instrText></w:r>")}),
        "cv.docx",
        "document_active",
    ),
    "DDE in pieces": (
        docx({"word/document.xml": document("<w:instrText>DDE</w:instrText><w:instrText>AUTO c</w:instrText>")}),
        "cv.docx",
        "document_active",
    ),
    "entities": (
        docx({"word/document.xml": '<!DOCTYPE x [<!ENTITY a "b">]>' + document()}),
        "cv.docx",
        "document_unreadable",
    ),
    "entities in UTF-16": (
        docx({"word/styles.xml": "<!DOCTYPE x []><a/>".encode("utf-16")}),
        "cv.docx",
        "document_unreadable",
    ),
    "another encoding": (
        docx({"word/styles.xml": '<?xml version="1.0" encoding="UTF-7"?><a/>'}),
        "cv.docx",
        "document_unreadable",
    ),
    "zip bomb": (bomb(), "cv.docx", "document_bomb"),
    "zip that lies about sizes": (liar(), "cv.docx", "document_"),
    "too many parts": (many_entries(), "cv.docx", "document_bomb"),
    "part above the folder": (raw_name("../../x.xml"), "cv.docx", "document_paths"),
    "part at the root": (raw_name("/etc/xx.xml"), "cv.docx", "document_paths"),
    "part with a drive": (raw_name("C:\\x\\xx.xml"), "cv.docx", "document_paths"),
    "part in the middle": (raw_name("a/../xx.xml"), "cv.docx", "document_paths"),
    "a part twice": (twice(), "cv.docx", "document_paths"),
    "broken zip": (docx()[:400] + docx()[430:], "cv.docx", "document_"),
    "too large": (pdf() + b" " * (5 * 1024 * 1024), "cv.pdf", "document_too_large"),
}


@pytest.mark.parametrize("which", HOSTILE_AT_ONCE)
def test_hostile_and_wrong_files_are_refused_at_once(which: str) -> None:
    content, name, code = HOSTILE_AT_ONCE[which]
    decision = may_take(content, name, 5)
    assert not decision.allowed
    assert decision.code.startswith(code), decision
    assert decision.message.endswith(".")
    assert decision.remedy.endswith(".")


def latex_pdf_with(found: bytes) -> bytes:
    """Its packed catalog holds this: nothing of it can be read without unpacking."""
    plain = latex_pdf()
    start = plain.index(b"7 0 obj")
    head = plain[start:].split(b"stream\n", 1)
    old = zlib.decompressobj().decompress(head[1])
    new = old.replace(b"/OpenAction[3 0 R/Fit]", b"/OpenAction" + found)
    stream = zlib.compress(new)
    first = int(head[0].split(b"/First ")[1].split(b"/")[0])
    number_line, body = new[:first], new[first:]
    positions = [body.index(each) for each in (b"<</Type/Catalog", b"<</Type/Pages", b"<</Type/Page/")]
    number_line = b"".join(b"%d %d " % each for each in zip((1, 2, 3), positions, strict=True))
    stream = zlib.compress(number_line + body)
    rebuilt = plain[:start] + b"7 0 obj\n<</Type/ObjStm/N 3/First %d/Filter/FlateDecode/Length %d>>\nstream\n" % (
        len(number_line),
        len(stream),
    )
    rebuilt += stream + b"\nendstream\nendobj\n"
    table_at = len(rebuilt)
    offsets = [plain.index(b"%d 0 obj" % number) for number in (4, 5, 6, 7)]
    rows = struct.pack(">BHB", 0, 0, 255) + b"".join(struct.pack(">BHB", 2, 7, index) for index in range(3))
    rows += b"".join(struct.pack(">BHB", 1, at, 0) for at in offsets) + struct.pack(">BHB", 1, table_at, 0)
    table = zlib.compress(rows)
    rebuilt += b"8 0 obj\n<</Type/XRef/W[1 2 1]/Size 9/Root 1 0 R/Filter/FlateDecode/Length %d>>\nstream\n" % len(table)
    return rebuilt + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % table_at


@pytest.mark.parametrize(
    "found",
    [
        b"<</S/JavaScript/JS(app.alert\\(1\\))>>",
        b"<</S/Launch/F(calc.exe)>>",
        b"<</S/GoToE/T<<>>>>",
        b"[<</Next<</S/J#61vaScript>>>>]",
    ],
)
def test_what_is_packed_inside_a_pdf_is_found_by_the_worker(found: bytes) -> None:
    content = latex_pdf_with(found)
    assert may_take(content, "cv.pdf", 5), "nothing of it can be seen without unpacking"
    with pytest.raises(Unfit) as unfit:
        copy_pdf(content)
    assert unfit.value.decision.code == "document_active"


@pytest.mark.parametrize("cut", [40, 200, 900])
def test_a_broken_pdf_is_unreadable_or_mended_never_an_error(cut: int) -> None:
    broken = pdf()[:cut] + b"\n%%EOF"
    with pytest.raises(Unfit):
        copy_pdf(broken)


TRACES = (
    b"Amara.Okafor",
    b"amara.okafor",
    b"Users",
    b"AMARAS-LAPTOP",
    b"GPS",
    b"iPhone",
    b"Amara at home",
    b"a film of",
)


def everything_in(content: bytes) -> bytes:
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize(
    ("content", "copy"),
    [(docx(), copy_docx), (pdf(link=f"file:///{papers.HOME}", picture=papers.jpeg()), copy_pdf)],
    ids=["docx", "pdf"],
)
def test_the_copy_tells_nothing_of_who_where_and_with_what(content: bytes, copy: object) -> None:
    before, after = everything_in(content), everything_in(copy(content))
    assert sum(trace in before for trace in TRACES) >= 4
    assert [trace for trace in TRACES if trace in after] == []
    assert b"picture\xff\x00data" in after


def test_the_copy_of_a_word_document_keeps_its_words_links_and_parts() -> None:
    with zipfile.ZipFile(io.BytesIO(copy_docx(docx()))) as archive:
        assert archive.testzip() is None
        assert archive.read("word/document.xml").decode() == parts()["word/document.xml"]
        links = archive.read("word/_rels/document.xml.rels").decode()
        assert "https://example.org/amara" in links
        assert "about:blank" in links
        assert b"attachedTemplate" not in archive.read("word/settings.xml")
        assert b"ICC_PROFILE" in archive.read("word/media/image1.jpeg")
        assert "docProps/thumbnail.jpeg" not in archive.namelist()
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("My CV.pdf", "My CV"),
        ("C:\\Users\\amara\\cv.final.v2.docx", "cv final v2"),
        ("../../etc/passwd", "passwd"),
        ("cv.exe.pdf", "cv exe"),
        ("cv\u202efdp.exe.pdf", "cv fdp exe"),
        ('a"b<c>;\r\nSet-Cookie: x.pdf', "a b c ; Set-Cookie x"),
        ("\u00a0\u200b.pdf", "Document"),
        ("履歴書.pdf", "履歴書"),
        ("x" * 300 + ".pdf", "x" * 100),
    ],
)
def test_a_name_is_shown_without_paths_extensions_or_tricks(given: str, shown: str) -> None:
    assert display_name(given) == shown
