"""A malformed URL is refused before anything else reads it, with a page or problem details."""

import pytest
from django.test import Client

from foundation.web.addresses import LONGEST, LONGEST_OF_SIGN_ON

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/", "/admin/", "/nowhere/", "/static/x.css", "/accounts/login/"])
@pytest.mark.parametrize(("tail", "status"), [("x" * LONGEST, 414), ("%00", 400), ("?q=%00", 400)])
def test_an_address_is_short_text(address: str, tail: str, status: int) -> None:
    page = Client().get(f"{address}{tail}")
    assert page.status_code == status
    assert b"<h1>" in page.content


def test_a_long_address_is_a_problem_for_programs() -> None:
    page = Client().get("/api/v1/me/" + "x" * LONGEST)
    assert (page.status_code, page.headers["Content-Type"]) == (414, "application/problem+json")
    assert (page.json()["status"], page.json()["code"]) == (414, "address_too_long")


def test_the_longest_accepted_url() -> None:
    at_the_limit = "/?" + "q" * (LONGEST - 1)
    assert Client().get(at_the_limit).status_code != 414
    assert Client().get(f"{at_the_limit}q").status_code == 414


def test_an_identity_provider_may_answer_at_length() -> None:
    callback = "/accounts/oidc/university/login/callback/?code="
    assert Client().get(callback + "c" * (LONGEST + 500)).status_code != 414
    assert Client().get(callback + "c" * LONGEST_OF_SIGN_ON).status_code == 414


def test_what_django_refuses_itself_is_a_problem_for_programs() -> None:
    page = Client(HTTP_HOST="two words").get("/api/v1/me/")
    assert (page.status_code, page.headers["Content-Type"]) == (400, "application/problem+json")
    assert page.json()["code"] == "bad_request"


ELSEWHERE = ["-2026-01-01", "https://evil.example/", "//evil.example", "home", "javascript:alert(1)"]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_redirects_stay_on_our_site(wanted: str) -> None:
    page = Client().post("/theme/", {"theme": "dark", "next": wanted})
    assert (page.status_code, page["Location"]) == (302, "/")
    assert Client().post("/theme/", {"theme": "dark", "next": "/policies/"})["Location"] == "/policies/"
