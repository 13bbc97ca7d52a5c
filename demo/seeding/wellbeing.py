"""Three concerns for the wellbeing lead, one of them with a first contact."""

from datetime import time, timedelta

from accounts.models import Role, User
from demo.seeding.institution import Institution
from demo.seeding.named_people import WELLBEING_LEAD
from demo.seeding.tables import table
from eligibility.models import StrikeReview
from foundation.values.times import at
from wellbeing.models import Concern, ConcernStep, StepKind

SEEN: list[dict[str, str]] = table("phrases")["concerns"]


def seed_concerns(institution: Institution) -> None:
    """Does nothing if there are concerns already."""
    if Concern.objects.exists():
        return
    lead = User.objects.get(email=WELLBEING_LEAD.email)
    advisers = list(User.objects.filter(roles__contains=[Role.ADVISER]).order_by("pk")[:3])
    students = list(User.objects.filter(pk__in=StrikeReview.objects.values("student")).order_by("pk")[: len(SEEN)])
    for number, (student, seen) in enumerate(zip(students, SEEN, strict=False)):
        raised = at(institution.today - timedelta(days=9 - 3 * number), time(15, 10))
        concern = Concern.objects.create(
            student=student, raised_by=advisers[number % len(advisers)], raised_at=raised,
            next_on=institution.today + timedelta(days=number - 1), **seen,
        )  # fmt: skip
        if number == 0:
            ConcernStep.objects.create(
                concern=concern, kind=StepKind.CONTACT, words="Rang her. She is seeing her doctor on Friday.", by=lead,
                at=raised + timedelta(days=1), next_on=concern.next_on,
            )  # fmt: skip
