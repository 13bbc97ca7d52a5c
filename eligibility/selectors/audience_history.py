"""What held when: the past of a rule can be asked (“could she book on 3 October?”)."""

from datetime import date
from typing import Any

from eligibility.models import Audience, AudienceRule
from eligibility.rules.audiences import may_use
from eligibility.rules.facts import StudentFacts
from foundation.outcomes.decisions import Decision


def history(audience: Audience) -> list[AudienceRule]:
    """One query; in the order in which they hold, with who set them. Empty where the first rule has never changed."""
    return list(audience.versions.select_related("set_by").order_by("effective_from"))


def rule_on(audience: Audience, on: date) -> dict[str, Any]:
    """One query. The rule that holds on a day, past or coming, as it is known now; an empty one matches nobody."""
    version = audience.versions.filter(effective_from__lte=on).order_by("-effective_from").first()
    rule: dict[str, Any] = version.rule if version else audience.rule
    return rule


def may_use_on(audience: Audience, facts: StudentFacts, on: date) -> Decision:
    """One query. By the rule of that day, past or coming.

    Only rules have a history: courses, activities and groups are asked as they are known now, with `on` as the day
    that “within two years of course end” is counted to.
    """
    return may_use(rule_on(audience, on), facts, on)
