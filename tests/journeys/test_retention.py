"""A copy is requested, reviewed, released and downloaded; a night is approved; permissions are given. With axe."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import PolicySetting, Proposal, Role, Status, User
from appointments.models import BookingNote
from messaging.models import ContactPermission
from retention.models import LegalHold, PurgeRun, RightsRequest, TextMention
from retention.operations.copies import build_packages
from retention.operations.keep_notice import keep_notice
from retention.operations.nights import start_nightly_run
from retention.operations.requests import ask
from retention.operations.work import work_on_runs
from tests.cast import Cast
from tests.factories import StudentFactory, UserFactory, stored_booking
from tests.journeys.conftest import DESKTOP, PHONE, Inspect, OpenPage, SignIn
from tests.retention.everything import PAST
from tests.retention.nights import tell_in_time
from wellbeing.models import Concern

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def officer(db: None) -> User:
    return UserFactory(given_name="Priya", family_name="Nair", roles=[Role.INFORMATION_GOVERNANCE])


@pytest.mark.policy("DATA-2", "DATA-6")
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_copy_from_asking_to_downloading(
    cast: Cast, officer: User, open_page: OpenPage, sign_in: SignIn, inspect: Inspect, scripts: bool, tmp_path: Path
) -> None:
    lead = UserFactory(given_name="Nadia", family_name="Rahman", roles=[Role.WELLBEING_LEAD])
    booking = stored_booking(cast.student, cast.adviser, cast.type, cast.room, PAST, status="attended")
    BookingNote.objects.create(booking=booking, text="Came with Jin Lee, and knows what to do.", by=cast.adviser)
    Concern.objects.create(
        student=cast.student, raised_by=cast.adviser, raised_at=PAST, facts="Very thin.", seriousness="worried",
        next_on=date(2030, 1, 1),
    )  # fmt: skip
    look = inspect if scripts else lambda page: None
    student, governing, leading = (open_page(size, java_script_enabled=scripts) for size in (PHONE, DESKTOP, PHONE))
    for page, person in ((student, cast.student), (governing, officer), (leading, lead)):
        sign_in(page, person)

    student.goto(reverse("profile_edit"))
    student.get_by_role("link", name="Your data and your rights").first.click()
    expect(student.get_by_role("heading", name="No requests yet")).to_be_visible()
    look(student)
    student.get_by_role("link", name="Ask for a copy").click()
    expect(student.get_by_label("A copy of what you hold about me")).to_be_checked()
    look(student)
    student.get_by_role("button", name="Send request").click()
    expect(student.get_by_text("We are preparing it")).to_be_visible()
    look(student)
    build_packages()

    governing.goto("/")
    governing.get_by_role("link", name="Retention").first.click()
    look(governing)
    governing.get_by_role("link", name="Open requests").click()
    look(governing)
    governing.get_by_role("link", name=cast.student.name).click()
    expect(governing.get_by_role("heading", name="Include this in the copy?")).to_be_visible()
    look(governing)
    governing.get_by_role("button", name="Release to the person").click()
    expect(governing.get_by_text("Not every confidential part has a decision yet.")).to_be_visible()
    look(governing)
    governing.get_by_label("Yes, include it").check()
    governing.get_by_role("button", name="Decide", exact=True).click()

    leading.goto("/")
    leading.get_by_role("link", name="Copies of data that wait for your word").click()
    look(leading)
    leading.get_by_label("No, leave it out").check()
    leading.get_by_label("If you leave it out, why (the person sees this)").fill("It would put your health at risk.")
    leading.get_by_role("button", name="Decide").click()
    expect(leading.get_by_role("heading", name="No copy waits")).to_be_visible()
    look(leading)

    governing.get_by_role("button", name="Rebuild the copy").click()
    build_packages()
    governing.reload()
    governing.get_by_label("Jin Lee", exact=True).check()
    governing.get_by_role("button", name="Decide and rebuild the copy").click()
    build_packages()
    governing.set_viewport_size({"width": 390, "height": 800})
    governing.goto(reverse("copy_part_read", args=[RightsRequest.objects.get().public_id, "notes"]))
    look(governing)
    governing.locator("textarea[name=words]").focus()
    governing.keyboard.type("what to do")
    governing.keyboard.press("Tab")
    governing.keyboard.press("Enter")
    expect(governing.get_by_text("knows ██████████.")).to_be_visible()
    look(governing)
    governing.set_viewport_size({"width": 1280, "height": 900})
    look(governing)
    governing.goto(reverse("rights_request_detail", args=[RightsRequest.objects.get().public_id]))
    look(governing)
    governing.locator("button[formaction$='/copy/']").click()
    expect(governing.get_by_text("waiting to be put together", exact=False).first).to_be_visible()
    build_packages()
    governing.reload()
    governing.get_by_role("button", name="Release to the person").click()
    expect(governing.get_by_text("Released, and the person has been told.")).to_be_visible()
    look(governing)

    student.reload()
    look(student)
    with student.expect_download() as started:
        student.get_by_role("link", name="Download it").click()
    archive = zipfile.ZipFile(io.BytesIO(Path(started.value.path()).read_bytes()))
    said = archive.read("index.html").decode()
    assert "Came with ███████, and knows ██████████." in said
    assert "It would put your health at risk." in said
    (tmp_path / "index.html").write_text(said)
    student.goto((tmp_path / "index.html").as_uri())
    look(student)


@pytest.mark.policy("DATA-4")
def test_a_night_is_approved_and_a_name_blacked_out(
    cast: Cast, officer: User, open_page: OpenPage, sign_in: SignIn, inspect: Inspect
) -> None:
    course = {"status": Status.COMPLETED, "completed_on": date(2020, 6, 10), "started_on": date(2017, 9, 1)}
    going = StudentFactory(given_name="Ann", family_name="Smith", roles=[Role.GRADUATE], course=course)
    booking = stored_booking(cast.student, cast.adviser, cast.type, cast.room, PAST, status="attended")
    note = BookingNote.objects.create(booking=booking, text="Came with Ann Smith.", by=cast.adviser)
    StudentFactory(course={"status": Status.WITHDRAWN})
    PolicySetting.objects.create(key="retention_needs_approval", value=True, effective_from=date(2020, 1, 1))
    page = open_page(DESKTOP)
    sign_in(page, officer)
    tell_in_time(timezone.localdate())
    start_nightly_run()
    work_on_runs()

    page.goto(reverse("retention_overview"))
    inspect(page)
    page.get_by_role("link", name="Review the list").click()
    inspect(page)
    page.locator("a[href*='show=going']").click()
    expect(page.locator(f"[data-person='{going.public_id}']")).to_be_visible()
    inspect(page)
    page.go_back()
    page.locator("main button[formaction$='/approve/']").click()
    second = open_page(PHONE)
    sign_in(second, UserFactory(given_name="Idris", roles=[Role.INFORMATION_GOVERNANCE]))
    second.goto(reverse("proposal_detail", args=[Proposal.objects.get().public_id]))
    inspect(second)
    second.locator("main a[href$='/people/']").click()
    expect(second.locator(f"[data-person='{going.public_id}']")).to_be_visible()
    inspect(second)
    second.go_back()
    second.locator("main form[action$='/confirm/'] button").click()
    second.wait_for_url("**/second-person/")
    work_on_runs()
    page.reload()
    expect(page.get_by_role("heading", name="Proof")).to_be_visible()
    inspect(page)
    with page.expect_download() as started:
        page.get_by_role("link", name="Certificate").click()
    assert PurgeRun.objects.get().digest in Path(started.value.path()).read_text()
    assert not User.objects.filter(pk=going.pk).exists()

    page.goto(reverse("retention_overview"))
    page.get_by_role("link", name="Names to check").first.click()
    inspect(page)
    page.get_by_role("button", name="Black out Ann Smith").click()
    expect(page.get_by_text("Blacked out.")).to_be_visible()
    note.refresh_from_db()
    assert (note.text, TextMention.objects.to_review().count()) == ("Came with █████████.", 0)
    for name in ("No end date", "Schedule", "Statistics", "Legal holds"):
        page.get_by_role("link", name=name).first.click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        inspect(page)
    page.get_by_role("link", name="Place a hold").click()
    page.get_by_label("Name, number or email address").fill(cast.student.email)
    page.get_by_role("button", name="Search").click()
    inspect(page)
    page.get_by_role("link", name=cast.student.name).click()
    inspect(page)
    page.get_by_label("Reason").fill("A claim, reference LEG-114.")
    page.get_by_label("End date").fill(str(timezone.localdate() + timedelta(days=90)))
    page.get_by_role("button", name="Place the hold").click()
    expect(page.get_by_text("Legal hold placed until")).to_be_visible()
    inspect(page)
    look_at_several_holds_and_the_record(page, cast, inspect)
    page.goto(reverse("retention_overview"))
    page.get_by_role("button", name="Preview tonight’s run").click()
    work_on_runs()
    page.reload()
    expect(page.get_by_text("Nothing to delete")).to_be_visible()
    inspect(page)


def look_at_several_holds_and_the_record(page: Page, cast: Cast, inspect: Inspect) -> None:
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for name in ("legal_holds_lift", "processing_list", "notice_words_edit", "legal_holds_create"):
            page.goto(reverse(name))
            inspect(page)
        page.locator("textarea[name=who]").fill(f"{cast.student.email}\n{cast.other_student.university_id}\nNobody")
        page.locator("textarea[name=reason]").fill("A claim, reference LEG-115.")
        page.locator("input[name=expires_on]").fill(str(timezone.localdate() + timedelta(days=90)))
        page.locator("main form button[type=submit]").last.click()
        expect(page.locator("[data-found] li")).to_have_count(2)
        inspect(page)
    page.locator("[aria-labelledby=effect] button").click()
    page.wait_for_url("**/retention/holds/")
    assert LegalHold.objects.filter(reason__contains="LEG-115").count() == 2


@pytest.mark.policy("DATA-1", "DATA-5")
def test_what_one_agrees_to_reaches_the_alumni_office(
    open_page: OpenPage, sign_in: SignIn, inspect: Inspect
) -> None:  # fmt: skip
    course = {"status": Status.COMPLETED, "completed_on": date(2026, 6, 10), "started_on": date(2023, 9, 1)}
    graduate = StudentFactory(given_name="Grace", family_name="Hill", roles=[Role.GRADUATE], course=course)
    office = UserFactory(given_name="Owen", roles=[Role.ALUMNI_RELATIONS])
    person, alumni = open_page(PHONE), open_page(DESKTOP)
    sign_in(person, graduate)
    sign_in(alumni, office)
    expect(alumni.get_by_role("heading", name="No preferences yet")).to_be_visible()
    inspect(alumni)

    person.goto(reverse("profile_edit"))
    person.get_by_role("link", name="What you hear from us").click()
    inspect(person)
    person.get_by_role("group", name="The alumni office").get_by_label("Email").check()
    person.get_by_role("button", name="Save").click()
    expect(person.get_by_text("Saved.")).to_be_visible()
    inspect(person)
    assert ContactPermission.objects.get().given

    alumni.reload()
    expect(alumni.get_by_text(graduate.email)).to_be_visible()
    inspect(alumni)
    with alumni.expect_download() as started:
        alumni.get_by_role("link", name="Download as CSV").click()
    assert graduate.email in Path(started.value.path()).read_text("utf-8-sig")


@pytest.mark.policy("DATA-2", "DATA-4")
def test_the_persons_own_pages_and_the_notice_have_no_findings(
    cast: Cast, officer: User, open_page: OpenPage, sign_in: SignIn, inspect: Inspect
) -> None:
    keep_notice()
    asked = ask(person=cast.student, kind="complaint", words="It takes too long.", by=cast.student)
    erasure = ask(person=cast.student, kind="erasure", by=cast.student)
    for size in (PHONE, DESKTOP):
        page = open_page(size)
        sign_in(page, cast.student)
        for name, args in (
            ("held_list", []),
            ("rights_request_list", []),
            ("rights_request_follow", [asked.public_id]),
            ("privacy", []),
            ("notice_version_list", []),
            ("notice_version_detail", [1]),
        ):
            page.goto(reverse(name, args=args))
            inspect(page)
        page.context.close()
        page = open_page(size)
        sign_in(page, officer)
        for name, args in (
            ("rights_request_inbox", []),
            ("rights_request_record", []),
            ("rights_request_detail", [erasure.public_id]),
            ("rights_request_detail", [asked.public_id]),
            ("schedule_list", []),
        ):
            page.goto(reverse(name, args=args))
            inspect(page)
        page.context.close()
