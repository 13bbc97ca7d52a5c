"""An email without its reply address is put into its query and taken out again, with and without scripts, with axe."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from queries.models import QueryMessage
from queries.operations.open_query import NewQuery, open_query
from queries.operations.receive_email import receive_email
from tests.cast import Cast
from tests.journeys.conftest import DESKTOP, PHONE, Inspect, OpenPage, SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.policy("MAIL-1")]

LONG = "A very long subject " + "without-a-space" * 6
STRAY = (
    f"From: {'a' * 50}@mail.example.net\nMessage-ID: <a@b>\nSubject: Re: {LONG}\n\nTuesday, please.\n\n"
    f"On 26/11/2026 09:12, Careers wrote:\n> Which day? {'x' * 90}\n"
)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_query_link(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, size: dict[str, int], scripts: bool
) -> None:
    query = open_query(person=cast.student, asked=NewQuery("general", LONG, "Can you help?"), by=cast.student)
    stray = receive_email(raw=STRAY.encode()).query
    assert stray is not None
    look = inspect if scripts else lambda page: None
    page = open_page(size, java_script_enabled=scripts)
    signed_in(page, cast.front_desk)
    page.goto(reverse("query_answer", args=[stray.public_id]))
    page.get_by_text("Show the rest").click()
    expect(page.get_by_text("Which day?")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Add to another query").click()
    look(page)
    page.get_by_role("button", name="Add to this query").click()
    expect(page.locator("main .field-error, main .error-summary").first).to_be_visible()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Add to this query").click()
    expect(page.locator("#messages .tone-success")).to_be_visible()
    expect(page.get_by_text("Tuesday, please.")).to_be_visible()
    assert QueryMessage.objects.filter(query=query).count() == 2
    look(page)
    page.get_by_role("button", name="Undo merge").click()
    expect(page.locator("#messages .tone-success")).to_be_visible()
    assert QueryMessage.objects.filter(query=query).count() == 1
