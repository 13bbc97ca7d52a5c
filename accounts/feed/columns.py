"""The columns of the student feed, in the order of the example file.

Their names are a public contract: docs/feed.md.
"""

from dataclasses import dataclass

from accounts.models.enrolment import FeeStatus, Level, Mode, Status
from foundation.values.unseen_signs import without_unseen


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    meaning: str
    example: str
    required: bool = False


def _one_of(choices: type[Level] | type[Mode] | type[Status] | type[FeeStatus]) -> str:
    return ", ".join(str(value) for value in choices.values)


COLUMNS = (
    Column("university_id", "The person’s permanent number. We identify people by it.", "S1000001", True),
    Column("given_name", "First names.", "Amara", True),
    Column("family_name", "May be empty for people with one name.", "Okafor", True),
    Column("preferred_name", "Used until the person says otherwise.", "Ama"),
    Column("email", "The person’s own University address.", "a.okafor@example.ac.uk", True),
    Column("phone", "Used until the person gives another.", "07700 900123"),
    Column("school", "The School of the programme.", "School of Humanities", True),
    Column("faculty", "The School’s faculty.", "Faculty of Arts"),
    Column("programme_code", "Letters, digits and . _ / - up to 40.", "BA-HIST", True),
    Column("programme_name", "As people know it.", "BA History", True),
    Column("level", _one_of(Level) + "; or UG, PGT, PGR.", "undergraduate", True),
    Column("mode", _one_of(Mode) + ".", "full_time"),
    Column("status", _one_of(Status) + ".", "current", True),
    Column("fee_status", _one_of(FeeStatus) + ".", "home"),
    Column("year_of_study", "1 to 12.", "2"),
    Column("start", "First day of the course: 2025-09-15 or 15/09/2025.", "2025-09-15", True),
    Column("expected_end", "Last day expected.", "2028-07-08"),
    Column("completion", "The day of completion, for completed courses only.", ""),
    Column("placement_year", "Whether the programme has a placement year: yes or no.", "no"),
)

BY_NAME = {column.name: column for column in COLUMNS}
REQUIRED = tuple(column.name for column in COLUMNS if column.required)
ADDED_BY_US = ("line", "reason")
"""Extra columns of the file of refused rows. Ignored when the corrected file is uploaded again."""


def header_name(cell: str) -> str:
    """`Given name` and `given-name` are `given_name`."""
    return "_".join(without_unseen(cell).casefold().replace("-", " ").split())
