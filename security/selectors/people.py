from accounts.models import User
from accounts.models.user import UserQuerySet
from security.models.security_case import officer

MOST = 10


def people_for(by: User) -> UserQuerySet:
    """Everybody about whom this officer can open a case: all people but themselves."""
    everybody: UserQuerySet = User.objects.exclude(pk=by.pk) if officer(by) else User.objects.none()
    return everybody


def found_people(words: str, by: User) -> list[User]:
    """Nobody for an empty search. An exact address or University number, otherwise people by name; at most ten."""
    words = words.strip()
    if not words:
        return []
    seen = people_for(by)
    exact = list((seen.filter(university_id__iexact=words) | seen.with_email(words))[:MOST])
    return exact or list(seen.matching(words).order_by("family_name", "given_name", "pk")[:MOST])
