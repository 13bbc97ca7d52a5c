"""People on whom an administrator can try a rule: students and graduates, found by name, university id or email
address.
"""

from accounts.models import Role, User
from accounts.models.user import UserQuerySet
from foundation.outcomes.decisions import Decision

FOUND_AT_MOST = 20


def people_to_try(by: User) -> UserQuerySet:
    people: UserQuerySet = User.objects.students()
    return people if by.has_role(Role.ADMINISTRATOR) else people.none()


def found_people(words: str, by: User) -> list[User]:
    """An empty search finds nobody, because an empty filter would match everybody."""
    if not words.strip():
        return []
    return list(people_to_try(by).matching(words).order_by("family_name", "given_name", "pk")[:FOUND_AT_MOST])


def failing(decision: Decision) -> list[Decision]:
    """Every condition that fails besides the one that the decision names, down to the single ones."""
    if not decision.details:
        return []
    leaves = [leaf for detail in decision.details for leaf in (failing(detail) or [detail])]
    return [leaf for leaf in leaves if leaf.message != decision.message]
