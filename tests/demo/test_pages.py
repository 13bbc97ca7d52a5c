"""Pages that only the demonstration has."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from demo.seeding.named_people import ADVISER, NAMED_PEOPLE
from tests.cast import Cast
from tests.factories import UserFactory


@pytest.fixture
def adviser(db: None) -> Any:
    return UserFactory(given_name=ADVISER.given_name, email=ADVISER.email, roles=[Role.ADVISER])


def signed_in_as(client: Client) -> str:
    return str(client.session.get("_auth_user_id", ""))


def test_demo_people(client: Client, db: None) -> None:
    people = client.get("/demo/people.json").json()
    assert len(people) == len(NAMED_PEOPLE)
    assert all(set(one) == {"email", "name", "roles", "situation"} and all(one.values()) for one in people)


def test_demo_sign_in(client: Client, adviser: Any) -> None:
    answer = client.post(reverse("demo_sign_in"), {"email": ADVISER.email, "next": "/profile/"})
    assert (answer.status_code, answer["Location"]) == (302, "/profile/")
    assert signed_in_as(client) == str(adviser.pk)


@pytest.mark.parametrize("onward", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_demo_sign_in_leads_nowhere_else(client: Client, adviser: Any, onward: str) -> None:
    answer = client.post(reverse("demo_sign_in"), {"email": ADVISER.email, "next": onward})
    assert answer["Location"] == "/"


def test_demo_sign_in_is_for_named_people_only(client: Client, cast: Cast) -> None:
    for email in (cast.administrator.email, "", "nobody@example.ac.uk"):
        assert client.post(reverse("demo_sign_in"), {"email": email}).status_code == 404
    assert client.post(reverse("demo_sign_in")).status_code == 404
    assert signed_in_as(client) == ""


def test_demo_sign_in_asks_for_the_csrf_token(adviser: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(reverse("demo_sign_in"), {"email": ADVISER.email}).status_code == 403


def test_a_suspended_named_person_stays_out(client: Client, adviser: Any) -> None:
    adviser.is_active = False
    adviser.save()
    assert client.post(reverse("demo_sign_in"), {"email": ADVISER.email}).status_code == 404


def test_demo_pages_exist_only_in_the_demonstration(client: Client, adviser: Any, settings: Any) -> None:
    settings.DEMONSTRATION = False
    assert client.get("/demo/people.json").status_code == 404
    assert client.get("/demo/outbox/").status_code == 404
    assert client.post(reverse("demo_sign_in"), {"email": ADVISER.email}).status_code == 404


def test_the_sign_in_page_offers_everybody(client: Client, db: None) -> None:
    page = client.get(reverse("account_login")).content.decode()
    assert all(one.situation in page for one in NAMED_PEOPLE)
    assert "northbridge-demo" in page
