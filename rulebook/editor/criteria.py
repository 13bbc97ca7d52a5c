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
    "course": {
        "year_at_least": Number("In this year of study or a later one", 1, 20),
        "year_at_most": Number("In this year of study or an earlier one", 1, 20),
        "completed_within_years": Number("Within so many years of course end", 0, 100),
        "completed_more_than_years": Number("More than so many years after course end", 0, 100),
        "ends_within_months": Number("In the last so many months of the course", 0, 120),
    },
    "activity": {"within_days": Number("At most so many days before the appointment", 0, 3650)},
}
