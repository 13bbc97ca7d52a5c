from accounts.models import User
from accounts.models.user import UserQuerySet
from accounts.selectors import finding
from security.models.security_case import officer

MOST = 10


def people_for(by: User) -> UserQuerySet:
    """Everybody about whom this officer can open a case: all people but themselves."""
    everybody: UserQuerySet = User.objects.exclude(pk=by.pk) if officer(by) else User.objects.none()
    return everybody


def found_people(words: str, by: User) -> list[User]:
    """Nobody for an empty search; at most ten."""
    return finding.found_people(words, people_for(by), most=MOST)
