"""docs/rules-file.md is correct for a newcomer: its example imports, and it names everything that a file can
contain."""

from pathlib import Path

import pytest

from appointments.models import AppointmentType, LateCancelling
from eligibility.models import ActivityKind, HowMissed, Period, PeriodKind, StrikeKind, Unit
from eligibility.models.conditions import ACTIVITY_ASKS, LISTS, NUMBERS
from eligibility.models.misses import HOLD_FIELDS, RULE_FIELDS, STEP_FIELDS, Per
from rulebook.file.export import document
from rulebook.file.sections import SECTIONS
from rulebook.file.shape import read
from rulebook.file.text import from_text
from rulebook.operations.import_rules import import_rules

pytestmark = pytest.mark.policy("ELIG-1")

PAGE = (Path(__file__).parents[2] / "docs" / "rules-file.md").read_text()
EXAMPLE = PAGE.split("```yaml\n")[1].split("```")[0]


def test_its_example_survives_import_and_export(db: None) -> None:
    assert import_rules(file=read(from_text(EXAMPLE, as_json=False)), by=None)
    assert AppointmentType.objects.count() == 2
    assert import_rules(file=read(from_text(EXAMPLE, as_json=False)), by=None) == []
    assert import_rules(file=read(document()), by=None) == []


@pytest.mark.parametrize(
    "word",
    sorted(
        {*LISTS, *NUMBERS, *ACTIVITY_ASKS, "placement_year", "within_days", "declares_disability", "everybody"}
        | {*Period.values, *PeriodKind.values, *ActivityKind.values}
        | {*Per.values, *HowMissed.values, *StrikeKind.values, *LateCancelling.values, *Unit.values}
        | {*RULE_FIELDS, *STEP_FIELDS, *HOLD_FIELDS}
        | {section.name for section in SECTIONS}
        | {name for section in SECTIONS for name in section.fields} - {"link", "shown_to_students"}
    ),
)
def test_it_names_every_key_and_value(word: str) -> None:
    assert word in PAGE
