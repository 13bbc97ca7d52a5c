"""The rules of an audience over time, also in the past (“could she book on 3 October?”)."""

from datetime import date
from typing import Any

from eligibility.models import Audience, AudienceRule
from eligibility.rules.audiences import may_use
from eligibility.rules.facts import StudentFacts
from foundation.outcomes.decisions import Decision


def history(audience: Audience) -> list[AudienceRule]:
    """One query. The versions in order, with who set them; empty if the first rule has never changed."""
    return list(audience.versions.select_related("set_by").order_by("effective_from"))


def rule_on(audience: Audience, on: date) -> dict[str, Any]:
    """One query. The rule of a day in the past or future, as known now; an empty one matches nobody."""
    version = audience.versions.filter(effective_from__lte=on).order_by("-effective_from").first()
    rule: dict[str, Any] = version.rule if version else audience.rule
    return rule


def may_use_on(audience: Audience, facts: StudentFacts, on: date) -> Decision:
    """One query. Decides by the rule of that day, in the past or future.

    Only rules have a history. Courses, activities and groups are those known now; “within two years of course end” is
    counted to `on`.
    """
    return may_use(rule_on(audience, on), facts, on)
