"""Schools and faculties in the staged file, spelled as we know them."""

from django.db import connection
from psycopg2.sql import SQL, Identifier

from accounts.feed.alike import alike
from accounts.models import School

HELD = {"school": "name", "faculty": "faculty"}
"""Column of the file → field of a School."""

SENT = SQL("SELECT {0} FROM pg_temp.feed_row WHERE {0} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, min(line)")
REPLACE = SQL(
    "UPDATE pg_temp.feed_row SET {0} = each.known FROM unnest(%s::text[], %s::text[]) AS each (sent, known)"
    " WHERE {0} = each.sent"
)


def use_known_spellings() -> list[str]:
    """Replaces each name that is alike to a School or faculty of ours, or to a more frequent one of the file.

    Returns what was read as what, for the report.
    """
    return [f"{sent}: {known}" for column in HELD for sent, known in _replaced(column).items()]


def _replaced(column: str) -> dict[str, str]:
    held = list(School.objects.order_by("pk").values_list(HELD[column], flat=True))
    exact, spelled = set(held), dict[str, str]()
    for name in held:
        spelled.setdefault(alike(name), name)
    with connection.cursor() as cursor:
        cursor.execute(SENT.format(Identifier(column)))
        sent = [str(row[0]) for row in cursor.fetchall()]
        found = {name: spelled.setdefault(alike(name), name) for name in sent if name not in exact}
        other = {name: known for name, known in found.items() if name != known}
        cursor.execute(REPLACE.format(Identifier(column)), [list(other), list(other.values())])
    return other
