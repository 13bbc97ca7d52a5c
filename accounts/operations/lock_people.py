from django.db import connection

from accounts.models import User

LOCK = "SELECT id FROM accounts_user WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


def lock_people(*people: User) -> None:
    """People before things, in ascending id, so that no two operations can wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [sorted({person.pk for person in people})])
