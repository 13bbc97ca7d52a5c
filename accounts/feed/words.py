"""Describes a difference in words, for the page and the command line."""

from collections.abc import Iterator, Mapping
from typing import Any

from foundation.values.counted import counted

FIELDS = {
    "given_name": "Given name", "family_name": "Family name", "preferred_name": "Preferred name",
    "email": "Email address", "phone": "Telephone", "role": "Student or graduate",
    "joined_feed": "In the feed for the first time", "returned": "Back in the feed",
    "course_added": "A further course", "course_gone": "A course no longer listed", "course_back": "A course is back",
    "level": "Level of study", "mode": "Mode", "status": "Status", "fee_status": "Fee status",
    "year_of_study": "Year of study", "expected_end": "Expected end", "completion": "Completion",
}  # fmt: skip

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


def difference_lines(counts: Mapping[str, Any], report: Mapping[str, Any]) -> Iterator[str]:
    yield "People"
    for key, words in PEOPLE:
        yield f"  {counts[key]:>7,} {words}"
    for field, number in counts["fields"].items():
        yield f"  {number:>7,}   {FIELDS.get(field, field).lower()}"
    if counts["bad_rows"]:
        yield f"{counted(counts['bad_rows'], 'row')} refused. We do not change these people."
    if counts.get("rows_of_nobody"):
        yield "Some refused rows do not say whose they are, so we mark nobody and no course as no longer listed."
    if report["unusable_phones"]:
        yield f"{counted(report['unusable_phones'], 'telephone number')} could not be read. We ignore them."
    for key, words in CATALOGUE:
        if report[key]:
            yield f"{words}: {'; '.join(report[key])}"
