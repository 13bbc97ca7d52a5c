"""Events in a browser: a student registers, waits and is offered a place; the door scans, also without a network."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import qrcode
from django.urls import reverse
from playwright.sync_api import BrowserType, Page, expect
from pytest_django.live_server_helper import LiveServer

from eligibility.models import ActivityKind, ActivityResult
from events.models import CheckIn, CheckInDevice, Event, EventState, Registration
from events.operations.cancel_registration import cancel_registration
from events.operations.register import register
from foundation.values.times import database_now
from tests.cast import Cast
from tests.events.factories import an_event, registered
from tests.events.test_webinar_reports import came, webinar, zoom
from tests.factories import StudentFactory, activity, stored_booking
from tests.journeys.conftest import DESKTOP, PHONE, Inspect, OpenPage, SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

both_sizes = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
with_and_without = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])


def on_now(**more: Any) -> Event:
    event = an_event(starts=database_now() - timedelta(minutes=5), minutes=120, **more)
    Event.objects.filter(pk=event.pk).update(registration_closes_at=event.ends_at)
    event.refresh_from_db()
    return event


@both_sizes
@with_and_without
def test_a_student_finds_an_event_registers_and_cancels(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, size: dict[str, int], scripts: bool
) -> None:
    event, page = an_event(title="Careers in engineering"), open_page(size, java_script_enabled=scripts)
    page.goto(reverse("event_list"))
    page.get_by_role("link", name="Careers in engineering").click()
    expect(page.get_by_role("link", name="to register")).to_be_visible()
    signed_in(page, cast.student)
    page.reload()
    if scripts:
        inspect(page)
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("registered. We’ve")).to_be_visible()
    if scripts:
        inspect(page)
    page.get_by_role("link", name="Cancel this").click()
    page.get_by_role("button", name="Cancel registration").click()
    expect(page.get_by_text("tion cancelled.")).to_be_visible()
    assert Registration.objects.get(event=event).status == "cancelled"


@both_sizes
def test_a_student_waits_is_offered_a_place_and_takes_it(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, size: dict[str, int]
) -> None:
    event, page = an_event(places=1), open_page(size)
    taken = registered(event, cast.other_student)
    signed_in(page, cast.student)
    page.goto(reverse("event_detail", args=[event.public_id]))
    page.get_by_role("button", name="Join the").click()
    expect(page.get_by_text("are next")).to_be_visible()
    inspect(page)
    cancel_registration(registration=taken, by=cast.other_student)
    page.goto(reverse("registration_list"))
    inspect(page)
    page.get_by_role("link", name="decline").click()
    inspect(page)
    page.get_by_role("button", name="Accept the").click()
    expect(page.get_by_text("’re registered.").first).to_be_visible()
    assert Registration.objects.get(student=cast.student).status == "registered"


@both_sizes
def test_staff_make_and_publish_an_event(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, size: dict[str, int]
) -> None:
    an_event()
    page = open_page(size)
    signed_in(page, cast.adviser)
    page.goto(reverse("staff_event_list"))
    inspect(page)
    page.get_by_role("link", name="New event").click()
    inspect(page)
    page.get_by_label("Title").fill("CV workshop")
    page.get_by_label("Type").select_option(index=1)
    page.get_by_label("Summary").fill("Bring your CV.")
    page.get_by_label("Day").fill(str(cast.day))
    page.get_by_label("From", exact=True).fill("14:00")
    page.get_by_label("To", exact=True).fill("15:00")
    page.get_by_label("Other addr").fill("1 Example Street")
    page.get_by_label("Places in the").fill("20")
    page.get_by_role("button", name="Save draft").click()
    inspect(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published. Everybody")).to_be_visible()
    for name in ("Change time", "Questions at", "Organisers and"):
        page.get_by_role("link", name=name).click()
        inspect(page)
        page.go_back()


@pytest.mark.policy("ELIG-1", "SEC-2")
def test_attending_opens_a_type_the_same_minute(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect
) -> None:
    sessions = activity("employer-sessions", ActivityKind.ATTENDANCE)
    event = on_now(counts_as=sessions)
    registered(event, cast.student)
    audience = cast.type.audience
    audience.rule = {"activity": "employer-sessions", "attended_at_least": 1}
    audience.save()
    page, student = open_page(PHONE), open_page(PHONE)
    signed_in(student, cast.student)
    student.goto(reverse("type_list"))
    expect(student.get_by_role("link", name=cast.type.name)).to_have_count(0)
    signed_in(page, cast.front_desk)
    page.goto(reverse("event_door", args=[event.public_id]))
    inspect(page)
    page.get_by_label("Code, name").fill(cast.student.name)
    page.get_by_role("button", name="Find").click()
    inspect(page)
    page.get_by_role("button", name="Yes, check").click()
    expect(page.get_by_text(f"{cast.student.name} is checked")).to_be_visible()
    assert ActivityResult.objects.get(student=cast.student).count == 1
    student.reload()
    expect(student.get_by_role("link", name=cast.type.name)).to_have_count(1)


@pytest.fixture
def camera(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], live_server: LiveServer, tmp_path: Path
) -> Iterator[Callable[[str], Page]]:
    """`camera(text)`: a phone whose camera sees the QR code of this text."""
    opened = []

    def seeing(text: str) -> Page:
        frame, film = io.BytesIO(), tmp_path / "code.mjpeg"
        qrcode.make(text, box_size=8).convert("RGB").resize((640, 640)).save(frame, "JPEG", quality=95)
        film.write_bytes(frame.getvalue() * 30)
        more = [
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
        ]
        args = {**browser_type_launch_args, "args": [*browser_type_launch_args["args"], *more]}
        browser = browser_type.launch(**args)
        opened.append(browser)
        context = browser.new_context(viewport=PHONE, base_url=live_server.url, permissions=["camera"])
        return context.new_page()

    yield seeing
    for each in opened:
        each.close()


@pytest.mark.policy("SEC-2")
def test_the_camera_reads_a_code_and_a_person_confirms(
    cast: Cast, camera: Callable[[str], Page], signed_in: SignIn
) -> None:
    event = on_now()
    registration = register(event=event, student=cast.student, mode="in_person", by=cast.student)
    page = camera(f"https://careers.example.ac.uk/registrations/{registration.public_id}/")
    signed_in(page, cast.front_desk)
    page.goto(reverse("event_door", args=[event.public_id]))
    page.get_by_role("button", name="with the camera").click()
    expect(page.get_by_text("it them?")).to_be_visible(timeout=20_000)
    assert not CheckIn.objects.exists()
    page.get_by_role("button", name="Yes, check").click()
    expect(page.get_by_text(f"{cast.student.name} is checked")).to_be_visible()


def test_what_is_scanned_without_a_network_is_sent_once_it_is_back(
    cast: Cast, camera: Callable[[str], Page], signed_in: SignIn
) -> None:
    event = on_now()
    registration = register(event=event, student=cast.student, mode="in_person", by=cast.student)
    page = camera(f"https://careers.example.ac.uk/registrations/{registration.public_id}/")
    signed_in(page, cast.front_desk)
    page.goto(reverse("event_door", args=[event.public_id]))
    page.clock.set_fixed_time(database_now())  # the tests may live on another day than the browser
    page.context.set_offline(True)
    page.get_by_role("button", name="with the camera").click()
    expect(page.get_by_text("1 scanned without")).to_be_visible(timeout=20_000)
    assert not CheckIn.objects.exists()
    page.context.set_offline(False)
    expect(page.get_by_role("listitem").filter(has_text=f"{cast.student.name} is checked")).to_be_visible(
        timeout=20_000
    )
    assert CheckIn.objects.count() == 1
    assert page.evaluate("localStorage.getItem('door-waiting')") == "[]"


@both_sizes
def test_a_tablet_checks_people_in_and_does_nothing_else(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, size: dict[str, int]
) -> None:
    event, page = on_now(title="Autumn fair"), open_page(size)
    mine = registered(event, cast.student)
    signed_in(page, cast.front_desk)
    page.goto(reverse("event_door", args=[event.public_id]))
    page.get_by_role("link", name="check-in device").click()
    page.get_by_label("Where is it?").fill("Main entrance")
    inspect(page)
    page.get_by_role("button", name="Start").click()
    box = page.get_by_label("Scan your code")
    expect(box).to_be_focused()
    inspect(page)
    box.fill("nothing of ours")
    box.press("Enter")
    expect(page.get_by_text("know this code")).to_be_visible()
    box.fill(mine.public_id)
    box.press("Enter")
    expect(page.get_by_text(f"Welcome, {cast.student.first_name}")).to_be_visible()
    inspect(page)
    assert CheckIn.objects.get().how == "kiosk"
    page.goto(reverse("event_door", args=[event.public_id]))
    expect(page.get_by_label("Password")).to_be_visible()
    CheckInDevice.objects.update(ended_at=database_now())
    page.goto(reverse("device_door"))
    expect(page.get_by_role("heading", name="check anybody in")).to_be_visible()


@both_sizes
def test_a_tablet_at_the_front_desk_takes_arrivals(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, size: dict[str, int]
) -> None:
    starts = database_now() + timedelta(minutes=20)
    booking = stored_booking(cast.student, cast.adviser, cast.type, cast.room, starts)
    page = open_page(size)
    signed_in(page, cast.front_desk)
    page.goto(reverse("today"))
    page.get_by_role("link", name="arrivals device").click()
    page.get_by_label("Where is it?").fill("Front desk")
    inspect(page)
    page.get_by_role("button", name="Start").click()
    box = page.get_by_label("Scan your")
    box.fill("X999")
    box.press("Enter")
    expect(page.get_by_text("found no appointment")).to_be_visible()
    box.fill(cast.student.university_id.lower())
    box.press("Enter")
    expect(page.get_by_text("expected at")).to_be_visible()
    inspect(page)
    assert cast.student.first_name not in page.content()
    booking.refresh_from_db()
    assert (booking.status, booking.arrived_at is not None) == ("arrived", True)


@both_sizes
def test_a_webinars_report_is_read_and_the_attendance_closed(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, size: dict[str, int]
) -> None:
    event, page = webinar(title="Careers online"), open_page(size)
    known, guest, absent = (came(event, who) for who in (cast.student, cast.other_student, StudentFactory()))
    signed_in(page, cast.adviser)
    page.goto(reverse("staff_event_detail", args=[event.public_id]))
    page.get_by_role("link", name="webinar’s report").click()
    inspect(page)
    report = {"name": "report.csv", "mimeType": "text/csv", "buffer": zoom(cast.student.email)}
    page.get_by_label("Reports").set_input_files([report])  # type: ignore[list-item]  # a file in memory
    page.get_by_role("button", name="Read the report").click()
    page.get_by_label("Jin, 12 min").select_option(label=cast.other_student.name)
    inspect(page)
    page.get_by_role("button", name="Record the minutes").click()
    expect(page.get_by_text("Recorded for 2")).to_be_visible()
    page.get_by_role("link", name="Close the attendance").click()
    inspect(page)
    page.get_by_role("button", name="Close the attendance").click()
    expect(page.get_by_text("Attendance closed").first).to_be_visible()
    inspect(page)
    found = dict(Registration.objects.values_list("pk", "status"))
    assert found == {known.pk: "attended", guest.pk: "partly", absent.pk: "missed"}


@both_sizes
def test_a_series_is_made_published_and_registered_for_at_once(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, size: dict[str, int]
) -> None:
    event, page = an_event(title="CV clinic", state=EventState.DRAFT), open_page(size)
    signed_in(page, cast.adviser)
    page.goto(reverse("staff_event_detail", args=[event.public_id]))
    page.get_by_role("link", name="every week").click()
    page.get_by_label("Last day").fill(f"{event.local_date + timedelta(days=14):%Y-%m-%d}")
    page.get_by_role("button", name="Show the days").click()
    inspect(page)
    page.get_by_role("button", name="Make").click()
    page.get_by_role("button", name="whole series").click()
    expect(page.get_by_text("3 events published")).to_be_visible()
    inspect(page)
    student = open_page(size)
    signed_in(student, cast.student)
    series = Event.objects.get(pk=event.pk).series
    assert series is not None
    student.goto(reverse("series_detail", args=[series.public_id]))
    for box in student.get_by_label("Choose CV clinic").all()[:2]:
        box.check()
    inspect(student)
    student.get_by_role("button", name="the chosen").click()
    expect(student.get_by_text("registered for 2 events")).to_be_visible()
    inspect(student)
    assert Registration.objects.filter(student=cast.student).count() == 2
