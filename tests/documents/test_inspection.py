"""Which files are accepted, by their content, whatever their name says."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest

from documents.inspection.docx import copy_docx
from documents.inspection.pdf import copy_pdf
from documents.inspection.taken_out import CleanCopy
from documents.inspection.unfit import Unfit
from documents.rules.names import display_name
from documents.rules.uploads import may_take
from tests.documents import papers
from tests.documents.papers import TYPES, document, docx, latex_pdf, parts, pdf, plain_docx, rels
from tests.documents.reading import everything_in, words_of

pytestmark = pytest.mark.policy("DATA-3")


def copy(content: bytes) -> CleanCopy:
    return copy_docx(content) if content.startswith(b"PK") else copy_pdf(content)


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
    copied = copy(content)
    assert may_take(copied.content, name, 5)
    assert words_of(copied.content) == words_of(content)
    again = copy(copied.content)
    assert again.taken_out == ()
    assert words_of(again.content) == words_of(content)


HOSTILE_AT_ONCE = {
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "cv.pdf", "document_type"),
    "svg by its name": (b"<svg/>", "cv.svg", "document_type"),
    "html": (b"<!doctype html><script>alert(1)</script>", "cv.pdf", "document_type"),
    "text": (b"Amara Okafor", "cv.docx", "document_type"),
    "picture": (papers.png(), "cv.pdf", "document_type"),
    "old Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "cv.doc", "document_type"),
    "old Word named docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "cv.docx", "document_type"),
    "program": (b"MZ" + b"\0" * 600, "cv.pdf", "document_type"),
    "a PDF far behind something else": (b"<html>" + b" " * 1024 + pdf(), "cv.pdf", "document_type"),
    "empty": (b"", "cv.pdf", "document_empty"),
    "double extension": (pdf(), "cv.pdf.exe", "document_extension"),
    "extension hidden behind a dot": (pdf(), "cv.exe. ", "document_extension"),
    "docx named pdf": (docx(), "cv.pdf", "document_extension"),
    "docx named docm": (docx(), "cv.docm", "document_extension"),
    "too large": (pdf() + b" " * (5 * 1024 * 1024), "cv.pdf", "document_too_large"),
}


@pytest.mark.parametrize("which", HOSTILE_AT_ONCE)
def test_a_file_that_is_no_document_is_refused_at_once(which: str) -> None:
    content, name, code = HOSTILE_AT_ONCE[which]
    decision = may_take(content, name, 5)
    assert not decision.allowed
    assert decision.code == code, decision
    assert decision.message.endswith(".")
    assert decision.remedy.endswith(".")


def bomb() -> bytes:
    """40 MB of zeros in a few kilobytes."""
    return docx({"word/media/big.bmp": b"\0" * (40 * 1024 * 1024)})


def liar() -> bytes:
    """The zip's directory gives a false, small size for the part."""
    content = bytearray(docx({"word/media/big.bmp": b"\0" * (30 * 1024 * 1024)}))
    size = struct.pack("<L", 30 * 1024 * 1024)
    return bytes(content).replace(size, struct.pack("<L", 10))


def many_entries() -> bytes:
    return docx({f"word/p{number}.xml": "<a/>" for number in range(1200)})


def raw_name(name: str) -> bytes:
    return docx({"word/xx.xml": "<a/>"}).replace(b"word/xx.xml", name.encode().ljust(11, b"x")[:11])


def twice() -> bytes:
    return docx({"word/documenu.xml": document()}).replace(b"word/documenu.xml", b"word/document.xml")


REFUSED = {
    "pdf behind the zip": (docx() + pdf(), "document_polyglot"),
    "something before the zip": (b"PK\x03\x04junk" + docx(), "document_polyglot"),
    "zip with a comment": (docx()[:-2] + b"\x04\x00<js>", "document_polyglot"),
    "zip without a document": (docx({"word/document.xml": None}), "document_type"),
    "zip without types": (docx({"[Content_Types].xml": None}), "document_type"),
    "spreadsheet": (
        docx({"[Content_Types].xml": TYPES.replace("wordprocessingml.document", "spreadsheetml.sheet")}),
        "document_type",
    ),
    "macros": (docx({"word/vbaProject.bin": b"\0"}), "document_active"),
    "macros by their relation": (
        docx({"word/x.xml": "<a/>", "word/_rels/document.xml.rels": rels(("vbaProject", "x.xml", False))}),
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
        "document_active",
    ),
    "entities": (docx({"word/document.xml": '<!DOCTYPE x [<!ENTITY a "b">]>' + document()}), "document_unreadable"),
    "entities in UTF-16": (
        docx({"word/document.xml": "<!DOCTYPE x []><a/>".encode("utf-16")}),
        "document_unreadable",
    ),
    "another encoding": (
        docx({"word/document.xml": '<?xml version="1.0" encoding="UTF-7"?><a/>'}),
        "document_unreadable",
    ),
    "a text that is no XML": (docx({"word/document.xml": "Amara Okafor"}), "document_unreadable"),
    "zip bomb": (bomb(), "document_bomb"),
    "zip that lies about sizes": (liar(), "document_unreadable"),
    "too many parts": (many_entries(), "document_bomb"),
    "part above the folder": (raw_name("../../x.xml"), "document_paths"),
    "part at the root": (raw_name("/etc/xx.xml"), "document_paths"),
    "part with a drive": (raw_name("C:\\x\\xx.xml"), "document_paths"),
    "part in the middle": (raw_name("a/../xx.xml"), "document_paths"),
    "a part twice": (twice(), "document_paths"),
    "broken zip": (docx()[:400] + docx()[430:], "document_polyglot"),
    "no PDF but its head": (b"%PDF-1.7\n" + b"x" * 500, "document_unreadable"),
    "no page": (b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
                b"trailer<</Root 1 0 R>>\n%%EOF", "document_unreadable"),
    "a password to open it": (papers.pdf_locked(), "document_locked"),
}  # fmt: skip


@pytest.mark.parametrize("which", REFUSED)
def test_a_file_that_cannot_be_made_safe_is_refused_by_the_worker(which: str) -> None:
    content, code = REFUSED[which]
    with pytest.raises(Unfit) as unfit:
        copy(content)
    assert unfit.value.code == code


def latex_pdf_with(found: bytes) -> bytes:
    """The packed catalog contains `found`, which can only be read by unpacking it."""
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


@pytest.mark.parametrize("cut", [40, 200])
def test_a_broken_pdf_is_unreadable_never_an_error(cut: int) -> None:
    with pytest.raises(Unfit) as unfit:
        copy_pdf(pdf()[:cut] + b"\n%%EOF")
    assert unfit.value.code == "document_unreadable"


def test_a_pdf_without_its_xref_table_is_repaired() -> None:
    whole = pdf()
    assert words_of(copy_pdf(whole[: whole.index(b"xref")]).content) == words_of(whole)


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


@pytest.mark.parametrize(
    "content", [docx(), pdf(link=f"file:///{papers.HOME}", picture=papers.jpeg())], ids=["docx", "pdf"]
)
def test_the_copy_reveals_no_author_place_or_device(content: bytes) -> None:
    before, after = everything_in(content), everything_in(copy(content).content)
    assert sum(trace in before for trace in TRACES) >= 4
    assert [trace for trace in TRACES if trace in after] == []
    assert b"picture\xff\x00data" in after


def test_the_copy_of_a_word_document_keeps_its_words_links_and_parts() -> None:
    with zipfile.ZipFile(io.BytesIO(copy_docx(docx()).content)) as archive:
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
