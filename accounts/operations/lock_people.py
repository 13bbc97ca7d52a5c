from django.db import connection

from accounts.models import User

LOCK = "SELECT id, is_active FROM accounts_user WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


def lock_people(*people: User) -> None:
    """Locks people in ascending id, before any other rows, so that two operations cannot deadlock.

    Sets their `is_active` to the value read under the lock.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [sorted({person.pk for person in people})])
        active = dict(cursor.fetchall())
    for person in people:
        person.is_active = active.get(person.pk, False)
