"""Scheduling, withdrawing and rolling back versions of a rule."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuditEntry
from eligibility.models import Audience, AudienceRule
from eligibility.models.conditions import parse
from eligibility.operations.roll_back import roll_back
from eligibility.operations.schedule_rule import schedule_rule
from eligibility.operations.withdraw_rule import withdraw_rule
from eligibility.selectors.audience_history import rule_on
from foundation.outcomes.refusals import Refused
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.policy("ELIG-1")]

RESEARCH = {"course": {"level": ["postgraduate_research"], "status": ["current"]}}
TAUGHT = {"course": {"level": ["postgraduate_taught"], "status": ["current"]}}
EVERYBODY = {"everybody": True}


def schedule(cast: Cast, rule: dict[str, object], days: int) -> AudienceRule:
    day = timezone.localdate() + timedelta(days=days)
    return schedule_rule(audience=cast.type.audience, rule=rule, effective_from=day, by=cast.administrator)


def holds_in(cast: Cast, days: int) -> dict[str, object]:
    """The rule in force on a day, according to the versions; the audience's cached copy must agree."""
    day = timezone.localdate() + timedelta(days=days)
    audience = Audience.objects.get(pk=cast.type.audience.pk)
    assert rule_on(audience, day) == audience.rule_on(day)
    return rule_on(audience, day)


def test_rules_apply_from_their_days_and_the_copy_agrees(cast: Cast) -> None:
    later, soon = schedule(cast, TAUGHT, 9), schedule(cast, RESEARCH, 2)
    assert [holds_in(cast, days) for days in (0, 1, 2, 8, 9, 99)] == [
        EVERYBODY,
        EVERYBODY,
        RESEARCH,
        RESEARCH,
        TAUGHT,
        TAUGHT,
    ]
    withdraw_rule(version=soon, by=cast.administrator)
    assert [holds_in(cast, days) for days in (2, 9)] == [EVERYBODY, TAUGHT]
    withdraw_rule(version=later, by=cast.administrator)
    assert holds_in(cast, 9) == EVERYBODY
    actions = AuditEntry.objects.filter(subject="audience").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["rule_scheduled", "rule_scheduled", "rule_withdrawn", "rule_withdrawn"]


def test_a_rule_for_today_applies_at_once_and_cannot_be_withdrawn(cast: Cast) -> None:
    version = schedule(cast, RESEARCH, 0)
    assert Audience.objects.get(pk=cast.type.audience.pk).condition == parse(RESEARCH)
    with pytest.raises(Refused, check=lambda refused: refused.code == "rule_holds"):
        withdraw_rule(version=version, by=cast.administrator)
    first = cast.type.audience.versions.earliest("effective_from")
    again = roll_back(
        audience=cast.type.audience,
        version=first,
        effective_from=timezone.localdate() + timedelta(days=1),
        by=cast.administrator,
    )
    assert again.note == "Back to the first rule."
    assert [holds_in(cast, days) for days in (0, 1)] == [RESEARCH, EVERYBODY]


def test_what_is_no_rule_the_past_and_a_day_that_is_taken_are_refused(cast: Cast) -> None:
    schedule(cast, RESEARCH, 3)
    for rule, days, code in (
        ({"magic": 1}, 1, "rule_wrong"),
        (TAUGHT, -1, "rule_in_the_past"),
        (TAUGHT, 3, "rule_day_taken"),
    ):
        with pytest.raises(Refused) as refused:
            schedule(cast, rule, days)
        assert refused.value.code == code
    day = timezone.localdate() + timedelta(days=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        AudienceRule.objects.create(audience=cast.type.audience, effective_from=day, set_at=timezone.now())
    assert holds_in(cast, 3) == RESEARCH
