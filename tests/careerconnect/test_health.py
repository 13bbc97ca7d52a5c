from unittest.mock import patch

import pytest
from django.db import OperationalError, connection
from django.test import Client


def test_live_needs_no_database(client: Client) -> None:
    answer = client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "live"})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_ready(client: Client) -> None:
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "database": "ok"})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_not_ready_without_a_database(client: Client) -> None:
    """The driver is what is stood in for: a server that refuses connections."""
    with patch.object(connection, "cursor", side_effect=OperationalError("connection refused")):
        answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (503, "unavailable")
    assert "refused" not in answer.content.decode()


@pytest.mark.django_db
def test_not_ready_while_migrations_are_due(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'appointments'")
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["database"]) == (503, "migrations are due")


def test_health_tells_nothing_of_a_session(client: Client) -> None:
    assert not client.get("/health/live").cookies
