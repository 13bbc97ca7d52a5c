"""From an empty database to a booked student by the documentation’s commands, with production settings and over TLS.

Then what happens to an installation: a night, a restored backup, Redis lost, PostgreSQL restarted, a connection pooler.
After each of them the student books again, with the session of before.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.accounts.feed_files import file_of, person
from tests.documents.papers import pdf
from tests.journeys.conftest import DESKTOP, PHONE, Inspect
from tests.journeys.production_site import ProductionSite
from tests.peers.pgbouncer import PgBouncer

pytestmark = [pytest.mark.browser, pytest.mark.pooler]

PASSWORD = "grey-otter-lantern-42"
LEAVER = person(2, status="completed", start="2010-09-20", expected_end="2013-07-01", completion="2013-07-01")
MOIRA, HELEN, STUDENT = "moira@example.ac.uk", "helen@example.ac.uk", "p1@example.ac.uk"
RULES = """
careerconnect_rules: 1
audiences:
  - {slug: students, name: students, rules: [{from: beginning, rule: {everybody: true}}]}
policies:
  - {slug: guidance-week, name: Guidance, limit: 9, period: week}
types:
  - slug: guidance
    name: Guidance
    summary: Half an hour with a consultant.
    audience: students
    policies: [guidance-week]
    minutes: 30
    modes: [in_person]
    horizon_days: 14
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[ProductionSite]:
    with ProductionSite(tmp_path) as made:
        yield made


@pytest.fixture
def browser_of(site: ProductionSite, new_context: Callable[..., Any]) -> Iterator[Callable[[dict[str, int]], Page]]:
    """A browser that reaches the portal through a proxy: this header is all that the proxy adds.

    The content policy of production blocks nothing that the pages need.
    """

    def opened(viewport: dict[str, int]) -> Page:
        headers = {"X-Forwarded-Proto": "https"}
        context = new_context(
            viewport=viewport, base_url=site.url, ignore_https_errors=True, extra_http_headers=headers
        )
        context.set_default_timeout(20_000)
        page: Page = context.new_page()
        page.on("console", lambda said: broken.append(said.text) if "Content Security Policy" in said.text else None)
        return page

    broken: list[str] = []
    yield opened
    assert broken == []


def miss_rules_are_changed(page: Page, inspect: Inspect) -> None:
    page.goto("/configuration/misses/change/")
    page.locator("[name=action][value='remove-step:0:1']").click()
    page.locator("[name=action][value='add-step:0']").click()
    page.locator("[name='rule-0-step-3-hold']").select_option("lifted")
    page.locator("[name=note]").fill("The board decided.")
    page.locator("[name=action][value=preview]").click()
    inspect(page)
    page.locator("[name=action][value=schedule]").click()
    page.locator("button[name=withdraw]").click()
    expect(page.locator("button[name=withdraw]")).to_have_count(0)


def a_feed_is_uploaded_and_applied(page: Page, site: ProductionSite, file: Path, inspect: Inspect) -> None:
    page.goto("/configuration/feed/")
    page.locator("main [name=file]").set_input_files(file)
    page.locator("main form button[type=submit]").first.click()
    site.manage("import_people", "--waiting")
    page.locator("main a[href$='/apply/']").click()
    inspect(page)
    page.locator("main form button[type=submit]").first.click()
    site.manage("import_people", "--waiting")
    page.reload()
    expect(page.locator("main .alert.tone-success").first).to_be_visible()


def sign_in_again(page: Page, email: str) -> None:
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()


def session_ends(page: Page) -> None:
    page.context.clear_cookies(name=re.compile("session"))


def words_survive_the_end_of_a_session(page: Page) -> None:
    page.goto("/queries/new/")
    page.locator("main [name=text]").fill("Could somebody read it?")
    session_ends(page)
    page.get_by_role("button", name="Send").click()
    sign_in_again(page, STUDENT)
    expect(page.locator("main [name=text]")).to_have_value("Could somebody read it?")


def a_cancellation_is_undone(page: Page, inspect: Inspect) -> None:
    page.goto("/appointments/")
    page.locator("main a[href^='/appointments/']").first.click()
    here = page.url
    page.locator("main a[href$='/cancel/']").first.click()
    session_ends(page)
    page.locator("main form button[type=submit]").first.click()
    sign_in_again(page, STUDENT)
    expect(page).to_have_url(re.compile(r"/cancel/$"))
    page.locator("main form button[type=submit]").first.click()
    page.locator("form[action$='/undo/'] button").click()
    inspect(page)
    page.goto(here)
    expect(page.locator("main a[href$='/cancel/']").first).to_be_visible()


def choose_password(page: Page) -> None:
    for box in page.locator("main input[type=password]").all():
        box.fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()


