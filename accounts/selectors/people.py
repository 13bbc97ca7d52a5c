from dataclasses import dataclass

from accounts.models import User


@dataclass(frozen=True, slots=True)
class Owner:
    """`address`: as it is stored, not as somebody typed it."""

    person: User
    address: str


def display_name(user: User) -> str:
    return user.name


def owner_of(address: str) -> Owner | None:
    """Who signs in with this address. Their own, confirmed one counts before the University's, which may be given to
    somebody else after they have left. One query."""
    found = User.objects.with_email(address).order_by("pk")
    own = [Owner(person, person.personal_email) for person in found if is_same(person.personal_email, address)]
    universitys = [Owner(person, person.email) for person in found if is_same(person.email, address)]
    return next(iter(own + universitys), None)


def is_same(stored: str, typed: str) -> bool:
    return stored.lower() == typed.lower()
