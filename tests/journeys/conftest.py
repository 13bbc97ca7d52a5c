"""Chromium, a live server and the helpers that journeys share:

    def test_a_student_books(cast, wide_and_narrow, sign_in, inspect): …

A journey passes every page it visits to `inspect`, which runs axe on it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.factories import PASSWORD

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}

OpenPage = Callable[..., Page]
SignIn = Callable[[Page, User], None]
Inspect = Callable[[Page], None]


@pytest.fixture
def open_page(live_server: LiveServer, new_context: Callable[..., Any]) -> OpenPage:
    """`open_page(PHONE)`, `open_page(DESKTOP, java_script_enabled=False)`: a new browser context, not signed in."""

    def opened(viewport: dict[str, int], **options: Any) -> Page:
        context = new_context(viewport=viewport, base_url=live_server.url, **options)
        context.set_default_timeout(10_000)
        page: Page = context.new_page()
        return page

    return opened


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    return open_page(PHONE)


@pytest.fixture
def desktop(open_page: OpenPage) -> Page:
    return open_page(DESKTOP)


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def wide_and_narrow(open_page: OpenPage, request: pytest.FixtureRequest) -> Page:
    """Runs the test twice: on a phone and on a desktop."""
    return open_page(request.param)


@pytest.fixture
def sign_in(live_server: LiveServer) -> SignIn:
    """Signs in through the sign-in page, and ends on the page to which the portal sends the person."""

    def signed(page: Page, user: User) -> None:
        page.goto("/accounts/login/")
        page.locator("input[name=login]").fill(user.email)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url(lambda url: "/accounts/login/" not in url)

    return signed


@pytest.fixture
def signed_in(live_server: LiveServer) -> SignIn:
    """Signs in by cookie, for journeys that begin after signing in."""

    def signed(page: Page, user: User) -> None:
        client = Client()
        client.force_login(user)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        page.context.add_cookies([cookie])

    return signed


CUT_OFF = """
[...document.querySelectorAll("main *")].filter(box => {
  const style = getComputedStyle(box)
  return ["hidden", "clip"].includes(style.overflowX) && style.textOverflow !== "ellipsis" && box.clientWidth > 1
    && [...box.children].some(inside => inside.getBoundingClientRect().right > box.getBoundingClientRect().right + 1)
}).map(box => box.className)
"""
"""Boxes that cut off a child at their right edge. Text that ends in an ellipsis is allowed."""


@pytest.fixture
def inspect() -> Inspect:
    """Fails on axe's findings, if the page is wider than its window, or if a box hides overflowing content."""
    axe = Axe()

    def inspected(page: Page) -> None:
        found = axe.run(page).response["violations"]
        nodes = itertools.chain.from_iterable(
            ((rule["id"], node["target"], node.get("failureSummary", "")) for node in rule["nodes"]) for rule in found
        )
        assert not found, f"{page.url}: " + "\n".join(map(str, nodes))
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{page.url} is {overflow} px wider than its window"
        assert page.evaluate(CUT_OFF) == [], page.url

    return inspected
