"""Validates and normalises one row. Reasons never quote the cell, because reasons are stored and cells are not."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.models.enrolment import CODE_WORDS, PROGRAMME_CODE, FeeStatus, Level, Mode, Status
from foundation.values.csv_files import unharmed
from foundation.values.person_names import spaced_name, validate_person_name
from foundation.values.telephones import normalised
from foundation.values.unseen_signs import without_unseen

ID = re.compile(r"[A-Za-z0-9._/-]{1,40}")
NO_ID = {"", "na", "nan", "none", "null", "undefined", "unknown"}
"""What programs write for an id that they do not have, without its punctuation."""

FIRST_YEAR, YEARS_AHEAD, LONGEST_COURSE = 1950, 2, 15
SHORT = {
    "ug": Level.UNDERGRADUATE, "pgt": Level.POSTGRADUATE_TAUGHT, "pgr": Level.POSTGRADUATE_RESEARCH,
    "ft": Mode.FULL_TIME, "pt": Mode.PART_TIME, "distance_learning": Mode.DISTANCE,
    "graduate": Status.COMPLETED, "current_student": Status.CURRENT,
}  # fmt: skip
NAMES = ("given_name", "family_name", "preferred_name")
DAYS = ("start", "expected_end", "completion")
YES, NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0"}


class BadCell(Exception):
    """Why the row cannot be used, as a sentence."""


@dataclass(slots=True)
class CleanRow:
    """None means that the file does not say, so the stored value is kept.

    Fields are in the order of the staging table.
    """

    university_id: str
    given_name: str
    family_name: str
    preferred_name: str | None
    email: str
    phone: str | None
    school: str
    faculty: str | None
    programme_code: str
    programme_name: str
    has_placement_year: bool | None
    level: str
    mode: str | None
    status: str
    fee_status: str | None
    year_of_study: int | None
    started_on: date
    expected_end_on: date | None
    completed_on: date | None


class UnusablePhone(Exception):
    """Does not make the row bad."""


def usable_id(cell: str) -> str:
    """The university id if it is valid, otherwise empty: so that a bad row can still name its person."""
    cell = without_unseen(cell).strip()
    return cell if ID.fullmatch(cell) and cell.casefold().strip("._/-").replace("/", "") not in NO_ID else ""


def clean(cells: Mapping[str, str], today: date) -> CleanRow:
    """`cells` by column name, without columns that the file lacks. Raises BadCell."""
    said = {name: text(name, cell) for name, cell in cells.items()}
    said |= {name: person_name(name, said[name]) for name in NAMES if name in said}
    if not usable_id(said["university_id"]):
        raise BadCell("The university_id is empty, too long, or has signs other than letters, digits and . _ / -")
    status = choice("status", said["status"], Status) or _refuse_empty("status")
    started = day("start", said["start"]) or _refuse_empty("start")
    row = CleanRow(
        university_id=said["university_id"],
        given_name=within("given_name", said["given_name"], 80),
        family_name=within("family_name", said["family_name"], 80, may_be_empty=True),
        preferred_name=_optional(said, "preferred_name", 80),
        email=email(said["email"]),
        phone=said.get("phone"),
        school=within("school", said["school"], 120),
        faculty=_optional(said, "faculty", 120) or None,
        programme_code=code(said["programme_code"]),
        programme_name=within("programme_name", said["programme_name"], 160),
        has_placement_year=yes_or_no("placement_year", said.get("placement_year", "")),
        level=choice("level", said["level"], Level) or _refuse_empty("level"),
        mode=choice("mode", said.get("mode", ""), Mode),
        status=status,
        fee_status=choice("fee_status", said.get("fee_status", ""), FeeStatus),
        year_of_study=year(said.get("year_of_study", "")),
        started_on=started,
        expected_end_on=day("expected_end", said.get("expected_end", "")),
        completed_on=day("completion", said.get("completion", "")),
    )
    check_days(row, today)
    return row


def check_days(row: CleanRow, today: date) -> None:
    if not FIRST_YEAR <= row.started_on.year <= today.year + YEARS_AHEAD:
        raise BadCell(f"The start is not between {FIRST_YEAR} and {today.year + YEARS_AHEAD}.")
    if row.expected_end_on and row.expected_end_on < row.started_on:
        raise BadCell("The expected_end is before the start.")
    if row.expected_end_on and row.expected_end_on.year > row.started_on.year + LONGEST_COURSE:
        raise BadCell(f"The expected_end is more than {LONGEST_COURSE} years after the start.")
    if row.status == Status.COMPLETED and row.completed_on is None:
        raise BadCell("The status is completed, but the completion is empty.")
    if row.status != Status.COMPLETED and row.completed_on is not None:
        raise BadCell("There is a completion, but the status is not completed.")
    if row.completed_on and row.completed_on < row.started_on:
        raise BadCell("The completion is before the start.")
    if row.completed_on and row.completed_on > today:
        raise BadCell("The completion is still to come.")


def usable_phone(cell: str) -> str:
    """The number in E.164, or empty. Raises UnusablePhone."""
    if not cell:
        return ""
    try:
        return normalised(cell)
    except ValueError as error:
        raise UnusablePhone from error


def text(name: str, cell: str) -> str:
    """The cell trimmed and in NFC, without invisible characters, and without the apostrophe that our file of refused
    rows adds before formulas."""
    cell = cell.strip()
    if not (cell.isascii() and cell.isprintable()):
        cell = _unusual(name, cell).strip()
    cell = unharmed(cell).strip()
    return " ".join(cell.split()) if "  " in cell else cell


def _unusual(name: str, cell: str) -> str:
    if "\0" in cell:
        raise BadCell(f"The {name} has a NUL byte in it.")
    if any("\ud800" <= letter <= "\udfff" for letter in cell):
        raise BadCell(f"The {name} is not UTF-8.")
    if "\N{REPLACEMENT CHARACTER}" in cell:
        raise BadCell(f"The {name} has the sign of a letter that was lost when the file was written.")
    cell = unicodedata.normalize("NFC", without_unseen(re.sub(r"\s+", " ", cell)))
    if any(unicodedata.category(letter) == "Cc" for letter in cell):
        raise BadCell(f"The {name} has control characters in it.")
    return cell


def person_name(name: str, cell: str) -> str:
    """Adds a space after full stops as `spaced_name` does. Raises BadCell for links and invisible characters."""
    cell = spaced_name(cell)
    try:
        validate_person_name(cell)
    except ValidationError as error:
        if error.code == "name_is_a_link":
            raise BadCell(f"The {name} cannot be a link: leave out : @ // < > and \\.") from error
        raise BadCell(f"The {name} has invisible characters in it.") from error
    return cell


def within(name: str, cell: str, most: int, *, may_be_empty: bool = False) -> str:
    if not cell and not may_be_empty:
        _refuse_empty(name)
    if len(cell) > most:
        raise BadCell(f"The {name} is longer than {most} characters.")
    return cell


def _optional(said: Mapping[str, str], name: str, most: int) -> str | None:
    return within(name, said[name], most, may_be_empty=True) if name in said else None


def email(cell: str) -> str:
    within("email", cell, 254)
    try:
        validate_email(cell)
    except ValidationError as error:
        raise BadCell("The email is not an email address.") from error
    if not cell.isascii():
        raise BadCell("The email is not an email address.")
    return cell


def code(cell: str) -> str:
    if not re.match(PROGRAMME_CODE, cell):
        raise BadCell(CODE_WORDS)
    return cell


def choice(name: str, cell: str, choices: type[Level] | type[Mode] | type[Status] | type[FeeStatus]) -> str | None:
    if not cell:
        return None
    said = cell.casefold().replace(" ", "_").replace("-", "_")
    value = str(SHORT.get(said, said))
    if value not in choices.values:
        raise BadCell(f"The {name} is not one of {', '.join(map(str, choices.values))}.")
    return value


def day(name: str, cell: str) -> date | None:
    if not cell:
        return None
    found = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?", cell, re.ASCII)
    parts = found.groups() if found else None
    if parts is None and (found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", cell, re.ASCII)):
        parts = found.groups()[::-1]
    try:
        return date(*map(int, parts or ()))
    except (TypeError, ValueError) as error:
        raise BadCell(f"The {name} is not a day: write 2026-09-15 or 15/09/2026.") from error


def year(cell: str) -> int | None:
    if not cell:
        return None
    if not re.fullmatch(r"\d{1,2}", cell, re.ASCII) or not 1 <= int(cell) <= 12:
        raise BadCell("The year_of_study is not a number from 1 to 12.")
    return int(cell)


def yes_or_no(name: str, cell: str) -> bool | None:
    said = cell.casefold()
    if not said:
        return None
    if said not in YES | NO:
        raise BadCell(f"The {name} is neither yes nor no.")
    return said in YES


def _refuse_empty(name: str) -> NoReturn:
    raise BadCell(f"The {name} is empty.")
