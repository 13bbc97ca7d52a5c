from functools import cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db import connection

from accounts.models import User
from accounts.selectors.people import owner_of
from foundation.db.prepared import Prepared


@cache
def _person() -> tuple[Prepared, list[str]]:
    fields = [field for field in User._meta.concrete_fields if not field.generated]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    found = Prepared(f"SELECT {columns} FROM {User._meta.db_table} WHERE id = %s")  # noqa: S608 - our own names
    return found, [field.attname for field in fields]


class PeopleBackend(AuthenticationBackend):
    """Loads the session's person with a prepared statement: it is the second query of every page."""

    def get_user(self, user_id: Any) -> User | None:
        found, fields = _person()
        with connection.cursor() as cursor:
            found.execute(cursor, [user_id])
            row = cursor.fetchone()
        person = User.from_db(connection.alias, fields, row) if row else None
        return person if person and self.user_can_authenticate(person) else None

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        """allauth's version scans the whole table and misses addresses stored with capital letters."""
        owner = owner_of(email)
        return self._check_password(owner.person, password) if owner else None
