"""The token of a program's request with the person it stands for: the first statement of every such request."""

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
        f"SELECT {', '.join(columns)} FROM {ApiToken._meta.db_table} token "  # noqa: S608 - names of ours
        f"JOIN {User._meta.db_table} person ON person.id = token.user_id WHERE token.digest = %s"
    )


def token_with_person(digest: str) -> ApiToken | None:
    """One query. `user` of the answer is loaded; revoked ones and closed accounts are found too."""
    with connection.cursor() as cursor:
        _with_person().execute(cursor, [digest])
        row = cursor.fetchone()
    if row is None:
        return None
    found = ApiToken.from_db(connection.alias, [field.attname for field in TOKEN], row[: len(TOKEN)])
    found.user = User.from_db(connection.alias, [field.attname for field in PERSON], row[len(TOKEN) :])
    return found
