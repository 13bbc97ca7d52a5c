"""The criteria that the builder offers, in order: one line for each criterion of the rule language."""

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
"""Criteria with several possible values; none chosen means any."""

OFTEN = ("level", "status")
"""Always visible. The others are under “More about the course”, which is open if any of them is set."""


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
