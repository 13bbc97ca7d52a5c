"""A student uploads a CV while booking on a phone; the adviser can read it, the front desk cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from appointments.models import Booking
from documents.models import Document
from documents.operations.check import check_due
from tests.cast import Cast
from tests.documents.papers import docx, pdf
from tests.journeys.conftest import DESKTOP, PHONE, Inspect, OpenPage, SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.policy("DATA-3")]


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


@pytest.fixture
def cv(tmp_path: Path) -> Path:
    path = tmp_path / "Amara.Okafor.CV.pdf"
    path.write_bytes(pdf())
    return path


@pytest.mark.policy("DATA-6")
def test_a_cv_is_handed_in_while_booking_and_read_by_its_adviser_only(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, cv: Path
) -> None:
    phone, desk, adviser = open_page(PHONE), open_page(DESKTOP), open_page(DESKTOP)
    signed_in(phone, cast.student)
    phone.goto(f"/book/{cast.type.slug}/?adviser={cast.adviser.public_id}")
    phone.get_by_role("link", name="09:40 on").click()
    heading(phone, "What should your adviser know?")
    phone.locator("summary", has_text="Attach").click()
    phone.get_by_label("Upload a document").set_input_files(cv)
    inspect(phone)
    phone.get_by_role("button", name="Continue").click()
    heading(phone, "Check and book")
    expect(phone.get_by_text("Amara Okafor CV")).to_be_visible()
    inspect(phone)
    phone.get_by_role("button", name="Book this appointment").click()
    heading(phone, "Your appointment is booked")
    expect(phone.get_by_text("Attached: Amara Okafor CV")).to_be_visible()
    booking = Booking.objects.get()

    phone.get_by_role("link", name="All my appointments").click()
    phone.goto(f"/appointments/{booking.public_id}/")
    expect(phone.get_by_text("Being checked")).to_be_visible()
    inspect(phone)
    check_due()

    signed_in(adviser, cast.adviser)
    adviser.goto(f"/staff/bookings/{booking.public_id}/")
    inspect(adviser)
    with adviser.expect_download() as download:
        adviser.get_by_role("link", name="Download Amara Okafor CV").click()
    assert download.value.suggested_filename == "Amara Okafor CV.pdf"
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")

    signed_in(desk, cast.front_desk)
    desk.goto(f"/staff/bookings/{booking.public_id}/")
    heading(desk, "Amara Okafor")
    expect(desk.get_by_text("Amara Okafor CV")).to_have_count(0)
    answer = desk.goto(f"/documents/{Document.objects.get().public_id}/versions/1/file/")
    assert answer is not None
    assert answer.status == 404


def test_my_documents_from_nothing_to_shared_and_gone(
    cast: Cast, wide_and_narrow: Page, signed_in: SignIn, inspect: Inspect, cv: Path, tmp_path: Path
) -> None:
    page = wide_and_narrow
    signed_in(page, cast.student)
    page.goto("/documents/")
    heading(page, "My documents")
    expect(page.get_by_text("No documents yet")).to_be_visible()
    inspect(page)
    page.evaluate("window.stayed = true")
    wrong = tmp_path / "cv.pdf"
    wrong.write_text("<svg><script>alert(1)</script></svg>")
    page.get_by_label("File").set_input_files(wrong)
    page.get_by_role("button", name="Upload").click()
    expect(page.locator(".error-summary a[href='#id_file']")).to_be_visible()
    inspect(page)
    page.get_by_label("File").set_input_files(cv)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("Being checked", exact=True)).to_be_visible()
    assert page.evaluate("window.stayed"), "the page stayed where it was"
    inspect(page)
    check_due()
    expect(page.get_by_text("Checked", exact=True)).to_be_visible()

    page.get_by_role("link", name="Amara Okafor CV").click()
    heading(page, "Amara Okafor CV")
    newer = tmp_path / "cv.docx"
    newer.write_bytes(docx())
    page.locator("main [name=file]").set_input_files(newer)
    page.get_by_role("button", name="Upload version").click()
    page.locator("main select[name=adviser]").select_option(label="Helen Marsh")
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page.locator("#messages .tone-success")).to_be_visible()
    inspect(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download", exact=True).click()
    assert download.value.suggested_filename == "Amara Okafor CV.pdf", "the newest that has been checked"
    page.get_by_role("link", name="Delete", exact=True).click()
    heading(page, "Delete this document?")
    inspect(page)
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("No documents yet")).to_be_visible()


def test_documents_without_javascript(cast: Cast, open_page: OpenPage, signed_in: SignIn, cv: Path) -> None:
    page = open_page(PHONE, java_script_enabled=False)
    signed_in(page, cast.student)
    page.goto("/documents/")
    page.get_by_label("Application form").check()
    page.get_by_label("File").set_input_files(cv)
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("#messages .tone-success")).to_be_visible()
    assert Document.objects.get().kind == "application"
