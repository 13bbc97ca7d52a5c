"""Emails held or unreadable: a colleague reads, opens and settles them, with and without scripts, with axe."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from queries.models import Handling, InboundEmail
from queries.operations.receive_email import MOST_AN_HOUR, receive_email
from tests.cast import Cast
from tests.journeys.conftest import DESKTOP, PHONE, Inspect, OpenPage, SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.policy("MAIL-1")]

LONG = "A very long subject " + "without-a-space" * 9


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_emails_to_check(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, size: dict[str, int], scripts: bool
) -> None:
    for number in range(MOST_AN_HOUR + 2):
        raw = f"From: {'a' * 60}@mail.example.net\nMessage-ID: <{number}@b>\nSubject: {LONG}{number}\n\nHello {number}"
        receive_email(raw=raw.encode())
    failed = receive_email(raw=b"From: c@d.example\nSubject: Broken\n\nx")
    InboundEmail.objects.filter(pk=failed.pk).update(handling="failed", query=None, reason="", subject="Broken")
    look = inspect if scripts else lambda page: None
    page = open_page(size, java_script_enabled=scripts)
    signed_in(page, cast.front_desk)
    page.goto(reverse("query_inbox"))
    look(page)
    page.get_by_role("link", name="Emails to check").click()
    expect(page.locator("main .badge.tone-warning, main .tone-error").first).to_be_visible()
    look(page)
    page.get_by_role("button", name="Mark as dealt with").first.click()
    expect(page.locator("#messages .tone-success")).to_be_visible()
    while page.get_by_role("button", name="Open as a query").count():
        page.get_by_role("button", name="Open as a query").first.click()
        page.wait_for_load_state()
    expect(page.locator("main .empty-state")).to_be_visible()
    look(page)
    with page.expect_download() as saved:
        page.goto(reverse("query_inbox"))
        page.get_by_role("link", name=LONG[:30]).first.click()
        look(page)
        page.get_by_role("link", name="Download the original email").click()
    assert saved.value.suggested_filename.endswith(".eml")
    assert InboundEmail.objects.filter(handling=Handling.SETTLED).count() == 1
