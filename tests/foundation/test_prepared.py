import pytest
from django.contrib.auth import get_backends
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from foundation.db.prepared import Prepared
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

BY_NAME = Prepared(
    "SELECT id FROM accounts_user WHERE given_name = %(name)s AND family_name = %(name)s AND id > %(least)s"
)


def ids(name: str, least: int = 0) -> list[int]:
    with connection.cursor() as cursor:
        BY_NAME.execute(cursor, {"least": least, "name": name})
        return [row[0] for row in cursor.fetchall()]


def test_a_named_parameter_may_be_used_more_than_once() -> None:
    person = UserFactory(given_name="Lee", family_name="Lee")
    UserFactory(given_name="Lee", family_name="Marsh")
    assert ids("Lee") == [person.pk]
    assert ids("Lee", person.pk) == []
    assert ids("'; --") == []


def test_a_query_is_prepared_once_and_survives_a_rollback() -> None:
    with transaction.atomic():
        ids("nobody")
        transaction.set_rollback(True)
    with CaptureQueriesContext(connection) as made:
        assert ids("nobody") == []
    assert len(made) == 1


def test_positional_parameters_and_a_per_cent_sign() -> None:
    person = UserFactory(given_name="Ana")
    found = Prepared("SELECT given_name FROM accounts_user WHERE id = %s AND given_name LIKE 'A%%' AND is_active = %s")
    with connection.cursor() as cursor:
        found.execute(cursor, [person.pk, True])
        assert cursor.fetchone() == ("Ana",)


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_prepares_again() -> None:
    assert ids("nobody") == []
    connection.close()
    assert ids("nobody") == []


def test_the_person_of_a_session_is_fetched_whole() -> None:
    """The prepared statement returns the same fields as the ORM."""
    person = UserFactory(given_name="Ŵyn", roles=["student", "adviser"], phone="+447700900123")
    found = get_backends()[0].get_user(person.pk)
    stored = User.objects.get(pk=person.pk)
    fields = [field.attname for field in User._meta.concrete_fields]
    assert [getattr(found, name) for name in fields] == [getattr(stored, name) for name in fields]
    assert get_backends()[0].get_user(0) is None
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert get_backends()[0].get_user(person.pk) is None
