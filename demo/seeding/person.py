"""Creates people with a name, an address at example.ac.uk and a telephone number reserved for fiction."""

import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from functools import cached_property
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.models import NOT_STAFF, User
from demo.seeding.institution import Institution, public_id
from demo.seeding.tables import table

NAMES: dict[str, str] = table("names")
GIVEN, FAMILY = NAMES["given"].split(), NAMES["family"].split()


class Registrar:
    """Creates people with unique email addresses and university ids. The common password is hashed once."""

    def __init__(self, institution: Institution, taken: Iterable[str] = ()) -> None:
        self.random: Random = institution.random("people")
        self.emails, self.now = set(taken), institution.now
        self.number = 1_000_000

    @cached_property
    def password(self) -> str:
        return make_password(settings.DEMO_PASSWORD)

    def person(self, roles: list[str], *, given: str = "", family: str = "", email: str = "", **more: object) -> User:
        given = given or self.random.choice(GIVEN)
        family = family or self.random.choice(FAMILY)
        self.number += self.random.randint(3, 17)
        fields = {
            "public_id": public_id(self.random),
            "university_id": f"N{self.number}",
            "email": email or self._email(given, family),
            "phone": self._phone(),
            "last_login": None if NOT_STAFF.issuperset(roles) else self.now - timedelta(days=1),
            **more,
        }
        return User(given_name=given, family_name=family, roles=roles, password=self.password, **fields)

    def _email(self, given: str, family: str) -> str:
        plain = unicodedata.normalize("NFKD", f"{given}.{family}".lower()).encode("ascii", "ignore").decode()
        plain, number, candidate = plain.replace(" ", ""), 1, ""
        while not candidate or candidate in self.emails:
            candidate = f"{plain}{number if number > 1 else ''}@example.ac.uk"
            number += 1
        self.emails.add(candidate)
        return candidate

    def _phone(self) -> str:
        """Three in four people have a mobile number."""
        return f"+447700900{self.random.randint(0, 999):03d}" if self.random.random() < 0.75 else ""
