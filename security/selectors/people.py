from accounts.models import User
from accounts.models.user import UserQuerySet
from security.models.security_case import officer

MOST = 10


def people_for(by: User) -> UserQuerySet:
    """Whom an officer may open a case about: anybody but themselves."""
    everybody: UserQuerySet = User.objects.exclude(pk=by.pk) if officer(by) else User.objects.none()
    return everybody


def found_people(words: str, by: User) -> list[User]:
    """Nobody for an empty search. The exact address or University number first; else names, at most ten."""
    words = words.strip()
    if not words:
        return []
    seen = people_for(by)
    exact = list((seen.filter(university_id__iexact=words) | seen.with_email(words))[:MOST])
    return exact or list(seen.matching(words).order_by("family_name", "given_name", "pk")[:MOST])