def set_up_app(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Protect your account")
    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator("main code").inner_text()
    counter = next(iter(yield_hotp_counters_from_time()))
    page.get_by_label("code").fill(format_hotp_value(hotp_value(secret, counter)))
    page.get_by_role("button", name="Use this app").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Set up an authenticator app")


def book(student: Page, time: str) -> None:
    student.goto("/book/guidance/")
    student.get_by_role("link", name=f"{time} on").click()
    student.get_by_role("button", name="Continue").click()
    student.get_by_role("button", name="Book this appointment").click()
    expect(student.get_by_role("heading", level=1)).to_have_text("Your appointment is booked")


@pytest.mark.policy("SEC-1")
def test_from_an_empty_database_to_a_booked_student(
    site: ProductionSite, browser_of: Callable[[dict[str, int]], Page], tmp_path: Path, inspect: Inspect
) -> None:
    site.install("Moira Campbell", MOIRA)
    moira = browser_of(DESKTOP)
    moira.goto(site.link(MOIRA))
    inspect(moira)
    choose_password(moira)
    set_up_app(moira)

    moira.goto("/configuration/colleagues/")
    inspect(moira)
    moira.get_by_role("link", name="Add a colleague").click()
    moira.get_by_label("Given name").fill("Helen")
    moira.get_by_label("Family name").fill("Marsh")
    moira.get_by_label("Work email address").fill(HELEN)
    moira.get_by_label("Adviser").check()
    inspect(moira)
    moira.get_by_role("button", name="Add and invite").click()
    expect(moira.get_by_text(f"Invitation sent to {HELEN}")).to_be_visible()

    (tmp_path / "rules.yaml").write_text(RULES)
    site.manage("rules", "import", str(tmp_path / "rules.yaml"))
    moira.goto("/admin/places/location/add/")
    moira.locator("[name=name]").fill("Room 1")
    moira.locator("[name=confidentiality]").select_option(index=1)
    moira.locator("[name=confidentiality_note]").fill("A closed room: nobody else hears you.")
    moira.locator("[name=_save]").click()
    expect(moira.get_by_text("was added successfully")).to_be_visible()
    (tmp_path / "students.csv").write_bytes(file_of(person(1), LEAVER, *(person(number) for number in range(3, 9))))
    site.manage("import_people", str(tmp_path / "students.csv"))
    (tmp_path / "students.csv").write_bytes(file_of(person(1), LEAVER, *(person(number) for number in range(3, 30))))
    a_feed_is_uploaded_and_applied(moira, site, tmp_path / "students.csv", inspect)
    miss_rules_are_changed(moira, inspect)

    helen = browser_of(PHONE)
    helen.goto(site.link(HELEN))
    inspect(helen)
    choose_password(helen)
    set_up_app(helen)
    helen.goto("/staff/availability/")
    day = timezone.localdate() + timedelta(days=2)
    helen.get_by_role("link", name="One-off time").click()
    helen.locator("[name=day]").fill(str(day))
    helen.locator("[name=starts]").fill("09:00")
    helen.locator("[name=ends]").fill("13:00")
    helen.get_by_label("Guidance").check()
    helen.get_by_label("Room 1").check()
    helen.locator("main form button[type=submit]").first.click()

    student = browser_of(PHONE)
    student.goto("/accounts/password/reset/")
    student.locator("main input[name=email]").fill(STUDENT)
    student.locator("main form button[type=submit]").first.click()
    student.goto(site.link(STUDENT))
    choose_password(student)
    student.goto("/accounts/login/")
    student.locator("input[name=login]").fill(STUDENT)
    student.locator("input[name=password]").fill(PASSWORD)
    student.locator("main form button[type=submit]").first.click()
    book(student, "09:30")
    inspect(student)
    assert "Room 1" in site.email(STUDENT, containing="09:30")
    words_survive_the_end_of_a_session(student)
    a_cancellation_is_undone(student, inspect)
    helen.goto(f"/staff/today/?day={day}")
    expect(helen.get_by_text("Guidance").first).to_be_visible()

    hand_in(student, tmp_path)
    site.manage("sweep_documents")
    site.type("backing-up.md", "## Back up")
    a_night_forgets_the_leaver(site)
    book(student, "10:00")

    site.stop()
    shutil.rmtree(site.folder / "documents")
    site.type("backing-up.md", "## Restore")
    assert site.count("accounts_user", family_name="Person2") == 0
    assert (site.count("appointments_booking"), site.count("documents_storedfile")) == (1, 1)
    site.start()
    book(student, "10:00")

    site.valkey.stop()
    book(student, "10:30")
    site.email(STUDENT, containing="10:30")
    site.valkey.start_again()

    site.postgres.start_again("postgres")
    book(student, "11:00")

    site.stop()
    with PgBouncer("transaction", site.sockets) as pooler:
        site.type("scaling.md", "## Behind a connection pooler")
        pooled = {"DATABASE_URL": f"'{pooler.url('careers', 'careers')}'", "DATABASE_POOLER": "transaction"}
        site.fill_in(**pooled, DATABASE_DIRECT_URL=site.settings()["DATABASE_URL"])
        site.start()
        book(student, "11:30")
        site.email(STUDENT, containing="11:30")
        site.stop()
    assert site.count("appointments_booking") == 5


def hand_in(student: Page, folder: Path) -> None:
    (folder / "cv.pdf").write_bytes(pdf())
    student.goto("/documents/")
    student.locator("main input[type=file]").set_input_files(folder / "cv.pdf")
    student.locator("main form:has(input[type=file]) button[type=submit]").click()
    expect(student.locator("main")).to_contain_text("cv")


def a_night_forgets_the_leaver(site: ProductionSite) -> None:
    """The nights that warned people were years ago."""
    columns = "person_id, kept_until, ended_on, warned_at"
    told = f"INSERT INTO retention_retentionwarning ({columns}) SELECT id, '2017-07-31', '2013-07-01', '2017-05-01' "
    site.sql(f"{told} FROM accounts_user WHERE family_name = 'Person2'")
    assert "1 deleted" in site.manage("retention", "run")
