"""Describes a difference in words, for the page and the command line."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from accounts.models.enrolment import Level, Mode, Status
from accounts.models.user import Role
from foundation.values.counted import counted
from foundation.values.times import plain_day

FIELDS = {
    "given_name": "Given name", "family_name": "Family name", "preferred_name": "Preferred name",
    "email": "Email address", "phone": "Telephone", "role": "Student or graduate",
    "joined_feed": "In the feed for the first time", "returned": "Back in the feed",
    "course_added": "A further course", "course_gone": "A course no longer listed", "course_back": "A course is back",
    "level": "Level of study", "mode": "Mode", "status": "Status", "fee_status": "Fee status",
    "year_of_study": "Year of study", "expected_end": "Expected end", "completion": "Completion",
}  # fmt: skip

ENDS_WITHIN_A_ROW = (
    "The file ends without a line break, like a file that was cut. If it is whole, let the export end its last row "
    "with a line break too, and upload it again."
)

CONFIDENTIAL = ("phone", "fee_status")
"""Fields of which we store and show only that they change."""

CHOICES: dict[str, Any] = {"level": Level, "mode": Mode, "status": Status, "role": Role}
DAYS = ("expected_end", "completion")

PEOPLE = (
    ("new", "new"),
    ("changed", "changed"),
    ("unchanged", "unchanged"),
    ("leavers", "no longer listed"),
    ("refused", "refused"),
)

CATALOGUE = (
    ("new_programmes", "New programmes"),
    ("changed_programmes", "Programmes that change"),
    ("new_schools", "New Schools"),
    ("changed_schools", "Schools that change"),
    ("other_spellings", "Written in another way, and read as the one we know"),
    ("described_in_two_ways", "Described in two ways in this file, and left as they are"),
    ("unknown_columns", "Columns we do not know, passed over"),
)


def shown(field: str, value: str | None) -> str:
    """The stored value as people read it."""
    if not value:
        return ""
    if field in DAYS:
        return plain_day(date.fromisoformat(value))
    return str(CHOICES[field](value).label) if field in CHOICES else value


def difference_lines(counts: Mapping[str, Any], report: Mapping[str, Any]) -> Iterator[str]:
    yield "People"
    for key, words in PEOPLE:
        yield f"  {counts[key]:>7,} {words}"
    for field, number in counts["fields"].items():
        yield f"  {number:>7,}   {FIELDS.get(field, field).lower()}"
    if counts["bad_rows"]:
        yield f"{counted(counts['bad_rows'], 'row')} refused. We do not change these people."
    if report.get("ends_within_a_row"):
        yield ENDS_WITHIN_A_ROW
    if counts.get("rows_of_nobody"):
        yield "Some refused rows do not say whose they are, so we mark nobody and no course as no longer listed."
    if report["unusable_phones"]:
        yield f"{counted(report['unusable_phones'], 'telephone number')} could not be read. We ignore them."
    for key, words in CATALOGUE:
        if report[key]:
            yield f"{words}: {'; '.join(report[key])}"
