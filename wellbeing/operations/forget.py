"""Deletes people's concerns. Retention decides when and records it as a step."""

from collections.abc import Collection

from foundation.db.deleting import delete_rows
from wellbeing.models import Concern, ConcernStep, Disclosure


def forget_concerns(people: Collection[int]) -> int:
    disclosures = Disclosure.objects.filter(concern__student__in=people)
    steps = ConcernStep.objects.filter(concern__student__in=people)
    return delete_rows(disclosures) + delete_rows(steps) + delete_rows(Concern.objects.filter(student__in=people))
