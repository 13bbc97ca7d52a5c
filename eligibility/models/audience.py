from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from eligibility.models.conditions import Condition, RuleProblem, mentions_disability, parse
from foundation.outcomes.versions import Versioned


class _Rule:
    def __init__(self, first: date, rule: Any) -> None:
        self.first, self.rule = first, rule

    @cached_property
    def condition(self) -> Condition:
        return parse(self.rule)


class Audience(Versioned):
    """A named rule about facts known of a student. An empty rule matches nobody."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=160, help_text="As students read it after “for”: “undergraduates and …”.")
    rule = models.JSONField(default=dict, blank=True)
    coming = models.JSONField(default=list, blank=True, editable=False)
    """Future rules as `[day, rule]` in order.

    The operations copy them from the versions, so that the rule of any future day is known without a further query.
    """

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def condition(self) -> Condition:
        """The condition in force today. Raises RuleProblem."""
        return self.condition_on(timezone.localdate())

    def condition_on(self, day: date) -> Condition:
        """The condition for an appointment on that local day, today or later. Raises RuleProblem."""
        rules = self._rules
        if len(rules) == 1:
            return rules[0].condition
        return next(rule for rule in reversed(rules) if rule.first <= day).condition

    @property
    def asks_about_disability(self) -> bool:
        """Now or by a rule that is scheduled. True for a rule that cannot be read, so that it gives nothing away."""
        try:
            return any(mentions_disability(rule.condition) for rule in self._rules)
        except RuleProblem:
            return True

    def conditions_between(self, first: date, last: date) -> list[Condition]:
        """The conditions for appointments on these local days, from today on. Raises RuleProblem."""
        later = [rule.condition for rule in self._rules if first < rule.first <= last]
        return [self.condition_on(first), *later]

    @property
    def days_of_new_rules(self) -> list[date]:
        return [rule.first for rule in self._rules[1:]]

    @cached_property
    def _rules(self) -> "list[_Rule]":
        """Parsed once, because they are needed for every day of a booking window."""
        coming = [_Rule(date.fromisoformat(first), rule) for first, rule in self.coming]
        return [_Rule(date.min, self.rule), *coming]

    def rule_on(self, day: date) -> dict[str, Any]:
        """Today or later. For past rules see `audience_history`."""
        found: dict[str, Any] = next(rule for rule in reversed(self._rules) if rule.first <= day).rule
        return found

    def clean(self) -> None:
        try:
            parse(self.rule)
        except RuleProblem as problem:
            raise ValidationError({"rule": str(problem)}) from problem
