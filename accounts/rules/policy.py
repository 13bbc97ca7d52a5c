"""The policy's settings as they are in force on a day. Everything else reads them here."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from accounts.models.policy_setting import PolicySetting
from accounts.policy.registry import SETTINGS, Policy


def policy_in_force(on: date | None = None) -> Policy:
    """One query. Where nothing was set for a key by that day, the shipped default holds."""
    rows = (
        PolicySetting.objects.filter(effective_from__lte=on or timezone.localdate())
        .order_by("key", "-effective_from")
        .distinct("key")
        .values_list("key", "value")
    )
    return policy_from(dict(rows))


def policy_from(values: Mapping[str, int | str | bool]) -> Policy:
    """Defaults overlaid with `values`; an unknown or ill-typed value (an older version's row) is passed over."""
    known: dict[str, Any] = {
        key: value for key, value in values.items() if key in SETTINGS and not SETTINGS[key].problem(value)
    }
    return Policy(**known)
