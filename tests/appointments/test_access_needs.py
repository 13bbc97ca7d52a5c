"""Only the student, the adviser of the appointment and the front desk may read access needs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AccessNeeds, AuditEntry, Role, User
from appointments.models import Booking, BookingNeeds
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from appointments.operations.details import change_details
from appointments.operations.read_needs import read_needs
from appointments.rules.access_needs import may_read_needs
from foundation.outcomes.refusals import Refused
from tests.appointments.api_cast import Program, five_fields
from tests.cast import Cast
from tests.factories import UserFactory, stored_booking

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-6")]

WORDS = "I lip-read: please face me"
PROFILE = "A quiet room helps me"
MAY = ("adviser", "front_desk")
MAY_NOT = ("manager", "other_adviser")


@pytest.fixture
def booking(cast: Cast) -> Booking:
    AccessNeeds.objects.create(person=cast.student, text=PROFILE)
    details = Details(access_needs=WORDS)
    return book_appointment(student=cast.student, choice=cast.choice(9), details=details, by=cast.student)


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def readings(subject: str = "booking_access_needs") -> list[tuple[int | None, str]]:
    found = AuditEntry.objects.filter(action="read", subject=subject).order_by("pk")
    return list(found.values_list("actor", "subject_id"))


def test_the_rule_and_the_queryset_say_the_same_of_everybody(cast: Cast, booking: Booking) -> None:
    former = UserFactory(roles=[Role.FRONT_DESK], is_active=False)
    people = [
        cast.student, cast.other_student, cast.adviser, cast.other_adviser, cast.front_desk, cast.manager,
        cast.administrator, cast.outsider, former, *(UserFactory(roles=[role]) for role in Role.values),
    ]  # fmt: skip
    seen = [each for each in people if BookingNeeds.objects.visible_to(each).exists()]
    assert seen == [each for each in people if may_read_needs(booking, each)]
    front_desk = [each for each in people if each.may_read_access_needs]
    assert seen == [cast.student, cast.adviser, *front_desk]
    cast.adviser.roles = []
    cast.adviser.save()
    assert not may_read_needs(booking, cast.adviser)
    assert not BookingNeeds.objects.visible_to(cast.adviser).exists()


@pytest.mark.parametrize("who", [*MAY, *MAY_NOT])
def test_pages_show_access_needs_to_people_who_need_them(cast: Cast, booking: Booking, who: str) -> None:
    client = as_(getattr(cast, who))
    day = client.get(reverse("today"), {"day": str(cast.day), "adviser": "all"}).content.decode()
    page = client.get(reverse("staff_booking_detail", args=[booking.public_id])).content.decode()
    assert (WORDS in day, WORDS in page) == (who in MAY, who in MAY)
    assert readings() == ([(getattr(cast, who).pk, booking.public_id)] if who in MAY else [])


@pytest.mark.parametrize("who", [*MAY, *MAY_NOT])
def test_the_profile_is_for_the_front_desk_alone(cast: Cast, booking: Booking, who: str) -> None:
    client = as_(getattr(cast, who))
    page = client.get(reverse("student_detail", args=[cast.student.public_id])).content.decode()
    assert (PROFILE in page) == (who == "front_desk")
    expected = [(cast.front_desk.pk, cast.student.public_id)] if who == "front_desk" else []
    assert readings("access_needs") == expected


@pytest.mark.parametrize("who", [*MAY, *MAY_NOT, "student"])
def test_the_api_has_the_field_only_for_people_who_may_read_it(cast: Cast, booking: Booking, who: str) -> None:
    program = Program(getattr(cast, who))
    shown = [program.get(f"/bookings/{booking.public_id}/").json(), program.get("/bookings/").json()["results"][0]]
    if who != "student":
        diaries = program.get("/diary/", **{"from": cast.day, "to": cast.day, "adviser": cast.adviser.public_id})
        shown.append(diaries.json()["results"][0]["bookings"][0])
    words = WORDS if who not in MAY_NOT else None
    assert [each.get("access_needs") for each in shown] == [words] * len(shown)


def test_reading_the_list_all_day_is_recorded_once(cast: Cast, booking: Booking) -> None:
    for _ in range(3):
        read_needs(bookings=[booking], by=cast.front_desk)
        read_needs(bookings=[booking], by=cast.student)
    assert readings() == [(cast.front_desk.pk, booking.public_id)]
    shown = as_(cast.student).get(reverse("reading_list")).content.decode()
    assert f"Access needs for {cast.type.name}" in shown


def test_what_cannot_be_recorded_is_not_shown(cast: Cast, booking: Booking) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        with pytest.raises(Refused) as refused:
            read_needs(bookings=[booking], by=cast.adviser)
        transaction.set_rollback(True)
    assert refused.value.code == "reading_unrecorded"


def test_staff_who_may_not_read_access_needs_still_book_with_them(cast: Cast, booking: Booking) -> None:
    """A manager's form does not show them; the adviser of the appointment sees what the student told us."""
    place = f"{cast.other_adviser.public_id}:{cast.other_room.public_id}"
    path = reverse("staff_booking_create", args=[cast.student.public_id, cast.type.slug])
    start = f"{cast.starts(11):%Y-%m-%dT%H:%M}Z"
    client = as_(cast.manager)
    page = client.get(path, {"start": start})
    assert PROFILE not in page.content.decode()
    said = {"start": start, "place": place, "access_needs": "", "reason": "Asked for it.", "counts": "yes"}
    key = page.context["form"]["key"].value()
    answer = client.post(path, said | {"key": key})
    assert answer.status_code == 302, answer.content.decode()
    made = Booking.objects.exclude(pk=booking.pk).get()
    assert made.needs.text == PROFILE
    assert readings() == readings("access_needs") == []


def test_the_front_desk_decides_what_the_adviser_reads(cast: Cast, booking: Booking) -> None:
    program = Program(cast.front_desk)
    body = five_fields(cast.choice(11)) | {"student": cast.student.public_id, "access_needs": ""}
    made = program.post("/bookings/", body | {"override": {"reason": "Asked for it."}}).json()
    assert made["access_needs"] == ""
    assert not BookingNeeds.objects.filter(booking__public_id=made["id"]).exists()


def test_emptied_access_needs_leave_no_row(cast: Cast, booking: Booking) -> None:
    change_details(booking=booking, details=Details(access_needs="Captions"), by=cast.student)
    assert BookingNeeds.objects.get().text == "Captions"
    change_details(booking=booking, details=Details(), by=cast.student)
    assert not BookingNeeds.objects.exists()


def test_administrators_do_not_see_access_needs(cast: Cast, booking: Booking) -> None:
    client = as_(cast.administrator)
    page = client.get(reverse("admin:accounts_user_change", args=[cast.student.pk])).content.decode()
    assert PROFILE not in page
    assert "declares_disability" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_own_bookings_cost_no_extra_query(
    cast: Cast, booking: Booking, rows: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for days in range(1, rows):
        starts = cast.starts(9) - timedelta(days=days)
        stored_booking(cast.student, cast.adviser, cast.type, cast.room, starts, status="attended")
    mine = list(Booking.objects.with_people().select_related("needs"))
    assert len(mine) == rows
    with django_assert_num_queries(0):
        assert read_needs(bookings=mine, by=cast.student) == {each.pk: WORDS * (each == booking) for each in mine}
    with django_assert_num_queries(0):
        assert read_needs(bookings=mine, by=cast.manager) == {}
