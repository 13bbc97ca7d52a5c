"""Strikes, uses of an allocation and shares of documents whose source no longer exists."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Model

from documents.models import DocumentShare
from eligibility.models import AllocationUse, Strike
from foundation.values.sources import SourceKind, orphans

WITH_A_SOURCE: tuple[type[Model], ...] = (AllocationUse, Strike, DocumentShare)
AT_A_TIME = 1000


def rows_without_source() -> Iterator[tuple[type[Model], SourceKind, str]]:
    """Model, kind and id of each. For each thousand rows, one query here and one by the kind's own app."""
    for model in WITH_A_SOURCE:
        for kind in SourceKind:
            ids = list(model._default_manager.filter(source_kind=kind).values_list("source_id", flat=True))
            for start in range(0, len(ids), AT_A_TIME):
                for gone in sorted(orphans(kind, ids[start : start + AT_A_TIME])):
                    yield model, kind, gone
