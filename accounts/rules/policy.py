"""The policy settings in force on a date. All other code reads them through here."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from accounts.models.policy_setting import PolicySetting
from accounts.policy.registry import SETTINGS, Policy


def policy_in_force(on: date | None = None) -> Policy:
    """One query. A setting without a value by that date has its default."""
    rows = (
        PolicySetting.objects.filter(effective_from__lte=on or timezone.localdate())
        .order_by("key", "-effective_from")
        .distinct("key")
        .values_list("key", "value")
    )
    return policy_from(dict(rows))


def policy_from(values: Mapping[str, int | str | bool]) -> Policy:
    """The defaults with `values` applied.

    Ignores unknown keys and invalid values, which an older version may have left.
    """
    known: dict[str, Any] = {
        key: value for key, value in values.items() if key in SETTINGS and not SETTINGS[key].problem(value)
    }
    return Policy(**known)
