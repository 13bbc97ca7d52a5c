"""What the builder can ask, in the order in which it asks: one line for each criterion of the language of rules."""

from dataclasses import dataclass

LISTS = {
    "level": "Level of study",
    "status": "Status",
    "fee_status": "Home or overseas",
    "mode": "Mode of study",
    "year_of_study": "Year of study",
    "faculty": "Faculty",
    "school": "School",
    "programme": "Programme",
}
"""Several may be chosen; none chosen asks nothing."""

OFTEN = ("level", "status")
"""Shown at once; the others under “More about the course”, open where something is chosen."""


@dataclass(frozen=True, slots=True)
class Number:
    label: str
    least: int
    most: int


NUMBERS = {
    "course": {"completed_within_years": Number("Within so many years of course end", 0, 100)},
    "activity": {},
}
