"""CSV files that we give out: the only place that writes one, so that every cell in every file is safe to open."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

FORMULA = frozenset("=+-@\N{MINUS SIGN}")
"""A spreadsheet program takes what begins with one of these for a formula (OWASP, CSV injection)."""

BREAKS = ("\t", "\r", "\n")
PIECE = 256 * 1024
"""Characters that are put together before they are given out."""


class Plain(str):
    """A cell whose form we know, such as a telephone number in E.164: written as it is."""

    __slots__ = ()


def harmless(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet program would run it or split it; NUL becomes U+FFFD.

    Spaces of every kind, control characters and invisible characters before the sign do not hide it, nor do the
    full-width signs that East Asian versions read as ASCII. Doing it twice changes nothing more.
    """
    cell = cell.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return f"'{cell}" if cell.startswith(BREAKS) or _first_sign(cell) in FORMULA else cell


def unharmed(cell: str) -> str:
    """The opposite: a cell without the apostrophe that `harmless` put before it."""
    return cell[1:] if cell.startswith("'") and harmless(cell[1:]) == cell else cell


def _first_sign(cell: str) -> str:
    """What is seen first, in its ASCII form where it has one; empty where nothing is seen."""
    seen = next((letter for letter in cell if not _is_passed_over(letter)), "")
    return unicodedata.normalize("NFKC", seen)


def _is_passed_over(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) in {"Cc", "Cf", "Zs", "Zl", "Zp"}


def written(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """UTF-8 in pieces, every cell harmless unless it is `Plain`. What was read as surrogates becomes U+FFFD."""
    piece = io.StringIO()
    piece.write("\ufeff")  # without it, Excel takes the file for something other than UTF-8
    writer = csv.writer(piece)
    for row in rows:
        writer.writerow([cell if isinstance(cell, Plain) else harmless(cell) for cell in row])
        if piece.tell() > PIECE:
            yield _bytes(piece)
            piece.seek(0)
            piece.truncate()
    yield _bytes(piece)


def csv_file(rows: Iterable[Sequence[str]]) -> bytes:
    return b"".join(written(rows))


def _bytes(piece: io.StringIO) -> bytes:
    return piece.getvalue().encode("utf-8", "surrogateescape").decode("utf-8", "replace").encode()
