"""Writing CSV files for download. Only this module writes them, so every cell is safe to open in a spreadsheet."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

FORMULA = frozenset("=+-@\N{MINUS SIGN}")
"""Spreadsheet programs read a cell that begins with one of these as a formula (OWASP, CSV injection)."""

BREAKS = ("\t", "\r", "\n")
PIECE = 256 * 1024
"""Characters to collect before a piece of the file is sent."""


class Plain(str):
    """A cell whose format we know, such as a telephone number in E.164; written unchanged."""

    __slots__ = ()


def harmless(cell: str) -> str:
    """The cell, with an apostrophe in front if a spreadsheet program would execute or split it. NUL becomes U+FFFD.

    Leading spaces, control and invisible characters are ignored when looking for the sign, and full-width signs count,
    because East Asian versions read them as ASCII. Applying it twice changes nothing more.
    """
    cell = cell.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return f"'{cell}" if cell.startswith(BREAKS) or _first_sign(cell) in FORMULA else cell


def unharmed(cell: str) -> str:
    """Removes the apostrophe that `harmless` added."""
    return cell[1:] if cell.startswith("'") and harmless(cell[1:]) == cell else cell


def _first_sign(cell: str) -> str:
    """The first visible character, NFKC-normalised to ASCII where possible; empty if there is none."""
    seen = next((letter for letter in cell if not _is_passed_over(letter)), "")
    return unicodedata.normalize("NFKC", seen)


def _is_passed_over(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) in {"Cc", "Cf", "Zs", "Zl", "Zp"}


def written(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The file as pieces of UTF-8. Every cell is made harmless unless it is `Plain`; surrogates become U+FFFD."""
    piece = io.StringIO()
    piece.write("\ufeff")  # the byte order mark: without it Excel does not read the file as UTF-8
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
