"""The copy contains nothing that runs, is fetched or hides in the file; it says what was removed, and keeps the
text."""

from __future__ import annotations

import re

import pytest

from documents.inspection.docx import copy_docx
from documents.inspection.pdf import copy_pdf
from tests.documents.hostile import EVIL
from tests.documents.hostile_pdf import AROUND, PDF
from tests.documents.hostile_word import WORD
from tests.documents.papers import docx, pdf
from tests.documents.reading import everything_in, words_of
from tests.documents.test_inspection import latex_pdf_with

pytestmark = pytest.mark.policy("DATA-3")


@pytest.mark.parametrize("which", WORD)
def test_a_word_document_is_disarmed(which: str) -> None:
    hostile = WORD[which]
    copied = copy_docx(hostile.content)
    assert hostile.taken_out in copied.taken_out
    held = everything_in(copied.content).decode("latin-1")
    assert [gone for gone in hostile.gone if gone in held] == []
    assert [kept for kept in hostile.kept if kept not in held] == []
    again = copy_docx(copied.content)
    assert again.taken_out == ()


@pytest.mark.parametrize("which", PDF)
def test_a_pdf_is_disarmed(which: str) -> None:
    hostile = PDF[which]
    copied = copy_pdf(hostile.content)
    assert hostile.taken_out in copied.taken_out
    held = everything_in(copied.content).decode("latin-1")
    assert [gone for gone in hostile.gone if gone in held] == []
    assert [kept for kept in hostile.kept if kept not in held] == []
    assert words_of(copied.content) == words_of(pdf())
    assert copy_pdf(copied.content).taken_out == ()


@pytest.mark.parametrize("which", AROUND)
def test_bytes_around_a_pdf_are_not_in_its_copy(which: str) -> None:
    copied = copy_pdf(AROUND[which])
    assert EVIL.encode() not in everything_in(copied.content)
    assert words_of(copied.content) == words_of(pdf())
    assert copied.content.startswith(b"%PDF-")
    assert copied.content.rstrip().endswith(b"%%EOF")


@pytest.mark.parametrize(
    "found",
    [
        b"<</S/JavaScript/JS(app.alert\\(1\\))>>",
        b"<</S/Launch/F(calc.exe)>>",
        b"<</S/GoToE/T<<>>>>",
        b"<</S/GoTo/D[3 0 R/Fit]/Next<</S/J#61vaScript>>>>",
    ],
)
def test_compressed_objects_of_a_pdf_are_disarmed(found: bytes) -> None:
    copied = copy_pdf(latex_pdf_with(found))
    assert copied.taken_out
    held = everything_in(copied.content)
    assert not re.search(rb"JavaScript|Launch|GoToE|calc\.exe|alert", held)


def test_what_a_word_document_lost_is_said_once_and_in_order() -> None:
    copied = copy_docx(WORD["an embedded object"].content)
    assert list(copied.taken_out) == sorted(set(copied.taken_out))
    assert copy_docx(docx()).taken_out == ("link",)
