from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from eligibility.conditions import Condition, RuleProblem, parse


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

    @cached_property
    def condition(self) -> Condition:
        """The rule of today, read once: it is asked for every day of a window. Raises RuleProblem."""
        return parse(self.rule_on(timezone.localdate()))

    def rule_on(self, day: date) -> dict[str, Any]:
        """For today and later: what held before is asked of the versions."""
        begun = [rule for first, rule in self.coming if first <= day.isoformat()]
        found: dict[str, Any] = begun[-1] if begun else self.rule
        return found

    def clean(self) -> None:
        try:
            parse(self.rule)
        except RuleProblem as problem:
            raise ValidationError({"rule": str(problem)}) from problem
