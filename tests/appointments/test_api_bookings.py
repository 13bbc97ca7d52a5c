"""Booking, moving, cancelling and attendance through the API: same operations, refusals and codes as the pages."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import AuditEntry
from appointments.models import Booking, DiaryBlock
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from eligibility.models import AllocationUse, Strike
from foundation.values.times import database_now
from messaging.models import OutboxMessage
from places.models import Confidentiality
from tests.appointments.api_cast import Program, five_fields, problem
from tests.cast import Cast
from tests.factories import AppointmentTypeFactory, LocationFactory, publish, stored_booking

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(cast: Cast) -> Program:
    return Program(cast.student)


def booked(cast: Cast, hour: int = 9, minute: int = 0) -> Booking:
    return book_appointment(student=cast.student, choice=cast.choice(hour, minute), details=Details(), by=cast.student)


@pytest.mark.policy("APPT-5", "APPT-2")
def test_the_fields_of_a_free_time_make_a_booking(cast: Cast, program: Program) -> None:
    free = program.get("/free-times/", type=cast.type.slug).json()["results"][0]
    shown = free.pop("shown")
    assert set(free) == {"type", "start", "adviser", "mode", "location"}
    answer = program.post("/bookings/", {**free, "topic": "", "help_wanted": "My CV", "access_needs": "Step-free"})
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert {name: made[name] for name in free} == free
    assert made["shown"]["confidentiality_note"] == shown["confidentiality_note"]
    booking = Booking.objects.get()
    assert answer["Location"] == f"/api/v1/bookings/{booking.public_id}/"
    assert (booking.student, booking.booked_by, booking.help_wanted) == (cast.student, cast.student, "My CV")
    assert OutboxMessage.objects.filter(kind="appointments.booked", regarding=made["id"]).count() == 1
    assert program.get(f"/bookings/{made['id']}/").json() == made


def test_the_session_of_the_browser_needs_its_csrf_token(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.student)
    body = five_fields(cast.choice(9))
    refused = browser.post("/api/v1/bookings/", body, content_type="application/json")
    assert problem(refused, 403)["code"] == "permission_denied"
    assert not Booking.objects.exists()
    browser.get("/accounts/login/")
    browser.cookies["csrftoken"] = token = "a" * 32
    with_token = browser.post(
        "/api/v1/bookings/", body, content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert with_token.status_code == 201, with_token.content


def test_a_lost_race_offers_the_nearest_free_times(cast: Cast, program: Program) -> None:
    choice = cast.choice(9, 40)
    book_appointment(student=cast.other_student, choice=choice, details=Details(), by=cast.other_student)
    refused = problem(program.post("/bookings/", five_fields(choice)), 409)
    assert refused["code"] == "time_taken"
    assert len(refused["alternatives"]) == 3
    for alternative in refused["alternatives"]:
        assert alternative.pop("shown")["confidentiality"] == Confidentiality.CONFIDENTIAL
        assert set(alternative) == {"type", "start", "adviser", "mode", "location"}
    assert program.post("/bookings/", refused["alternatives"][0]).status_code == 201


@pytest.mark.policy("ELIG-1")
def test_a_used_allocation_is_refused_with_what_would_change_it(cast: Cast, program: Program) -> None:
    for hour in (9, 11, 13):
        booked(cast, hour)
    refused = problem(program.post("/bookings/", five_fields(cast.choice(15))), 409)
    assert refused["code"] == "allocation_used"
    assert "Careers guidance" in refused["detail"]
    assert refused["remedy"]
    assert [reason["code"] for reason in refused["reasons"]] == ["allocation_used"]


@pytest.mark.parametrize("counts", [True, False])
def test_staff_book_for_a_student_and_override_a_limit(cast: Cast, counts: bool) -> None:
    for hour in (9, 11, 13):
        booked(cast, hour)
    staff, body = Program(cast.adviser), {**five_fields(cast.choice(15)), "student": cast.student.public_id}
    assert problem(staff.post("/bookings/", body), 409)["code"] == "allocation_used"
    override = {"reason": "Interview tomorrow", "counts": counts}
    answer = staff.post("/bookings/", {**body, "override": override})
    assert answer.status_code == 201, answer.content
    assert answer.json()["override_reason"] == "Interview tomorrow"
    booking = Booking.objects.get(public_id=answer.json()["id"])
    assert (booking.student, booking.booked_by, booking.consumes) == (cast.student, cast.adviser, counts)
    assert AllocationUse.objects.filter(source_id=booking.public_id).count() == int(counts)
    assert AuditEntry.objects.filter(action="booked_with_override", actor=cast.adviser).exists()
    own = Program(cast.student).get(f"/bookings/{booking.public_id}/").json()
    assert "override_reason" not in own
    assert "status_reason" not in own


@pytest.mark.policy("SEC-2")
def test_nobody_books_in_another_students_name(cast: Cast, program: Program) -> None:
    for student in (cast.other_student.public_id, "zzzzzzzzzzzz"):
        body = {**five_fields(cast.choice(9)), "student": student}
        assert problem(program.post("/bookings/", body), 403)["code"] == "not_yours"
    assert not Booking.objects.exists()


def test_a_student_cannot_override_a_limit(cast: Cast, program: Program) -> None:
    override = {"reason": "I would like to", "counts": False}
    refused = problem(program.post("/bookings/", {**five_fields(cast.choice(9)), "override": override}), 403)
    assert refused["code"] == "not_yours"
    booking = booked(cast)
    moved = program.post(f"/bookings/{booking.public_id}/move/", {**five_fields(cast.choice(11)), "override": override})
    assert problem(moved, 403)["code"] == "not_yours"


def test_time_that_is_not_released_cannot_be_booked(cast: Cast, program: Program) -> None:
    DiaryBlock.objects.update(release_at=database_now() + timedelta(hours=1))
    assert program.get("/free-times/", type=cast.type.slug).json()["results"] == []
    assert problem(program.post("/bookings/", five_fields(cast.choice(9))), 409)["code"] == "not_offered"


def test_a_type_no_longer_offered(cast: Cast, program: Program) -> None:
    cast.type.is_offered = False
    cast.type.save()
    assert problem(program.post("/bookings/", five_fields(cast.choice(9))), 409)["code"] == "type_not_offered"
    assert problem(program.get("/free-times/", type=cast.type.slug), 409)["code"] == "type_not_offered"
    assert problem(program.get(f"/appointment-types/{cast.type.slug}/"), 404)["code"] == "not_found"
    assert program.get("/appointment-types/").json()["results"] == []


def test_topics_and_answers_are_those_of_the_type(cast: Cast, program: Program) -> None:
    cast.type.topics = ["CV", "Interview"]
    cast.type.questions = [{"key": "employer", "label": "Employer", "required": True}]
    cast.type.save()
    body = five_fields(cast.choice(9))
    for wrong, field in [
        ({}, "answers"),
        ({"answers": {"employer": ""}}, "answers"),
        ({"answers": {"employer": "BBC", "forged": "x"}}, "answers"),
        ({"answers": {"employer": "BBC"}, "topic": "Weather"}, "topic"),
        ({"answers": {"employer": "BBC"}, "recording_permission": True}, "recording_permission"),
    ]:
        assert problem(program.post("/bookings/", body | wrong), 422)["errors"][0]["field"] == field
    right = program.post("/bookings/", body | {"answers": {"employer": "BBC"}, "topic": "CV"}).json()
    assert (right["answers"], right["topic"]) == ({"employer": "BBC"}, "CV")


@pytest.mark.policy("APPT-3")
def test_recording_is_off_unless_given_and_online_only(cast: Cast, program: Program) -> None:
    online = {**five_fields(cast.choice(9)), "mode": "online", "location": cast.online.public_id}
    assert program.post("/bookings/", online).json()["recording_permission"] is False
    online["start"] = cast.starts(11).isoformat()
    assert program.post("/bookings/", online | {"recording_permission": True}).json()["recording_permission"] is True


def test_move(cast: Cast, program: Program) -> None:
    booking = booked(cast)
    body = five_fields(cast.choice(11, adviser=cast.other_adviser))
    del body["type"]
    moved = program.post(f"/bookings/{booking.public_id}/move/", body)
    assert moved.status_code == 200, moved.content
    assert moved.json()["adviser"] == cast.other_adviser.public_id
    assert moved.json()["sequence"] == 1
    assert moved.json() == program.get(f"/bookings/{booking.public_id}/").json()


def test_move_keeps_the_type(cast: Cast, program: Program) -> None:
    booking, other = booked(cast), AppointmentTypeFactory()
    body = five_fields(cast.choice(11)) | {"type": other.public_id}
    assert problem(program.post(f"/bookings/{booking.public_id}/move/", body), 409)["code"] == "other_type"


def test_move_to_a_taken_time_leaves_it_where_it_was(cast: Cast, program: Program) -> None:
    booking, taken = booked(cast), cast.choice(11)
    book_appointment(student=cast.other_student, choice=taken, details=Details(), by=cast.other_student)
    refused = problem(program.post(f"/bookings/{booking.public_id}/move/", five_fields(taken)), 409)
    assert refused["code"] == "time_taken"
    assert refused["alternatives"]
    assert Booking.objects.get(pk=booking.pk).starts_at == booking.starts_at


@pytest.mark.policy("ELIG-2")
def test_cancel_gives_the_allocation_back(cast: Cast, program: Program) -> None:
    booking = booked(cast)
    cancelled = program.post(f"/bookings/{booking.public_id}/cancel/", {"reason": "Ill"})
    assert cancelled.json()["status"] == "cancelled"
    assert not AllocationUse.objects.exists()
    assert problem(program.post(f"/bookings/{booking.public_id}/cancel/"), 409)["code"] == "not_changeable"


def test_only_staff_cancel_for_the_service(cast: Cast, program: Program) -> None:
    booking = booked(cast)
    refused = program.post(f"/bookings/{booking.public_id}/cancel/", {"by_service": True})
    assert problem(refused, 403)["code"] == "not_yours"
    done = Program(cast.front_desk).post(
        f"/bookings/{booking.public_id}/cancel/", {"by_service": True, "reason": "Adviser ill"}
    )
    assert done.json()["status"] == "cancelled_by_service"
    assert done.json()["status_reason"] == "Adviser ill"


@pytest.mark.policy("ELIG-2")
def test_at_the_start_changes_are_refused(cast: Cast, program: Program) -> None:
    begun = stored_booking(cast.student, cast.adviser, cast.type, cast.room, database_now())
    assert problem(program.post(f"/bookings/{begun.public_id}/cancel/"), 409)["code"] == "too_late"
    moved = program.post(f"/bookings/{begun.public_id}/move/", five_fields(cast.choice(11)))
    assert problem(moved, 409)["code"] == "too_late"


@pytest.mark.policy("ELIG-2", "ELIG-3")
def test_attendance_and_taking_it_back(cast: Cast) -> None:
    begun = stored_booking(cast.student, cast.adviser, cast.type, cast.room, database_now() - timedelta(minutes=15))
    staff, where = Program(cast.adviser), f"/bookings/{begun.public_id}/attendance"
    assert staff.post(f"{where}/", {"outcome": "missed"}).json()["status"] == "missed"
    assert Strike.objects.count() == 1
    assert problem(staff.post(f"{where}/", {"outcome": "attended"}), 409)["code"] == "already_marked"
    assert problem(staff.post(f"{where}/reverse/", {"reason": " "}), 422)["errors"][0]["field"] == "reason"
    assert staff.post(f"{where}/reverse/", {"reason": "Was in the waiting room"}).json()["status"] == "booked"
    assert not Strike.objects.exists()
    late = staff.post(f"{where}/", {"outcome": "late", "minutes_late": 7}).json()
    assert (late["status"], late["minutes_late"]) == ("attended", 7)


def test_the_front_desk_marks_arrivals_only(cast: Cast) -> None:
    begun = stored_booking(cast.student, cast.adviser, cast.type, cast.room, database_now() - timedelta(minutes=5))
    desk, where = Program(cast.front_desk), f"/bookings/{begun.public_id}/attendance/"
    assert problem(desk.post(where, {"outcome": "missed"}), 403)["code"] == "not_yours"
    arrived = desk.post(where, {"outcome": "arrived"}).json()
    assert arrived["status"] == "arrived"
    assert arrived["arrived_at"]


def test_attendance_is_not_marked_before_the_start(cast: Cast) -> None:
    where = f"/bookings/{booked(cast).public_id}/attendance/"
    assert problem(Program(cast.adviser).post(where, {"outcome": "missed"}), 409)["code"] == "not_begun"


@pytest.mark.policy("APPT-4")
def test_notes_are_not_in_the_api(cast: Cast) -> None:
    booking = stored_booking(cast.student, cast.adviser, cast.type, cast.room, database_now() - timedelta(days=1))
    booking.notes.create(text="Confidential words", by=cast.adviser)
    for person in (cast.student, cast.adviser, cast.manager):
        assert b"Confidential words" not in Program(person).get(f"/bookings/{booking.public_id}/").content


@pytest.mark.policy("APPT-1", "APPT-2")
def test_confidentiality_is_that_of_type_and_place(cast: Cast, program: Program) -> None:
    advice = AppointmentTypeFactory(name="Applications advice", confidential_by_nature=False)
    desk = LocationFactory(name="Desk 1", confidentiality=Confidentiality.MAY_NOT_BE)
    publish(cast.manager, advice, desk, day=cast.day)
    free = program.get("/free-times/", type=advice.public_id).json()["results"][0]
    assert free["shown"]["confidentiality"] == "not_confidential"
    assert program.post("/bookings/", free).json()["shown"]["confidentiality"] == "not_confidential"


def test_upcoming_and_past(cast: Cast, program: Program) -> None:
    ahead = booked(cast)
    gone = stored_booking(cast.student, cast.adviser, cast.type, cast.room, database_now() - timedelta(days=9))
    hers = stored_booking(cast.other_student, cast.adviser, cast.type, cast.room, database_now() - timedelta(days=8))

    def ids(who: Program, **query: str) -> list[str]:
        return [row["id"] for row in who.get("/bookings/", **query).json()["results"]]

    assert ids(program) == [ahead.public_id, gone.public_id]
    assert ids(program, when="upcoming") == [ahead.public_id]
    assert ids(program, when="past") == [gone.public_id]
    staff = Program(cast.front_desk)
    assert ids(staff) == [ahead.public_id, hers.public_id, gone.public_id]
    assert ids(staff, student=cast.other_student.public_id) == [hers.public_id]
    assert problem(staff.get("/bookings/", student="zzzzzzzzzzzz"), 422)["code"] == "unknown_student"


def test_pages_of_a_list(cast: Cast, program: Program) -> None:
    for days in range(1, 6):
        stored_booking(cast.student, cast.adviser, cast.type, cast.room, database_now() - timedelta(days=days))
    seen, where, pages = [], "/api/v1/bookings/?limit=2", 0
    while where:
        answer = program.client.get(where, headers=program.headers).json()
        seen += [row["id"] for row in answer["results"]]
        where, pages = answer["next"], pages + 1
    assert (len(seen), len(set(seen)), pages) == (5, 5, 3)
    assert answer["previous"] == "http://testserver/api/v1/bookings/?limit=2&offset=2"


def test_a_token_stops_working_when_revoked_or_its_person_is_suspended(cast: Cast, program: Program) -> None:
    assert program.get("/me/").status_code == 200
    cast.student.is_active = False
    cast.student.save()
    assert problem(program.get("/me/"), 401)["code"] == "token_invalid"
