from dataclasses import dataclass

from accounts.models import User


@dataclass(frozen=True, slots=True)
class Owner:
    """`address` is the stored one, which may differ in case from what was typed."""

    person: User
    address: str


def display_name(user: User) -> str:
    return user.name


def owner_of(address: str) -> Owner | None:
    """Who signs in with this address. One query.

    A confirmed personal address takes precedence over a University address, which may be given to somebody else after
    its owner has left.
    """
    found = User.objects.with_email(address).order_by("pk")
    own = [Owner(person, person.personal_email) for person in found if is_same(person.personal_email, address)]
    universitys = [Owner(person, person.email) for person in found if is_same(person.email, address)]
    return next(iter(own + universitys), None)


def is_same(stored: str, typed: str) -> bool:
    return stored.lower() == typed.lower()
