from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from eligibility.models.misses import MissRule, MissRulesWrong, parse_miss_rules
from foundation.values.times import plain_day


class MissPolicy(models.Model):
    """All miss rules, in force from a day until the next row's day (ELIG-3). Without a row, `SHIPPED` is in force.

    The language of `value` is explained in `eligibility.models.misses`.
    """

    value = models.JSONField(help_text="A list of miss rules.")
    effective_from = models.DateField(unique=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, editable=False, related_name="+"
    )
    set_at = models.DateTimeField(auto_now_add=True)
    note = models.CharField("why", max_length=300, blank=True)

    class Meta:
        verbose_name = "miss rules"
        verbose_name_plural = "miss rules"
        ordering = ["-effective_from"]

    def __str__(self) -> str:
        return f"miss rules from {plain_day(self.effective_from)}"

    @property
    def rules(self) -> tuple[MissRule, ...]:
        return parse_miss_rules(self.value)

    def clean(self) -> None:
        try:
            parse_miss_rules(self.value)
        except MissRulesWrong as wrong:
            raise ValidationError({"value": [f"{each.place}: {each.sentence}" for each in wrong.flaws]}) from wrong
