"""An administrator uploads the student feed, reviews its changes and applies it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.feed.operations.work import work_on_waiting_runs
from accounts.models import FeedRun, FeedState, User
from tests.accounts.feed_files import feed, file_of, person, someone
from tests.cast import Cast
from tests.journeys.conftest import DESKTOP, Inspect, OpenPage, SignIn
from tests.page_parts import link_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def send_in(page: Page, body: bytes, folder: Path) -> None:
    (folder / "feed.csv").write_bytes(body)
    page.locator("main [name=file]").set_input_files(folder / "feed.csv")
    page.get_by_role("button", name="Check the file").click()


@pytest.mark.policy("DATA-3")
def test_an_administrator_imports_a_feed(
    cast: Cast, wide_and_narrow: Page, signed_in: SignIn, inspect: Inspect, tmp_path: Path
) -> None:
    page = wide_and_narrow
    signed_in(page, cast.administrator)
    page.goto("/configuration/")
    page.get_by_role("link", name="Student feed", exact=True).click()
    expect(page.locator("main .empty-state")).to_be_visible()
    page.get_by_text("The columns").click()
    inspect(page)
    send_in(page, file_of(person(1), person(3, level="school"), *(person(n) for n in range(4, 14))), tmp_path)
    expect(page.get_by_role("progressbar")).to_be_visible()
    inspect(page)
    work_on_waiting_runs()
    expect(page.get_by_role("link", name="Apply…")).to_be_visible()
    expect(page.get_by_text("BA History (BA-HIST), School of Humanities")).to_be_visible()
    inspect(page)
    with page.expect_download() as download:
        page.locator(link_to("feed_bad_rows_download", FeedRun.objects.get().public_id)).click()
    run = FeedRun.objects.get()
    (reason,) = run.changes.filter(kind="refused").values_list("reason", flat=True)
    assert reason in download.value.path().read_text()
    page.locator("main nav").get_by_role("link", name="Refused").click()
    expect(page.get_by_role("cell", name=reason)).to_be_visible()
    inspect(page)
    page.get_by_role("link", name="Apply…").click()
    inspect(page)
    page.get_by_role("button", name="Apply").click()
    work_on_waiting_runs()
    expect(page.locator("main .alert.tone-success").first).to_be_visible()
    assert someone(1).enrolments.count() == 1
    page.get_by_role("link", name="Student feed", exact=True).first.click()
    expect(page.get_by_role("cell", name="Applied")).to_be_visible()
    inspect(page)


def test_a_large_change_is_asked_about_without_scripts(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, tmp_path: Path
) -> None:
    feed(*(person(n) for n in range(4)))
    page = open_page(DESKTOP, java_script_enabled=False)
    signed_in(page, cast.administrator)
    page.goto("/configuration/feed/")
    send_in(page, file_of(person(1)), tmp_path)
    work_on_waiting_runs()
    page.get_by_role("link", name="Refresh").click()
    expect(page.get_by_text("3 are missing")).to_be_visible()
    page.get_by_role("link", name="Apply…").click()
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".error-summary a[href='#id_accepts_large_change']")).to_be_visible()
    page.locator("main [name=accepts_large_change]").check()
    page.get_by_role("button", name="Apply").click()
    work_on_waiting_runs()
    page.get_by_role("link", name="Refresh").click()
    expect(page.locator("main .alert.tone-success").first).to_be_visible()
    assert User.objects.filter(left_feed_on__isnull=False).count() == 3


def test_a_file_is_set_aside(cast: Cast, desktop: Page, signed_in: SignIn, inspect: Inspect, tmp_path: Path) -> None:
    signed_in(desktop, cast.administrator)
    desktop.goto("/configuration/feed/")
    desktop.get_by_role("button", name="Check the file").click()
    expect(desktop.locator(".error-summary a[href='#id_file']")).to_be_visible()
    inspect(desktop)
    send_in(desktop, file_of(person(1)), tmp_path)
    work_on_waiting_runs()
    desktop.get_by_role("button", name="Delete the file").click()
    expect(desktop.locator("#messages .tone-success")).to_be_visible()
    assert FeedRun.objects.get().state == FeedState.CANCELLED
    send_in(desktop, b"name\nx\n", tmp_path)
    work_on_waiting_runs()
    expect(desktop.locator("main .refusal")).to_be_visible()
    inspect(desktop)
