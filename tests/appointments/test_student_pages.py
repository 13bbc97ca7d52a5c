"""What students see: by status, content and permission, with an outsider always at the door."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from appointments.models import Booking, Confidentiality
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from appointments.selectors.student_times import moment_text
from careerconnect.foundation.times import database_now
from tests.cast import Cast, assemble
from tests.factories import (
    AllocationPolicyFactory,
    AppointmentTypeFactory,
    AudienceFactory,
    LocationFactory,
    StudentFactory,
    UserFactory,
    publish,
    stored_booking,
)

pytestmark = pytest.mark.django_db


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def time_of(cast: Cast, hour: int = 9, minute: int = 0, **other: str) -> str:
    asked = {
        "start": moment_text(cast.starts(hour, minute)),
        "adviser": cast.adviser.public_id,
        "mode": "in_person",
        "location": cast.room.public_id,
    }
    return urlencode({key: value for key, value in {**asked, **other}.items() if value})


def step(name: str, cast: Cast, *time: int, **other: str) -> str:
    return f"{reverse(name, args=[cast.type.slug])}?{time_of(cast, *time, **other)}"


def booked(cast: Cast, hour: int = 9, minute: int = 0, student: User | None = None) -> Booking:
    student = student or cast.student
    return book_appointment(student=student, choice=cast.choice(hour, minute), details=Details(), by=student)


def page_of(name: str, booking: Booking) -> str:
    return reverse(name, args=[booking.public_id])


BOOKING_PAGES = [
    "booking_detail",
    "booking_booked",
    "booking_move",
    "booking_cancel",
    "booking_prepare",
    "booking_calendar",
]


@pytest.mark.parametrize("name", ["type_list", "booking_list", *BOOKING_PAGES])
def test_pages_are_the_students_own(cast: Cast, name: str) -> None:
    of_all = name in ("type_list", "booking_list")
    url = reverse(name) if of_all else page_of(name, booked(cast))
    assert as_(cast.student).get(url).status_code == 200
    signed_out = Client().get(url)
    assert signed_out.status_code == 302
    assert signed_out["Location"].startswith("/accounts/login/?next=")
    assert as_(cast.outsider).get(url).status_code == 404
    assert as_(cast.adviser).get(url).status_code == 404
    assert as_(cast.other_student).get(url).status_code == (200 if of_all else 404)


@pytest.mark.parametrize("name", ["booking_cancel", "booking_move", "booking_prepare", "recording_permission"])
def test_nobody_changes_the_booking_of_another(cast: Cast, name: str) -> None:
    booking = booked(cast)
    for person in (cast.other_student, cast.outsider, cast.adviser):
        assert as_(person).post(f"{page_of(name, booking)}?{time_of(cast, 11)}").status_code == 404
    booking.refresh_from_db()
    assert (booking.status, booking.sequence) == ("booked", 0)


@pytest.mark.policy("ELIG-1")
def test_type_list_says_what_may_be_booked_and_why_the_rest_may_not(cast: Cast) -> None:
    audience = AudienceFactory(
        name="those with a CV", rule={"activity": "cv", "name": "CV Essentials", "completed": True}
    )
    AppointmentTypeFactory(name="Applications advice", audience=audience)
    content = as_(cast.student).get(reverse("type_list")).content.decode()
    assert "3 of 3 left an academic year" in content
    assert content.index("Careers guidance") < content.index("Not open to you at the moment")
    assert content.index("Not open to you at the moment") < content.index("Applications advice")
    assert "Complete CV Essentials." in content
    assert "What would change this" in content


@pytest.mark.policy("ELIG-1")
def test_type_list_says_when_a_used_allocation_renews(cast: Cast) -> None:
    cast.type.policies.set([AllocationPolicyFactory(limit=1, period="rolling_days", rolling_days=90)])
    booked(cast)
    content = as_(cast.student).get(reverse("type_list")).content.decode()
    assert "you have used the one you may have in any 90 days" in content
    assert "Choose a day from" in content


def test_type_list_asks_the_same_number_of_queries_at_one_and_three_types(
    cast: Cast, django_assert_num_queries: object
) -> None:
    client = as_(cast.student)
    with django_assert_num_queries(5):  # type: ignore[operator]
        client.get(reverse("type_list"))
    AppointmentTypeFactory(policies=[cast.policy])
    AppointmentTypeFactory(policies=[AllocationPolicyFactory()])
    with django_assert_num_queries(5):  # type: ignore[operator]
        client.get(reverse("type_list"))


def test_time_list_opens_on_the_first_day_with_free_times(cast: Cast) -> None:
    content = as_(cast.student).get(reverse("time_list", args=[cast.type.slug])).content.decode()
    assert f"{cast.day:%A} {cast.day.day} {cast.day:%B}" in content
    assert "Morning" in content
    assert "Afternoon" in content
    assert f"details/?start={moment_text(cast.starts(9)).replace(':', '%3A')}" in content


def test_time_list_answers_filters(cast: Cast) -> None:
    url = reverse("time_list", args=[cast.type.slug])
    booked(cast, 9, student=cast.other_student)
    client = as_(cast.student)
    chosen = client.get(url, {"adviser": cast.adviser.public_id}).content.decode()
    assert ">09:00<" not in chosen
    assert ">09:40<" in chosen
    assert ">09:00<" in client.get(url).content.decode()
    assert "No times on this day match" in client.get(url, {"mode": "telephone", "day": str(cast.day)}).content.decode()
    assert client.get(url, {"adviser": cast.outsider.public_id}).status_code == 400
    assert client.get(url, {"day": "someday"}).status_code == 400
    assert client.get(url, {"mode": "by_post"}).status_code == 400


@pytest.mark.policy("ELIG-1")
def test_time_list_says_why_a_day_cannot_be_chosen(cast: Cast) -> None:
    cast.type.policies.set([AllocationPolicyFactory(limit=1, period="week")])
    booked(cast)
    page = as_(cast.student).get(reverse("time_list", args=[cast.type.slug]), {"day": str(cast.day)})
    assert "Used up" in page.content.decode()
    assert "you have used the one you may have a week" in page.content.decode()
    assert not page.context["page"].groups


@pytest.mark.parametrize("advisers", [1, 3])
def test_time_list_asks_at_most_eight_queries_at_any_number_of_advisers(
    cast: Cast, advisers: int, django_assert_num_queries: object
) -> None:
    for _ in range(advisers - 1):
        publish(UserFactory(roles=["adviser"]), cast.type, LocationFactory(), day=cast.day)
    client = as_(cast.student)
    with django_assert_num_queries(7):  # type: ignore[operator]
        client.get(reverse("time_list", args=[cast.type.slug]))


def test_time_list_looks_further_when_the_first_week_is_full(cast: Cast, django_assert_num_queries: object) -> None:
    cast.adviser.diary_blocks.all().delete()
    cast.other_adviser.diary_blocks.all().delete()
    later = cast.day + timedelta(days=14)
    publish(cast.adviser, cast.type, cast.room, day=later)
    client = as_(cast.student)
    with django_assert_num_queries(8):  # type: ignore[operator]
        page = client.get(reverse("time_list", args=[cast.type.slug]))
    assert page.context["page"].selected == later


@pytest.mark.policy("APPT-1")
@pytest.mark.policy("APPT-2")
@pytest.mark.parametrize(
    ("level", "by_nature", "said"),
    [
        ("confidential", True, "Private room: what you say is confidential"),
        ("may_not_be", True, "May not be confidential"),
        ("confidential", False, "is not confidential"),
    ],
)
def test_confidentiality_is_stated_before_and_after_booking(cast: Cast, level: str, by_nature: bool, said: str) -> None:
    cast.room.confidentiality = Confidentiality(level)
    cast.room.save()
    cast.type.confidential_by_nature = by_nature
    cast.type.save()
    client = as_(cast.student)
    assert said in client.get(step("booking_details", cast)).content.decode()
    check = client.post(step("booking_check", cast), {"help_wanted": "x"}, follow=True)
    assert said in check.content.decode()
    booking = booked(cast)
    for name in ("booking_booked", "booking_detail"):
        assert said in client.get(page_of(name, booking)).content.decode()


def test_booking_details_prefills_access_needs_and_resolves_any_adviser(cast: Cast) -> None:
    cast.student.access_needs = "Step-free access"
    cast.student.save()
    booked(cast, 9, student=cast.other_student)
    page = as_(cast.student).get(step("booking_details", cast, 9, adviser="", mode="", location=""))
    assert "Step-free access" in page.content.decode()
    assert page.context["chosen"].time.adviser == cast.other_adviser.public_id


@pytest.mark.policy("APPT-3")
def test_recording_is_asked_online_only_and_is_off_unless_given(cast: Cast) -> None:
    client = as_(cast.student)
    online = {"mode": "online", "location": cast.online.public_id}
    assert "recording_permission" not in client.get(step("booking_details", cast)).content.decode()
    page = client.get(step("booking_details", cast, **online)).content.decode()
    assert 'name="recording_permission"' in page
    assert "checked" not in page.split('name="recording_permission"')[1][:80]
    client.post(step("booking_create", cast, **online), {"key": "a"})
    booking = Booking.objects.get()
    assert not booking.recording_permission
    url = page_of("recording_permission", booking)
    for said, holds in (("give", True), ("withdraw", False)):
        assert client.post(url, {"permission": said}).status_code == 302
        booking.refresh_from_db()
        assert booking.recording_permission is holds


def test_recording_cannot_be_permitted_of_a_meeting_in_person(cast: Cast) -> None:
    booking = booked(cast)
    answer = as_(cast.student).post(page_of("recording_permission", booking), {"permission": "give"})
    assert answer.status_code == 409
    assert 'data-code="not_online"' in answer.content.decode()


def test_booking_check_keeps_what_was_typed(cast: Cast) -> None:
    cast.type.topics, cast.type.questions = (
        ["Finding a direction"],
        [{"key": "employer", "label": "Employer", "required": True}],
    )
    cast.type.save()
    client = as_(cast.student)
    missing = client.post(step("booking_check", cast), {"help_wanted": "my CV"})
    assert missing.status_code == 422
    assert "Enter an answer to “Employer”" in missing.content.decode()
    said = {"topic": "Finding a direction", "help_wanted": "my CV", "answer_employer": "Acme"}
    sent = client.post(step("booking_check", cast), said)
    assert sent.status_code == 302
    check = client.get(sent["Location"]).content.decode()
    for words in said.values():
        assert words in check
    again = client.get(step("booking_details", cast, 11)).content.decode()
    assert "my CV" in again
    assert "Acme" in again
    assert "my CV" not in sent["Location"]


def test_booking_create_twice_answers_with_the_same_booking(cast: Cast) -> None:
    client = as_(cast.student)
    check = client.post(step("booking_check", cast), {"help_wanted": "my CV"}, follow=True)
    hidden = check.context["hidden"]
    first, second = (client.post(step("booking_create", cast), hidden) for _ in range(2))
    assert first["Location"] == second["Location"] == page_of("booking_booked", Booking.objects.get())
    assert Booking.objects.get().help_wanted == "my CV"


@pytest.mark.policy("APPT-5")
def test_booking_booked_promises_a_reminder_only_where_one_is_waiting(cast: Cast) -> None:
    booking = booked(cast)
    page = as_(cast.student).get(page_of("booking_booked", booking)).content.decode()
    assert "We remind you by email" in page
    assert "We remind you by text message" in page
    assert cast.student.email in page
    cast.student.phone = ""
    cast.student.save()
    other = booked(cast, 11)
    assert "by text message" not in as_(cast.student).get(page_of("booking_booked", other)).content.decode()


@pytest.mark.policy("APPT-5")
def test_booking_booked_promises_no_reminder_for_a_booking_at_short_notice(cast: Cast) -> None:
    start = database_now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=20)
    booking = stored_booking(cast.student, cast.adviser, cast.type, cast.room, start)
    assert "No reminder this time" in as_(cast.student).get(page_of("booking_booked", booking)).content.decode()


def test_booking_calendar_is_a_calendar_file(cast: Cast) -> None:
    answer = as_(cast.student).get(page_of("booking_calendar", booked(cast)))
    assert answer["Content-Type"].startswith("text/calendar")
    assert b"BEGIN:VEVENT" in answer.content


@pytest.mark.policy("ELIG-2")
def test_booking_cancel_says_what_it_does_and_gives_it_back(cast: Cast) -> None:
    client, booking = as_(cast.student), booked(cast)
    assert "you get it back" in client.get(page_of("booking_cancel", booking)).content.decode()
    client.post(page_of("booking_cancel", booking))
    booking.refresh_from_db()
    assert booking.status == "cancelled"
    assert "3 of 3 left" in client.get(reverse("type_list")).content.decode()
    assert client.post(page_of("booking_cancel", booking)).status_code == 302


@pytest.mark.policy("ELIG-2")
def test_booking_cancel_warns_where_it_still_counts(cast: Cast) -> None:
    cast.type.cancel_notice_minutes = 60 * 24 * 30
    cast.type.save()
    client, booking = as_(cast.student), booked(cast)
    assert "It still counts" in client.get(page_of("booking_cancel", booking)).content.decode()
    client.post(page_of("booking_cancel", booking))
    assert "2 of 3 left" in client.get(reverse("type_list")).content.decode()


@pytest.mark.policy("ELIG-2")
@pytest.mark.parametrize("name", ["booking_cancel", "booking_move", "booking_prepare"])
def test_from_the_start_on_the_door_is_closed(cast: Cast, name: str) -> None:
    booking = stored_booking(cast.student, cast.adviser, cast.type, cast.room, database_now() - timedelta(minutes=1))
    client = as_(cast.student)
    for answer in (
        client.get(page_of(name, booking)),
        client.post(f"{page_of(name, booking)}?{time_of(cast)}", {"help_wanted": "x"}),
    ):
        assert answer.status_code == 409
        assert 'data-code="too_late"' in answer.content.decode()
    booking.refresh_from_db()
    assert booking.status == "booked"


def test_booking_move_keeps_the_type_and_what_was_typed(cast: Cast) -> None:
    booking = book_appointment(
        student=cast.student, choice=cast.choice(9), details=Details(help_wanted="my CV"), by=cast.student
    )
    client = as_(cast.student)
    assert "check/?start=" in client.get(page_of("booking_move", booking)).content.decode()
    to = time_of(cast, 11)
    check = client.get(f"{page_of('booking_move_check', booking)}?{to}").content.decode()
    assert "Move to this time?" in check
    moved = client.post(f"{page_of('booking_move', booking)}?{to}", follow=True)
    assert "Your appointment has moved" in moved.content.decode()
    client.post(f"{page_of('booking_move', booking)}?{to}")
    booking.refresh_from_db()
    assert (booking.starts_at, booking.help_wanted, booking.sequence) == (cast.starts(11), "my CV", 1)


def test_booking_move_does_not_stand_in_its_own_way(cast: Cast) -> None:
    cast.type.policies.set([AllocationPolicyFactory(limit=1, period="week")])
    booking = booked(cast)
    client = as_(cast.student)
    assert client.get(page_of("booking_move", booking)).context["page"].groups
    answer = client.post(f"{page_of('booking_move', booking)}?{time_of(cast, 9, 40)}")
    assert answer.status_code == 302


def test_booking_prepare_changes_what_the_adviser_is_told(cast: Cast) -> None:
    booking = booked(cast)
    client = as_(cast.student)
    client.post(page_of("booking_prepare", booking), {"help_wanted": "an interview on Friday"})
    assert "an interview on Friday" in client.get(page_of("booking_detail", booking)).content.decode()


def test_booking_list_upcoming_past_and_empty(cast: Cast) -> None:
    client = as_(cast.student)
    assert "No appointments coming up" in client.get(reverse("booking_list")).content.decode()
    assert "Nothing here yet" in client.get(reverse("booking_list"), {"show": "past"}).content.decode()
    booking = booked(cast)
    stored_booking(
        cast.student, cast.adviser, cast.type, cast.room, database_now() - timedelta(days=9), status="missed"
    )
    upcoming = client.get(reverse("booking_list")).content.decode()
    assert page_of("booking_move", booking) in upcoming
    assert "Missed" not in upcoming
    assert "Missed" in client.get(reverse("booking_list"), {"show": "past"}).content.decode()


def test_booking_list_is_paged_and_asks_the_same_number_of_queries_at_one_and_three_rows(
    cast: Cast, django_assert_num_queries: object
) -> None:
    client = as_(cast.student)
    booked(cast, 9)
    with django_assert_num_queries(5):  # type: ignore[operator]
        client.get(reverse("booking_list"))
    booked(cast, 11)
    booked(cast, 13)
    with django_assert_num_queries(5):  # type: ignore[operator]
        client.get(reverse("booking_list"))
    for day in range(12):
        stored_booking(
            cast.student,
            cast.adviser,
            cast.type,
            cast.room,
            database_now() - timedelta(days=9 + day),
            status="attended",
        )
    second = client.get(reverse("booking_list"), {"show": "past", "page": "2"})
    assert len(second.context["cards"]) == 2


def test_a_lost_race_offers_the_nearest_times_and_keeps_what_was_typed(cast: Cast) -> None:
    client = as_(cast.student)
    check = client.post(step("booking_check", cast, 9, 40), {"help_wanted": "my CV"}, follow=True)
    booked(cast, 9, 40, student=cast.other_student)
    lost = client.post(step("booking_create", cast, 9, 40), check.context["hidden"])
    assert lost.status_code == 409
    assert 'data-code="time_taken"' in lost.content.decode()
    assert len(lost.context["alternatives"]) == 3
    onward = client.get(lost.context["alternatives"][0]["href"])
    assert onward.status_code == 200
    assert "my CV" in onward.content.decode()
    client.post(onward.context["chosen"] and step("booking_create", cast, 9), onward.context["hidden"])
    assert Booking.objects.get(student=cast.student).help_wanted == "my CV"


def test_an_interrupted_student_is_told_why(db: None) -> None:
    cast = assemble()
    cast.type.audience = AudienceFactory(rule={"course": {"level": ["postgraduate_research"]}})
    cast.type.save()
    answer = as_(StudentFactory()).get(reverse("time_list", args=[cast.type.slug]))
    assert answer.status_code == 409
    assert "This is for research postgraduates." in answer.content.decode()
