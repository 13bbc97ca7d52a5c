from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property

from eligibility.conditions import Condition, RuleProblem, parse


class Audience(models.Model):
    """A named rule over what is known of a student. An empty rule matches nobody."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=160, help_text="As students read it after “for”: “undergraduates and …”.")
    rule = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def condition(self) -> Condition:
        """The rule, read once: it is asked for every day of a window. Raises RuleProblem."""
        return parse(self.rule)

    def clean(self) -> None:
        try:
            parse(self.rule)
        except RuleProblem as problem:
            raise ValidationError({"rule": str(problem)}) from problem
