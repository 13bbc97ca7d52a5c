"""Emails about what takes two people. They name colleagues, never students."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from accounts.notices.letters import letter

SUBJECTS = {
    "asked": "A second person is needed",
    "confirmed": "Confirmed",
    "declined": "Declined",
    "withdrawn": "Withdrawn",
    "refused": "An attempt was refused",
    "taken": "A role was taken away",
    "given": "A role was given",
}


def tell(people: Iterable[User], *, what: str, said: str, by: User | None, page: str) -> None:
    """One email for each person except `by`, through the outbox in the caller's transaction.

    `said`: a phrase such as “give Ada New the role wellbeing lead”.
    """
    who = by.name if by else "Somebody with access to the server"
    context = {"title": SUBJECTS[what], "what": what, "said": said, "who": who, "link": settings.SITE_URL + page}
    for person in people:
        if by is None or person.pk != by.pk:
            letter("account/email/two_people", person.email, {"user": person, **context}).send()


def proposals_page() -> str:
    return reverse("proposal_list")


def roles_page() -> str:
    return reverse("role_list")
