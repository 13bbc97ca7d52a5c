"""Deletes people's allocations, strikes, holds and activity results. Retention decides when and records the steps."""

from collections.abc import Collection

from eligibility.models import (
    ActivityResult,
    AllocationUse,
    Grant,
    GroupMember,
    Hold,
    Strike,
    StrikeReview,
    WaitingEntry,
)
from foundation.db.deleting import delete_rows

STANDING = (AllocationUse, Grant, StrikeReview, Strike, Hold)
"""In order of deletion: a review refers to its hold."""


def forget_standing(people: Collection[int]) -> int:
    return sum(delete_rows(model._default_manager.filter(student__in=people)) for model in STANDING)


def forget_activities(people: Collection[int]) -> int:
    rows = (ActivityResult.objects.filter(student__in=people), GroupMember.objects.filter(student__in=people))
    return sum(delete_rows(each) for each in rows)


def forget_waiting(people: Collection[int]) -> int:
    return delete_rows(WaitingEntry.objects.filter(student__in=people))
