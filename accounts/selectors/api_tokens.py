"""Loads a token together with its owner: the first query of every API request with a token."""

from functools import cache

from django.db import connection

from accounts.models import ApiToken, User
from foundation.db.prepared import Prepared

TOKEN = list(ApiToken._meta.concrete_fields)
PERSON = list(User._meta.concrete_fields)


@cache
def _with_person() -> Prepared:
    columns = [f"token.{connection.ops.quote_name(str(field.column))}" for field in TOKEN]
    columns += [f"person.{connection.ops.quote_name(str(field.column))}" for field in PERSON]
    return Prepared(
        f"SELECT {', '.join(columns)} FROM {ApiToken._meta.db_table} token "  # noqa: S608 - our own names
        f"JOIN {User._meta.db_table} person ON person.id = token.user_id WHERE token.digest = %s"
    )


def token_with_person(digest: str) -> ApiToken | None:
    """One query. Also finds revoked tokens and tokens of closed accounts. `user` is loaded."""
    with connection.cursor() as cursor:
        _with_person().execute(cursor, [digest])
        row = cursor.fetchone()
    if row is None:
        return None
    found = ApiToken.from_db(connection.alias, [field.attname for field in TOKEN], row[: len(TOKEN)])
    found.user = User.from_db(connection.alias, [field.attname for field in PERSON], row[len(TOKEN) :])
    return found
