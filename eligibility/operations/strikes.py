from datetime import date

from accounts.models import User
from eligibility.models import Strike


def place_strike(*, student: User, claim: str, on: date) -> None:
    """A missed appointment. Marking the same one twice places one strike."""
    Strike.objects.get_or_create(claim=claim, defaults={"student": student, "on": on})


def remove_strike(*, claim: str) -> None:
    """The mark was a mistake: it never happened."""
    Strike.objects.filter(claim=claim).delete()
