from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from eligibility.models.conditions import Condition, RuleProblem, parse


class _Rule:
    def __init__(self, first: date, rule: Any) -> None:
        self.first, self.rule = first, rule

    @cached_property
    def condition(self) -> Condition:
        return parse(self.rule)


class Audience(models.Model):
    """A named rule over what is known of a student. An empty rule matches nobody."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=160, help_text="As students read it after “for”: “undergraduates and …”.")
    rule = models.JSONField(default=dict, blank=True)
    coming = models.JSONField(default=list, blank=True, editable=False)
    """Rules that hold later, `[day, rule]` in their order, kept by the operations beside the versions themselves:
    whoever has the audience can say which rule holds on a day, and asks nothing more of the database."""

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def condition(self) -> Condition:
        """What holds today. Raises RuleProblem."""
        return self.condition_on(timezone.localdate())

    def condition_on(self, day: date) -> Condition:
        """What decides about an appointment on that local day, today or later. Raises RuleProblem."""
        rules = self._rules
        if len(rules) == 1:
            return rules[0].condition
        return next(rule for rule in reversed(rules) if rule.first <= day).condition

    def conditions_between(self, first: date, last: date) -> list[Condition]:
        """What decides about appointments on one of these local days, from today on. Raises RuleProblem."""
        later = [rule.condition for rule in self._rules if first < rule.first <= last]
        return [self.condition_on(first), *later]

    @cached_property
    def _rules(self) -> "list[_Rule]":
        """Each is read once: they are asked for every day of a window."""
        coming = [_Rule(date.fromisoformat(first), rule) for first, rule in self.coming]
        return [_Rule(date.min, self.rule), *coming]

    def rule_on(self, day: date) -> dict[str, Any]:
        """For today and later: what held before is asked of the versions."""
        found: dict[str, Any] = next(rule for rule in reversed(self._rules) if rule.first <= day).rule
        return found

    def clean(self) -> None:
        try:
            parse(self.rule)
        except RuleProblem as problem:
            raise ValidationError({"rule": str(problem)}) from problem
