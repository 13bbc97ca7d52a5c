"""Unexpected errors are answered with a page for people and problem details for API clients, without details."""

import pytest
from django.test import Client, override_settings
from django.urls import path, reverse

from careerconnect import urls


def broken(request: object) -> None:
    raise ZeroDivisionError("a secret detail")


urlpatterns = [path("api/v1/broken/", broken), path("broken/", broken), *urls.urlpatterns]
handler500 = urls.handler500


@pytest.fixture
def visitor(db: None) -> Client:
    return Client(raise_request_exception=False)


@override_settings(ROOT_URLCONF=__name__)
def test_a_program_gets_problem_details(visitor: Client) -> None:
    answer = visitor.get("/api/v1/broken/")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert answer.json()["code"] == "server_error"
    assert b"secret" not in answer.content


@override_settings(ROOT_URLCONF=__name__)
def test_a_person_gets_a_page(visitor: Client) -> None:
    answer = visitor.get("/broken/")
    assert answer.status_code == 500
    assert b"<h1" in answer.content
    assert b"secret" not in answer.content
    assert reverse("home") == "/"
