from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from accounts.policy.registry import SETTINGS
from foundation.values.times import plain_day


class PolicySetting(models.Model):
    """One value of the policy, in force from a date. Read it through `accounts.rules.policy` only."""

    key = models.CharField("setting", max_length=60)
    value = models.JSONField()
    effective_from = models.DateField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, editable=False)
    set_at = models.DateTimeField(auto_now_add=True)
    note = models.CharField("why", max_length=300, blank=True)

    class Meta:
        verbose_name = "policy setting"
        ordering = ["key", "-effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "effective_from"],
                name="policy_setting_changes_once_a_day",
                violation_error_code="setting_twice",
                violation_error_message="This setting already has a value from that day. Change that value.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.value} from {plain_day(self.effective_from)}"

    @property
    def label(self) -> str:
        return SETTINGS[self.key].label if self.key in SETTINGS else self.key

    def clean(self) -> None:
        definition = SETTINGS.get(self.key)
        problem = definition.problem(self.value) if definition else "There is no such setting."
        if problem:
            raise ValidationError({"value": problem})
