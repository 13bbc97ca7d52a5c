"""Makes every name, subject, address and text in the database as long as it may be, without a space to break at."""

from __future__ import annotations

from itertools import chain
from typing import Any

from django.apps import apps
from django.db import DatabaseError, models, transaction

OURS = (
    "accounts",
    "appointments",
    "documents",
    "eligibility",
    "messaging",
    "queries",
    "retention",
    "security",
    "wellbeing",
)
KEYS = (
    *("id", "key", "slug", "code", "kind", "digest", "hash", "token", "fingerprint"),
    *("path", "password", "sha256", "version"),
)
"""Endings of fields that are looked up or compared and never shown as words."""

LONGEST = 150
LONG_MODELS = {"accounts.user": 60}
"""Letters per field: subjects 150, names of people 60."""


def stretch_everything() -> None:
    for model in chain.from_iterable(apps.get_app_config(name).get_models() for name in OURS):
        fields = [field for field in model._meta.concrete_fields if _is_words(field)]
        for row in model._base_manager.all():
            for field in fields:
                _stretch(row, field)


def _is_words(field: Any) -> bool:
    texts = isinstance(field, models.CharField | models.TextField) and not field.choices and not field.primary_key
    unique = field.unique and not isinstance(field, models.EmailField)
    return texts and not unique and field.name.rpartition("_")[2] not in KEYS


def _stretch(row: models.Model, field: Any) -> None:
    """Leaves a field as it is where a constraint or trigger refuses the longer text."""
    said = getattr(row, field.attname)
    if not isinstance(said, str) or not said:
        return
    most = min(field.max_length or LONGEST, LONG_MODELS.get(row._meta.label_lower, LONGEST))
    longer = _longer(said, most)
    try:
        with transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(**{field.name: longer})
    except DatabaseError:
        return


def _longer(said: str, most: int) -> str:
    """The words joined and filled up; an address keeps what makes it one."""
    more = max(most - len(said), 0)
    before, at, after = said.partition("@")
    if at:
        return f"{before}{'m' * min(more, 60 - len(before))}@{after}"
    return (said.replace(" ", "") + "m" * most)[: max(most, 1)] if "://" not in said else said + "m" * more
