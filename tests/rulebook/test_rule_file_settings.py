"""Policy settings in the rules file, each from its effective date. Past values are not changed."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from syrupy.assertion import SnapshotAssertion

from accounts.models import AuditEntry, PolicySetting
from accounts.rules.policy import policy_in_force
from rulebook.file.export import document
from rulebook.file.shape import read
from rulebook.operations.import_rules import import_rules, problems_here

pytestmark = [pytest.mark.django_db, pytest.mark.policy("ELIG-1", "ELIG-3")]


def file(*settings: dict[str, Any]) -> dict[str, Any]:
    return {"careerconnect_rules": 1, "settings": list(settings)}


def setting(key: str = "hold_most_days", value: object = 2, on: date | None = None) -> dict[str, Any]:
    return {"key": key, "value": value, "effective_from": str(on or timezone.localdate())}


def wrong(*settings: dict[str, Any]) -> list[str]:
    return [str(problem) for problem in problems_here(read(file(*settings)))]


def test_a_setting_applies_from_its_day_and_survives_export() -> None:
    later = timezone.localdate() + timedelta(days=9)
    said = file(setting(), setting("hold_most_days", 4, later), setting("service_phone", "01632 960300"))
    assert len(import_rules(file=read(said), by=None)) == 3
    assert policy_in_force().hold_most_days == 2
    assert policy_in_force(later).hold_most_days == 4
    assert document()["settings"] == said["settings"]
    assert import_rules(file=read(said), by=None) == []
    assert AuditEntry.objects.filter(subject="policy_setting").count() == 3


@pytest.mark.parametrize(
    "said",
    [
        setting("hold_most_days", "two"),
        setting("hold_most_days", 0),
        setting("strike_hold_at", 2),
        setting("academic_year_ends", "semester"),
        setting("academic_year_ends", "13-45"),
        setting("academic_year_ends", "02-29"),
        setting("academic_year_ends", ""),
        setting("hold_most_days", [2]),
        {"key": "hold_most_days", "value": 2},
        {**setting(), "effective_from": "tomorrow"},
    ],
)
def test_what_cannot_be_is_said_at_its_place(said: dict[str, Any], snapshot: SnapshotAssertion) -> None:
    (problem,) = wrong(said)
    assert problem.startswith("settings")
    assert problem.replace(str(timezone.localdate()), "[today]") == snapshot


def test_the_same_day_twice(snapshot: SnapshotAssertion) -> None:
    (problem,) = wrong(setting(value=2), setting(value=3))
    assert problem.replace(str(timezone.localdate()), "[today]") == snapshot


def test_past_values_are_not_rewritten_and_may_be_in_the_file() -> None:
    before = timezone.localdate() - timedelta(days=30)
    import_rules(file=read(file(setting(on=before))), by=None)
    assert PolicySetting.objects.get().value == 2
    assert "is not rewritten" in wrong(setting(value=5, on=before))[0]
