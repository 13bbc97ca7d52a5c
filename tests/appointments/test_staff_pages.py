"""Who may open which staff page, and what it shows."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from psycopg2.extras import DateRange, DateTimeTZRange

from accounts.models import AccessNeeds, Role
from appointments.models import Booking, DiaryTemplate, TimeOut
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from appointments.rules.confidentiality import ADVICE_IS_OPEN
from eligibility.models import Hold
from foundation.values.times import database_now
from tests.cast import Cast
from tests.factories import (
    DiaryTemplateFactory,
    LocationFactory,
    StudentFactory,
    UserFactory,
    publish,
    stored_booking,
)
from tests.page_parts import refusals

pytestmark = pytest.mark.django_db

STAFF = ("adviser", "front_desk", "manager")
DIARIES = ("adviser", "manager")
NOBODY_ELSE = ("student", "outsider", "administrator")


def booked(cast: Cast) -> Booking:
    return book_appointment(student=cast.student, choice=cast.choice(9), details=Details(), by=cast.student)


def template_of(cast: Cast) -> DiaryTemplate:
    template = DiaryTemplateFactory(adviser=cast.adviser)
    template.types.add(cast.type)
    template.locations.add(cast.room)
    return template


PAGES: dict[str, tuple[tuple[str, ...], Callable[[Cast], str]]] = {
    "today": (STAFF, lambda cast: reverse("today")),
    "diary_week": (STAFF, lambda cast: reverse("diary_week")),
    "rearrange_list": (STAFF, lambda cast: reverse("rearrange_list")),
    "student_list": (STAFF, lambda cast: reverse("student_list") + "?q=ama"),
    "student_detail": (STAFF, lambda cast: reverse("student_detail", args=[cast.student.public_id])),
    "staff_type_list": (STAFF, lambda cast: reverse("staff_type_list", args=[cast.student.public_id])),
    "staff_time_list": (STAFF, lambda cast: reverse("staff_time_list", args=[cast.student.public_id, cast.type.slug])),
    "staff_booking_create": (
        STAFF,
        lambda cast: (
            reverse("staff_booking_create", args=[cast.student.public_id, cast.type.slug])
            + f"?start={cast.starts(11):%Y-%m-%dT%H:%M}Z"
        ),
    ),
    "staff_booking_detail": (STAFF, lambda cast: reverse("staff_booking_detail", args=[booked(cast).public_id])),
    "staff_booking_move": (STAFF, lambda cast: reverse("staff_booking_move", args=[booked(cast).public_id])),
    "staff_booking_move_check": (
        STAFF,
        lambda cast: (
            reverse("staff_booking_move_check", args=[booked(cast).public_id])
            + f"?start={cast.starts(11):%Y-%m-%dT%H:%M}Z"
        ),
    ),
    "staff_booking_cancel": (STAFF, lambda cast: reverse("staff_booking_cancel", args=[booked(cast).public_id])),
    "availability_list": (DIARIES, lambda cast: reverse("availability_list")),
    "template_create": (DIARIES, lambda cast: reverse("template_create")),
    "block_create": (DIARIES, lambda cast: reverse("block_create")),
    "time_out_create": (DIARIES, lambda cast: reverse("time_out_create")),
    "template_edit": (DIARIES, lambda cast: reverse("template_edit", args=[template_of(cast).public_id])),
    "template_delete": (DIARIES, lambda cast: reverse("template_delete", args=[template_of(cast).public_id])),
    "template_publish": (DIARIES, lambda cast: reverse("template_publish", args=[template_of(cast).public_id])),
    "block_withdraw": (
        DIARIES,
        lambda cast: reverse("block_withdraw", args=[cast.adviser.diary_blocks.get().public_id]),
    ),
}


@pytest.mark.policy("APPT-4")
@pytest.mark.parametrize("role", [*STAFF, *NOBODY_ELSE])
@pytest.mark.parametrize("name", PAGES)
def test_pages_open_for_their_roles_and_are_404_for_others(cast: Cast, client: Client, name: str, role: str) -> None:
    people, address = PAGES[name]
    client.force_login(getattr(cast, role))
    answer = client.get(address(cast))
    assert answer.status_code == (200 if role in people else 404)


@pytest.mark.parametrize("name", PAGES)
def test_pages_ask_for_signing_in(cast: Cast, client: Client, name: str) -> None:
    answer = client.get(PAGES[name][1](cast))
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


@pytest.mark.parametrize("name", ["template_edit", "template_delete", "template_publish", "block_withdraw"])
def test_another_advisers_diary_is_not_found(cast: Cast, client: Client, name: str) -> None:
    client.force_login(cast.other_adviser)
    url = PAGES[name][1](cast)
    assert client.get(url).status_code == 404
    assert client.post(url).status_code == 404


@pytest.mark.parametrize("name", ["availability_list", "template_create", "block_create", "time_out_create"])
def test_a_manager_names_the_adviser_and_an_adviser_may_not(cast: Cast, client: Client, name: str) -> None:
    url = f"{reverse(name)}?adviser={cast.other_adviser.public_id}"
    client.force_login(cast.manager)
    assert "Tariq Aziz" in client.get(url).content.decode()
    client.force_login(cast.adviser)
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    "query", ["?day=2026-02-31", "?day=x", "?day=9999-12-31", "?day=0001-01-01", "?week=2026-99-99", "?week=0001-01-01"]
)
@pytest.mark.parametrize("name", ["today", "diary_week"])
def test_an_invalid_day_in_the_url_shows_today(cast: Cast, client: Client, name: str, query: str) -> None:
    client.force_login(cast.adviser)
    assert client.get(reverse(name) + query).status_code == 200
    assert client.get(f"{reverse(name)}?adviser=nobody").status_code == 404


# The day.


def day_of(cast: Cast, client: Client, **query: str) -> str:
    return client.get(reverse("today"), query | {"day": str(cast.day)}).content.decode()


def test_today(cast: Cast, client: Client) -> None:
    for days, status in ((30, "attended"), (20, "missed"), (10, "cancelled")):
        starts = cast.starts() - timedelta(days=days)
        stored_booking(cast.student, cast.other_adviser, cast.type, cast.room, starts, status=status)
    booked(cast)
    client.force_login(cast.adviser)
    shown = day_of(cast, client)
    for words in ("Amara Okafor", "09:00", cast.room.name, "Confidential", "3rd appointment, 1 missed", "Next"):
        assert words in shown
    client.force_login(cast.other_adviser)
    assert "Amara Okafor" not in day_of(cast, client)
    assert "Amara Okafor" in day_of(cast, client, adviser="all")
    client.force_login(cast.front_desk)
    assert "Amara Okafor" in day_of(cast, client)
    assert "Amara Okafor" not in day_of(cast, client, adviser=cast.other_adviser.public_id)


@pytest.mark.policy("APPT-1", "APPT-2")
def test_the_adviser_is_told_how_confidential_it_is(cast: Cast, client: Client) -> None:
    booking = booked(cast)
    client.force_login(cast.adviser)
    page = reverse("staff_booking_detail", args=[booking.public_id])
    assert cast.room.confidentiality_note in client.get(page).content.decode()
    cast.type.confidential_by_nature = False
    cast.type.save()
    assert "Not confidential" in day_of(cast, client)
    assert ADVICE_IS_OPEN in client.get(page).content.decode()


def test_access_needs_and_topic_are_seen_at_once(cast: Cast, client: Client) -> None:
    details = Details(topic="Placements", access_needs="Step-free access")
    book_appointment(student=cast.student, choice=cast.choice(9), details=details, by=cast.student)
    client.force_login(cast.adviser)
    shown = day_of(cast, client)
    assert "Placements" in shown
    assert "Step-free access" in shown


def test_current_appointments_can_be_marked_in_the_list(cast: Cast, client: Client) -> None:
    booking = stored_booking(cast.student, cast.adviser, cast.type, cast.room, database_now() - timedelta(minutes=12))
    query = {"day": str(booking.local_date)}
    client.force_login(cast.adviser)
    shown = client.get(reverse("today"), query).content.decode()
    for outcome in ("arrived", "attended", "missed"):
        assert f'name="mark" value="{outcome}"' in shown
    assert f"{reverse('staff_booking_detail', args=[booking.public_id])}?outcome=late#close" in shown
    client.force_login(cast.front_desk)
    shown = client.get(reverse("today"), query).content.decode()
    assert 'value="arrived"' in shown
    assert 'value="attended"' not in shown


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("name", "most"),
    [("today", 7), ("diary_week", 7), ("rearrange_list", 4), ("student_list", 4), ("student_detail", 9)],
)
def test_the_number_of_queries_does_not_grow(
    cast: Cast,
    client: Client,
    django_assert_num_queries: Callable[[int], object],
    name: str,
    most: int,
    number: int,
) -> None:
    start, url = cast.day, PAGES[name][1](cast)
    for hour in range(number):
        adviser = UserFactory(roles=[Role.ADVISER])
        stored_booking(StudentFactory(), adviser, cast.type, cast.online, cast.starts(9))
        student = StudentFactory(given_name="Amara")
        stored_booking(student, cast.adviser, cast.type, cast.online, cast.starts(11 + hour))
        stored_booking(
            cast.student, cast.adviser, cast.type, cast.online, cast.starts(11 + hour, day=start + timedelta(1))
        )
        TimeOut.objects.create(adviser=cast.adviser, during=DateTimeTZRange(cast.starts(8), cast.starts(18)))
    client.force_login(cast.adviser)
    query = {"day": str(cast.day), "week": str(cast.day), "adviser": "all" if name != "diary_week" else ""}
    with django_assert_num_queries(most):
        answer = client.get(url, query if "?" not in url else None)
    assert answer.status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_queries_for_times_does_not_grow(
    cast: Cast, client: Client, django_assert_num_queries: Callable[[int], object], number: int
) -> None:
    for _ in range(number):
        publish(UserFactory(roles=[Role.ADVISER]), cast.type, LocationFactory(), cast.online, day=cast.day)
    client.force_login(cast.front_desk)
    with django_assert_num_queries(8):
        client.get(PAGES["staff_time_list"][1](cast))


# Students.


def test_student_list(cast: Cast, client: Client) -> None:
    client.force_login(cast.front_desk)
    url = reverse("student_list")
    for nothing in ({}, {"q": ""}, {"q": "   "}):
        shown = client.get(url, nothing).content.decode()
        assert "empty-state" in shown
        assert "data-announce" not in shown, "nothing was looked for"
        assert "Okafor" not in shown
    for words in ("okafor", "Amara Oka", cast.student.university_id, cast.student.email):
        assert "Amara Okafor" in client.get(url, {"q": words}).content.decode()
    assert "Nobody found" in client.get(url, {"q": "zzz"}).content.decode()
    assert "Nobody found" in client.get(url, {"q": "Marsh"}).content.decode(), "staff are not students"


def test_student_list_is_paginated(cast: Cast, client: Client) -> None:
    for _ in range(30):
        StudentFactory(given_name="Quentin")
    client.force_login(cast.adviser)
    shown = client.get(reverse("student_list"), {"q": "quentin"}).content.decode()
    assert "30 students found" in shown
    assert "1–25 of 30" in shown


def test_student_detail(cast: Cast, client: Client) -> None:
    AccessNeeds.objects.create(person=cast.student, text="Quiet room")
    stored_booking(
        cast.student, cast.adviser, cast.type, cast.room, cast.starts() - timedelta(days=20), status="missed"
    )
    booked(cast)
    client.force_login(cast.front_desk)
    shown = client.get(PAGES["student_detail"][1](cast)).content.decode()
    for words in ("Quiet room", "2 of 3 left", "1 missed", cast.student.email, "Upcoming", "undergraduate"):
        assert words in shown


# Booking for a student, moving, cancelling.


def create_url(cast: Cast, hour: int = 11) -> str:
    return f"{PAGES['staff_time_list'][1](cast)}details/?start={cast.starts(hour):%Y-%m-%dT%H:%M}Z"


def answers(cast: Cast, hour: int = 11, **more: str) -> dict[str, str]:
    place = f"{cast.adviser.public_id}:{cast.room.public_id}"
    return {"start": cast.starts(hour).isoformat(), "place": place, "key": f"k{hour}", **more}


def use_up(cast: Cast) -> None:
    for hour in (9, 13, 15):
        book_appointment(student=cast.student, choice=cast.choice(hour), details=Details(), by=cast.student)


def test_staff_booking_create(cast: Cast, client: Client) -> None:
    client.force_login(cast.front_desk)
    shown = client.get(create_url(cast)).content.decode()
    assert "Helen Marsh" in shown
    assert 'class="override"' not in shown
    answer = client.post(create_url(cast), answers(cast, help_wanted="CV"))
    booking = Booking.objects.get()
    assert answer.url == reverse("staff_booking_detail", args=[booking.public_id])
    assert (booking.booked_by, booking.help_wanted, booking.consumes) == (cast.front_desk, "CV", True)
    assert client.post(create_url(cast), answers(cast, help_wanted="CV")).status_code == 422
    assert Booking.objects.count() == 1


@pytest.mark.policy("ELIG-1")
@pytest.mark.parametrize(("counts", "consumes"), [("yes", True), ("no", False)])
def test_a_limit_is_overridden_with_a_reason(cast: Cast, client: Client, counts: str, consumes: bool) -> None:
    use_up(cast)
    client.force_login(cast.front_desk)
    shown = client.get(create_url(cast)).content.decode()
    assert 'data-code="allocation_used"' in shown
    assert 'class="override"' in shown
    assert client.post(create_url(cast), answers(cast, counts=counts)).status_code == 422
    answer = client.post(create_url(cast), answers(cast, counts=counts, reason="Interview tomorrow"))
    assert answer.status_code == 302
    booking = Booking.objects.latest("pk")
    assert (booking.override_reason, booking.consumes) == ("Interview tomorrow", consumes)


@pytest.mark.policy("ELIG-3")
def test_only_a_manager_overrides_a_hold(cast: Cast, client: Client) -> None:
    day = database_now().date()
    Hold.objects.create(
        student=cast.student,
        during=DateRange(day - timedelta(days=1), day + timedelta(days=60)),
        reason="missed three",
        message="Please talk to us first.",
        decided_by=cast.manager,
    )
    given = answers(cast, reason="We have talked", counts="yes")
    for role, status in (("front_desk", 403), ("adviser", 403), ("manager", 302)):
        client.force_login(getattr(cast, role))
        shown = client.get(create_url(cast)).content.decode()
        assert "Please talk to us first." in shown
        assert ('class="override"' in shown) == (role == "manager")
        assert client.post(create_url(cast), given).status_code == status
    assert Booking.objects.get().override_reason == "We have talked"


def test_staff_time_list_goes_beyond_the_students_window(cast: Cast, client: Client) -> None:
    cast.type.horizon_days = 1
    cast.type.save()
    client.force_login(cast.front_desk)
    url = f"{PAGES['staff_time_list'][1](cast)}?day={cast.day}"
    assert "needs a reason" in client.get(url).content.decode()
    assert 'data-code="too_far_ahead"' in client.get(create_url(cast)).content.decode()


def test_staff_booking_create_without_a_start_asks_for_one(cast: Cast, client: Client) -> None:
    client.force_login(cast.front_desk)
    times = PAGES["staff_time_list"][1](cast)
    for start in ("", "yesterday", "2026-13-45T10:00Z", "2026-12-02T10:00"):
        assert client.get(f"{times}details/", {"start": start}).url == times
    past = client.get(f"{times}details/", {"start": "2020-01-01T10:00Z"})
    assert "not_offered" in refusals(past)


@pytest.mark.parametrize("place", ["", "x:y", "nobody"])
def test_a_forged_place_books_nothing(cast: Cast, client: Client, place: str) -> None:
    client.force_login(cast.front_desk)
    assert client.post(create_url(cast), answers(cast) | {"place": place}).status_code == 422
    assert not Booking.objects.exists()


def test_staff_booking_move_check(cast: Cast, client: Client) -> None:
    booking = booked(cast)
    client.force_login(cast.front_desk)
    url = reverse("staff_booking_move_check", args=[booking.public_id])
    answer = client.post(f"{url}?start={cast.starts(11):%Y-%m-%dT%H:%M}Z", answers(cast))
    assert answer.status_code == 302
    booking.refresh_from_db()
    assert booking.starts_at == cast.starts(11)


@pytest.mark.parametrize(("who", "status"), [("service", "cancelled_by_service"), ("student", "cancelled")])
def test_staff_booking_cancel(cast: Cast, client: Client, who: str, status: str) -> None:
    booking = booked(cast)
    client.force_login(cast.front_desk)
    url = reverse("staff_booking_cancel", args=[booking.public_id])
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"who": who, "reason": "adviser ill"}).status_code == 302
    booking.refresh_from_db()
    assert (booking.status, booking.status_reason) == (status, "adviser ill")
    assert client.post(url, {"who": who}).status_code == 409
