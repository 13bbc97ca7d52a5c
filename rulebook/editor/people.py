"""People on whom an administrator can try a rule: students and graduates, found by name, university id or email
address.
"""

from accounts.models import Role, User
from accounts.models.user import UserQuerySet
from accounts.selectors import finding
from foundation.outcomes.decisions import Decision

FOUND_AT_MOST = 20


def people_to_try(by: User) -> UserQuerySet:
    people: UserQuerySet = User.objects.students()
    return people if by.has_role(Role.ADMINISTRATOR) else people.none()


def found_people(words: str, by: User) -> list[User]:
    """An empty search finds nobody, so that an empty filter never lists everybody."""
    return finding.found_people(words, people_to_try(by), most=FOUND_AT_MOST)


def failing(decision: Decision) -> list[Decision]:
    """Every condition that fails besides the one that the decision names, down to the single ones."""
    if not decision.details:
        return []
    leaves = [leaf for detail in decision.details for leaf in (failing(detail) or [detail])]
    return [leaf for leaf in leaves if leaf.message != decision.message]
