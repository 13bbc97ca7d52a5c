from django.db import connection

from accounts.models import User

LOCK = "SELECT id, is_active FROM accounts_user WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


def lock_people(*people: User) -> None:
    """People before things, in ascending id, so that no two operations can wait for each other.

    Their `is_active` is then as it is under the lock.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [sorted({person.pk for person in people})])
        active = dict(cursor.fetchall())
    for person in people:
        person.is_active = active.get(person.pk, False)
