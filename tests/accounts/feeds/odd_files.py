"""Odd files of the student feed, each with what reading it must give. None needs the database."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from tests.accounts.feed_files import NAMES, file_of, person

WHOLE = file_of(person(1), person(2))
HEADER, FIRST, SECOND = (line + b"\r\n" for line in WHOLE.split(b"\r\n")[:3])
NEEDED_FIRST = ["school", "programme_code", "programme_name", "level", "status", "start", "email", "family_name",
                "given_name", "university_id", "faculty", "year_of_study", "phone"]  # fmt: skip
LACKS = ("expected_end_on", "mode", "fee_status", "has_placement_year", "preferred_name")


@dataclass(frozen=True, slots=True)
class OddFile:
    """`good`: numbers of the people whose rows are usable. `refused`: lines. `says`: part of why all of it is refused.

    `values`: what these people have instead of the usual values, by number and the name in CleanRow. `lacks`: columns
    that the file does not have.
    """

    name: str
    body: bytes
    good: tuple[int, ...] = (1, 2)
    refused: tuple[int, ...] = ()
    says: str = ""
    values: dict[int, dict[str, object]] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()


def _refused(name: str, body: bytes, says: str) -> OddFile:
    return OddFile(name, body, (), (), says)


def _one(name: str, good: bool = False, values: dict[str, object] | None = None, **said: str) -> OddFile:
    """Person 1 with these cells, before person 2."""
    body = file_of(person(1, **said), person(2))
    return OddFile(name, body, values={1: values or {}}) if good else OddFile(name, body, (2,), (2,))


def quoted(body: bytes) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerows(csv.reader(io.StringIO(body.decode())))
    return text.getvalue().encode()


def _ended(body: bytes, end: bytes, header: bytes = b"") -> bytes:
    """Every row with `end` behind it, and the header with `header`."""
    first, *rows = body.splitlines()
    return b"".join([first + header + b"\r\n", *(row + end + b"\r\n" for row in rows)])


def _spellings() -> Iterator[OddFile]:
    rows = (person(1), person(2))
    for delimiter in ",;\t|":
        for end in ("\n", "\r\n", "\r"):
            yield OddFile(f"{delimiter!r} and {end!r}", file_of(*rows, delimiter=delimiter, end=end))
        body = file_of(*rows, delimiter=delimiter)
        yield OddFile(f"hint {delimiter!r}", f"sep={delimiter}\r\n".encode() + body)
        yield OddFile(f"quoted, {delimiter!r}", quoted(WHOLE).replace(b'","', f'"{delimiter}"'.encode()))
    yield OddFile("a hint in quotation marks and capitals", b'"SEP=;"\n' + file_of(*rows, delimiter=";"))
    yield OddFile("a hint that is wrong", b"sep=;\r\n" + WHOLE)
    yield OddFile("a byte order mark", b"\xef\xbb\xbf" + WHOLE)
    yield OddFile("two byte order marks", b"\xef\xbb\xbf" * 2 + WHOLE)
    yield OddFile("two byte order marks before quoted cells", b"\xef\xbb\xbf" * 2 + quoted(WHOLE))
    yield OddFile("a byte order mark and a hint", b"\xef\xbb\xbfsep=,\r\n" + WHOLE)
    yield OddFile("the number of a line behind a hint", b"sep=,\r\n\r\n" + HEADER + FIRST + b"F3,x\r\n", (1,), (5,))
    yield OddFile("blank lines before", b"\r\n \r\n" + WHOLE)
    yield OddFile("blank lines between", HEADER + b"\r\n" + FIRST + b"\r\n \r\n" + SECOND)
    yield OddFile("blank lines after", WHOLE + b"\r\n\r\n\n")
    yield OddFile("rows of delimiters", HEADER + b",,,\r\n" + FIRST + SECOND + b"," * 18 + b"\r\n")
    yield OddFile("capitals in the header", WHOLE.replace(HEADER, HEADER.upper()))
    yield OddFile("spaces in the header", WHOLE.replace(b"given_name", "given\u00a0 Name ".encode()))
    yield OddFile("an invisible character in the header", WHOLE.replace(b"email", "em\u200bail".encode()))
    yield OddFile("columns in another order", file_of(*rows, names=NAMES[::-1]))
    yield OddFile("columns that we do not know", file_of(*rows, names=["shoe", *NAMES[:4], "hat", *NAMES[4:], "glove"]))
    yield OddFile("a final row of a count", WHOLE + b"\r\n(2 rows affected)\r\n", refused=(5,))


def _widths() -> Iterator[OddFile]:
    yield OddFile("trailing delimiters in the header", _ended(WHOLE, b"", b",,,"))
    yield OddFile("trailing delimiters everywhere", _ended(WHOLE, b",,", b",,"))
    yield OddFile("trailing delimiters in the rows", _ended(WHOLE, b","))
    yield OddFile("three trailing delimiters in the rows", _ended(WHOLE, b",,,"))
    yield OddFile("a trailing delimiter in one row", WHOLE[:-2] + b",\r\n", (1,), (3,))
    yield OddFile("none in one row", HEADER + FIRST[:-2] + b",\r\n" + SECOND, (1,), (3,))
    yield OddFile("a cell too many", HEADER + FIRST[:-2] + b",x\r\n" + SECOND, (2,), (2,))
    yield OddFile("a delimiter within a cell", WHOLE.replace(b"Humanities", b"Law, Arts", 1), (2,), (2,))
    body = file_of(person(1, faculty="", year_of_study="", phone=""), person(2), names=NEEDED_FIRST)
    row: dict[str, object] = {"faculty": None, "year_of_study": None, "phone": None}
    yield OddFile("a row that ends early", body.replace(b",,,\r\n", b"\r\n"), values={1: row}, lacks=LACKS)
    row = {**row, "faculty": "Arts"}
    body = body.replace(b",,,\r\n", b",Arts\r\n")
    yield OddFile("a row that ends before two columns", body, values={1: row}, lacks=LACKS)
    body = file_of(person(1), person(2), names=NEEDED_FIRST)
    for name, old, new, lines in (
        ("a row that lacks a needed column", b",F0000001,Faculty of Arts,2,07700 900123", b"", 1),
        ("a line break in a cell at the end", b"Faculty of", b"Faculty\n of", 2),
        ("two line breaks in a cell at the end", b"Faculty of", b"Fac\nulty\n of", 3),
        ("a line break in the last cell", b" 900123", b"\r\n 900123", 2),
    ):
        yield OddFile(name, body.replace(old, new, 1), (2,), (*range(2, 2 + lines),), lacks=LACKS)
    yield OddFile("a line break in a cell before", WHOLE.replace(b"of Human", b"of\r\nHuman", 1), (2,), (2, 3))
    yield OddFile("an id alone", WHOLE + b"F0000003\r\n", (1,), (3, 4))
    yield OddFile("some cells alone", WHOLE + b"F0000003,Cleo\r\n", refused=(4,))


def _broken() -> Iterator[OddFile]:
    yield OddFile("no final line break", WHOLE[:-2], (1,), (3,))
    yield OddFile("half a final line break", WHOLE[:-1])
    yield OddFile("cut in the last cell", WHOLE[:-3], (1,), (3,))
    yield OddFile("cut in an address", WHOLE[: WHOLE.rindex(b".uk")], (1,), (3,))
    yield OddFile("cut in the header", HEADER[:-2], ())
    yield _refused("cut in a quoted cell", quoted(WHOLE)[:-3], "From line 3")
    yield _refused("a quotation mark that is never closed", WHOLE.replace(b"Amara", b'"Amara', 1), "From line 2")
    yield _refused("text behind a quotation mark", WHOLE.replace(b"Amara", b'"Am"ara', 1), "From line 2")
    yield OddFile("a quotation mark within a cell", WHOLE.replace(b"Amara", b'Am"ara', 1), (2,), (2,))
    inside = file_of(person(1, school="School\r\n" + FIRST.decode()), person(2))
    yield _refused("a row within a cell", inside, "From line 2")
    yield _refused("a cell that is far too long", file_of(person(1, school="x" * 140_000)), "From line 2")
    yield _one("a line break within a quoted cell", True, {"school": "School of Law"}, school="School\nof\r\nLaw")
    yield _one("doubled quotation marks", True, {"school": 'The "Law" School'}, school='The "Law" School')
    yield OddFile("a repeated header", HEADER + FIRST + HEADER + SECOND, refused=(3,))


def _other_files() -> Iterator[OddFile]:
    yield _refused("an Excel workbook", b"PK\x03\x04\x14\0\x06\0", "Excel")
    yield _refused("an old Excel workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel")
    yield _refused("compressed with gzip", gzip.compress(WHOLE), "gzip")
    yield _refused("compressed with bzip2", b"BZh91AY&SY", "bzip2")
    yield _refused("a PDF", b"%PDF-1.7\n", "PDF")
    yield _refused("the page of a sign-in", b"\n<!DOCTYPE html>\n<title>Sign in</title>", "web page")
    yield _refused("XML", b"<?xml version='1.0'?><people/>", "XML")
    yield _refused("UTF-16, little end first", WHOLE.decode().encode("utf-16"), "UTF-16")
    yield _refused("UTF-16, big end first", b"\xfe\xff" + WHOLE.decode().encode("utf-16-be"), "UTF-16")
    yield _refused("UTF-16 without its mark", WHOLE.decode().encode("utf-16-le"), "UTF-16")
    yield _refused("a header that is not UTF-8", WHOLE.replace(b"email", b"em\xe4il"), "not UTF-8")
    yield _refused("JSON", b'[{"university_id": "F0000001"}]', "missing")
    yield _refused("no needed column", b"name,address\nx,y\n", "university_id")
    yield _refused("a column twice", WHOLE.replace(b"phone", b"email"), "email")
    yield _refused("blank lines alone", b"\n\r\n \n", "empty")
    yield _refused("nothing", b"", "empty")


INVISIBLE = (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0x00AD, 0x200B, 0x2060, 0xFEFF,
             0xFFF9, 0xFFFE, 0xFFFF, 0xFDD0, 0xFDEF, 0x1FFFE, 0x10FFFF, 0xE0041)  # fmt: skip
SPACES = (0x00A0, 0x2003, 0x202F, 0x3000, 0x2028, 0x2029, 0x0085, 0x0009, 0x000B)


def _signs() -> Iterator[OddFile]:
    for code in INVISIBLE:
        yield _one(
            f"U+{code:04X} in a name", True, given_name=f"Ama{chr(code)}ra", school=f"{chr(code)}School of Humanities"
        )
    for code in SPACES:
        yield _one(f"U+{code:04X} as a space", True, school=f"School{chr(code)}{chr(code)}of Humanities")
    yield _one("two spaces", True, school=" School  of   Humanities ")
    yield _one("a letter and its accent apart", True, {"family_name": "Ngô"}, family_name="Ngo\u0302")
    yield _one("an invisible character in an id", True, university_id="F000\u200b0001\ufeff")
    yield _one("NUL", school="a\0b")
    yield _one("a control character", school="a\x1bb")
    yield _one("a letter that was lost", family_name="M\ufffdller")
    yield OddFile("a cell that is not UTF-8", WHOLE.replace(b"Person1", b"M\xfcller"), (2,), (2,))
    yield _one("full-width digits in an id", university_id="Ｆ０００１")
    for cell in ("NULL", "nan", "None", "N/A", "-", "1.23E+07", "#N/A", "#REF!", '="007"', "S1 S2"):
        yield _one(f"{cell} as an id", university_id=cell)


def _days() -> Iterator[OddFile]:
    for cell in ("15/09/2025", "2025-09-15 00:00:00", "2025-09-15T00:00", " 2025-09-15 ", "\u200e15/09/2025"):
        yield _one(f"{cell!r} as a day", True, start=cell)
    for cell in ("45915", "15/09/25", "15.09.2025", "15-09-2025", "2025/09/15", "20250915", "15 Sep 2025", "31/11/2025",
                 "2025-09-15T10:30", "15/09/2025 00:00", "١٥/٠٩/٢٠٢٥", "0000-00-00", "2025-9-15"):  # fmt: skip
        yield _one(f"{cell!r} as a day", start=cell)
    body = file_of(person(1, start="09/01/2025"), person(2, start="09/13/2025"), person(3))
    yield OddFile("a month first, and a day that reads both ways", body, (3,), (2, 3))
    body = file_of(person(1), person(2, start="\u200e09/01/2025"), person(3, start="09/13/2025"))
    yield OddFile("an invisible character in a day that reads both ways", body, (1,), (3, 4))
    body = file_of(person(1, start="28/09/2025"), person(2), person(3, start="09/13/2025"))
    values: dict[int, dict[str, object]] = {1: {"started_on": date(2025, 9, 28)}}
    yield OddFile("a month first, and a day that reads one way", body, (1, 2), (4,), values=values)
    body = file_of(person(1), person(2), person(3, start="01/09/2025"), person(4, expected_end="07/28/2028"))
    yield OddFile("the month first in the last row", body, (1, 2), (4, 5))
    body = file_of(person(1), person(2, start="09/09/2025"), person(3, start="09/13/2025"))
    values = {2: {"started_on": date(2025, 9, 9)}}
    yield OddFile("the same either way round", body, (1, 2), (4,), values=values)
    body = file_of(person(1), person(2, start="08/09/2025"), person(3, start="01/45/2025"))
    values = {2: {"started_on": date(2025, 9, 8)}}
    yield OddFile("no date at all says nothing about the order", body, (1, 2), (4,), values=values)


ODD_FILES = [*_spellings(), *_widths(), *_broken(), *_other_files(), *_signs(), *_days()]
