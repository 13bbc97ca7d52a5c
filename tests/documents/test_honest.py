"""Honest files of thirty makers and kinds are accepted, and their copies have the same text."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from documents.inspection.docx import copy_docx
from documents.inspection.pdf import copy_pdf
from documents.inspection.taken_out import CleanCopy, TakenOut
from documents.rules.uploads import may_take
from tests.documents.rare import MADE, OWNER, RARE
from tests.documents.reading import everything_in, words_of
from tests.documents.word import names, part

pytestmark = pytest.mark.policy("DATA-3")

BY_PROGRAMS = sorted(path.name for path in MADE.iterdir() if path.suffix in (".pdf", ".docx"))
TAKEN_OUT_OF = {
    "empty-password-aes.pdf": {TakenOut.RESTRICTION},
    "libreoffice-restricted.pdf": {TakenOut.RESTRICTION},
    "europass.pdf": {TakenOut.ATTACHMENT},
    "hybrid-odf.pdf": {TakenOut.ATTACHMENT},
    "latex.pdf": {TakenOut.LINK, TakenOut.ACTION},
    "latex-presentation.pdf": {TakenOut.LINK, TakenOut.ACTION},
    "ghostscript.pdf": {TakenOut.LINK, TakenOut.ACTION},
}
"""LaTeX: a link to a file beside it, and one that starts a program."""
TRACES = (OWNER, b"Writer", b"ReportLab", b"/Producer", b"/Author", b"/CreationDate", b"dc:creator>")


def copy(content: bytes) -> CleanCopy:
    return copy_docx(content) if content.startswith(b"PK") else copy_pdf(content)


def check(content: bytes, name: str, expected: set[TakenOut] | frozenset[TakenOut]) -> bytes:
    assert may_take(content, name, 5)
    copied = copy(content)
    assert set(copied.taken_out) == expected
    assert words_of(copied.content) == words_of(content)
    assert any(words.strip() for words in words_of(content)), "there is something to read"
    held = everything_in(copied.content)
    assert [trace for trace in TRACES if trace in held] == []
    again = copy(copied.content)
    assert again.taken_out == ()
    return copied.content


@pytest.mark.parametrize("name", BY_PROGRAMS)
def test_files_of_other_programs_are_accepted_with_their_text(name: str) -> None:
    check((MADE / name).read_bytes(), name, TAKEN_OUT_OF.get(name, set()))


@pytest.mark.parametrize("which", RARE)
def test_rare_honest_files_are_accepted_with_their_text(which: str) -> None:
    content, expected = RARE[which]
    check(content, "cv.docx" if content.startswith(b"PK") else "cv.pdf", expected)


def test_there_are_enough_honest_files() -> None:
    assert len(BY_PROGRAMS) + len(RARE) >= 40


def opened(content: bytes, ending: str) -> Image.Image:
    name = next(each for each in names(content) if each.endswith(ending))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return Image.open(io.BytesIO(archive.read(name)))


@pytest.mark.parametrize(
    ("which", "ending", "kind"),
    [
        ("a photo as HEIC", ".jpeg", "JPEG"),
        ("a scan as TIFF", ".png", "PNG"),
        ("a picture as WebP", ".webp", "WEBP"),
        ("a part named with ü", "Grüße-aus-Köln.png", "PNG"),
    ],
)
def test_pictures_are_still_pictures(which: str, ending: str, kind: str) -> None:
    copied = copy(RARE[which][0]).content
    with opened(copied, ending) as image:
        assert (image.format, image.size) == (kind, (64, 48))
        image.load()
        assert not image.getexif()
    assert ending.rpartition("/")[2] in part(copied, "word/_rels/document.xml.rels")
    extension = ending.rpartition(".")[2]
    assert f'"image/{extension}"' in part(copied, "[Content_Types].xml")


def test_what_a_copy_refers_to_is_in_it() -> None:
    """Word calls a document corrupt if it refers to a missing part."""
    chart = part(copy(RARE["a chart with its workbook"][0]).content, "word/charts/chart1.xml")
    assert "externalData" not in chart
    assert "4.3" in chart
    effects = part(copy(RARE["photo effects of Word"][0]).content)
    assert "rId2" not in effects
    assert 'embed="rId1"' in effects
    bound = part(copy(RARE["data in UTF-16 behind the text"][0]).content)
    assert "dataBinding" not in bound
    assert "Curriculum Vitae" in bound


def test_harmless_fields_stay_fields() -> None:
    document = part(copy(RARE["fields of all kinds"][0]).content)
    for kept in ("PAGE", "NUMPAGES", "https://example.org/LINK", "TOC", "_Toc1", "IF "):
        assert kept in document, kept
    for gone in ("FILENAME", "AUTHOR"):
        assert gone not in document, gone
