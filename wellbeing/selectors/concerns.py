from dataclasses import dataclass
from datetime import date

from accounts.models import READ, AuditEntry, User
from foundation.values.times import database_now, local_day
from wellbeing.models import Concern, ConcernState, ConcernStep, Disclosure
from wellbeing.models.concern import ConcernQuerySet


@dataclass(frozen=True, slots=True)
class ConcernPage:
    """`readers`: the audit entries of people who opened the concern, latest first."""

    concern: Concern
    steps: list[ConcernStep]
    disclosures: list[Disclosure]
    readers: list[AuditEntry]
    others: list[Concern]
    today: date


def concerns_listed(lead: User, closed: bool) -> ConcernQuerySet:
    """Open concerns by next date, or closed ones, latest first."""
    seen = Concern.objects.visible_to(lead).select_related("student", "raised_by")
    if closed:
        return seen.filter(state=ConcernState.CLOSED).order_by("-closed_at")
    return seen.standing().order_by("next_on", "raised_at")


def concern_page(concern: Concern, lead: User) -> ConcernPage:
    """Five queries."""
    read = AuditEntry.objects.filter(action=READ, subject="wellbeing_concern", subject_id=concern.public_id)
    mine = Concern.objects.visible_to(lead).filter(student=concern.student).exclude(pk=concern.pk)
    return ConcernPage(
        concern=concern,
        steps=list(concern.steps.select_related("by")),
        disclosures=list(concern.disclosures.select_related("decided_by")),
        readers=list(read.named().order_by("-pk")[:50]),
        others=list(mine.order_by("-raised_at")[:10]),
        today=local_day(database_now()),
    )
