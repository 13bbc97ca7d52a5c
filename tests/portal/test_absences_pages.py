"""The student's page of absences, and the manager's pages: whom to review, the whole story, and the decision."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from eligibility.models import Hold, Strike, StrikeReview
from eligibility.operations.holds import HoldTerms, place_hold
from eligibility.operations.strikes import excuse_strike
from foundation.values.times import database_now, local_day
from tests.cast import Cast
from tests.factories import StudentFactory, stored_booking

pytestmark = [pytest.mark.django_db, pytest.mark.policy("ELIG-3")]

CountQueries = Callable[[int], Any]


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def read(user: User, name: str, *args: str, **query: str) -> str:
    answer = as_(user).get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def strike(student: User, days_ago: int = 0, source_id: str = "") -> Strike:
    day = local_day(database_now()) - timedelta(days=days_ago)
    source_id = source_id or f"c{student.pk}x{days_ago}"[:12]
    return Strike.objects.create(student=student, source_id=source_id, on=day, about="Careers guidance")


def review(student: User, step: str = "review") -> StrikeReview:
    return StrikeReview.objects.create(
        student=student, kind="appointment", step=step, strikes=2, opened_at=database_now()
    )


def hold(cast: Cast, student: User | None = None) -> Hold:
    today = local_day(database_now())
    terms = HoldTerms(today, today + timedelta(days=9), "Three missed.", "Let us talk first.")
    return place_hold(student=student or cast.student, terms=terms, by=cast.manager)


class TestStudent:
    def test_nothing_missed_says_so(self, cast: Cast) -> None:
        assert "empty-state" in read(cast.student, "strike_list")

    def test_what_counts_what_is_excused_and_what_comes_next(self, cast: Cast) -> None:
        strike(cast.student)
        excused = strike(cast.student, source_id="excused")
        excuse_strike(strike=excused, because="A private reason.", by=cast.manager)
        page = read(cast.student, "strike_list")
        for words in ("1 missed appointment counts", "Excused", "At 2 a manager", "Tell us what happened"):
            assert words in page
        assert "A private reason." not in page

    def test_a_hold_says_what_until_when_what_stays_open_and_how_to_appeal(self, cast: Cast) -> None:
        cast.type.open_on_hold = True
        cast.type.save()
        held = hold(cast)
        page = read(cast.student, "strike_list")
        for words in ("Let us talk first.", held.last_words, "Queries and the website", cast.type.name, "appeal"):
            assert words in page
        assert "Three missed." not in page

    def test_students_see_only_their_own_absences(self, cast: Cast) -> None:
        strike(cast.other_student)
        hold(cast, cast.other_student)
        page = read(cast.student, "strike_list")
        assert "empty-state" in page
        assert "On hold" not in page

    @pytest.mark.parametrize("rows", [1, 3])
    def test_strike_list_queries(self, cast: Cast, rows: int, django_assert_num_queries: CountQueries) -> None:
        for number in range(rows):
            strike(cast.student, number)
        client = as_(cast.student)
        with django_assert_num_queries(7):  # session, person, clock, policy, strikes, holds, types open on hold
            client.get(reverse("strike_list"))


class TestManager:
    def test_the_list_shows_proposals_first_and_says_when_there_is_nothing(self, cast: Cast) -> None:
        assert "empty-state" in read(cast.manager, "review_list")
        review(cast.student)
        review(StudentFactory(given_name="Zadie", family_name="First"), "hold")
        page = read(cast.manager, "review_list")
        assert page.index("Zadie First") < page.index("Amara Okafor")
        assert "empty-state" not in page
        assert "empty-state" in read(cast.manager, "review_list", show="holds")
        assert "empty-state" in read(cast.manager, "review_list", show="closed")

    def test_the_story_is_on_one_page(self, cast: Cast) -> None:
        review(cast.student, "hold")
        strike(cast.student)
        stored_booking(cast.student, cast.adviser, cast.type, cast.room, database_now() - timedelta(days=3))
        page = read(cast.manager, "attendance_story", cast.student.public_id)
        for words in (
            "A hold is proposed",
            "Careers guidance",
            cast.adviser.name,
            "Nothing happens",
            "Earlier decisions",
        ):
            assert words in page or words == "Nothing happens"

    def test_deciding_a_hold_closes_the_review_and_lifting_it_ends_it(self, cast: Cast) -> None:
        made, client = review(cast.student, "hold"), as_(cast.manager)
        today = local_day(database_now())
        said = {"first": today, "last": today + timedelta(days=5), "bookings": "keep"}
        said |= {"message": "Let us talk.", "reason": "Three missed."}
        where = reverse("hold_create", args=[cast.student.public_id])
        assert client.post(where, {**said, "message": ""}).status_code == 422
        assert client.post(where, said).status_code == 302
        made.refresh_from_db()
        assert made.outcome == "held"
        assert client.post(where, said).status_code == 409
        held = Hold.objects.get()
        assert held.reason in client.get(reverse("review_list"), {"show": "holds"}).content.decode()
        lift = reverse("hold_lift", args=[held.public_id])
        assert client.post(lift, {"because": " "}).status_code == 422
        assert client.post(lift, {"because": "We talked."}).status_code == 302
        assert client.post(lift, {"because": "We talked."}).status_code == 409
        assert "Hold lifted" in read(cast.manager, "attendance_story", cast.student.public_id)

    def test_closing_without_a_hold(self, cast: Cast) -> None:
        made, client = review(cast.student), as_(cast.manager)
        where = reverse("review_close", args=[made.public_id])
        assert client.post(where, {"outcome": "contacted"}).status_code == 422
        assert client.post(where, {"outcome": "held", "words": "x"}).status_code == 422
        assert client.post(where, {"outcome": "contacted", "words": "We talked."}).status_code == 302
        assert client.post(where, {"outcome": "contacted", "words": "We talked."}).status_code == 409
        assert "We talked." in read(cast.manager, "review_list", show="closed")

    def test_excusing_and_recording(self, cast: Cast) -> None:
        client, missed = as_(cast.manager), strike(cast.student)
        excuse = reverse("strike_excuse", args=[missed.public_id])
        assert client.post(excuse, {}).status_code == 422
        assert client.post(excuse, {"because": "Ill."}).status_code == 302
        assert client.post(excuse, {"because": "Ill."}).status_code == 409
        record = reverse("absence_create", args=[cast.student.public_id])
        today = local_day(database_now())
        said = {"kind": "event", "about": "Law fair", "on": today + timedelta(days=1)}
        assert client.post(record, said).status_code == 422
        assert client.post(record, {**said, "on": today}).status_code == 302
        assert "Law fair" in read(cast.manager, "attendance_story", cast.student.public_id)

    @pytest.mark.parametrize("who", ["student", "adviser", "front_desk", "administrator", "outsider"])
    def test_everybody_else_gets_a_404(self, cast: Cast, who: str) -> None:
        client = as_(getattr(cast, who))
        assert client.get(reverse("review_list")).status_code == 404
        assert client.get(reverse("attendance_story", args=[cast.student.public_id])).status_code == 404

    @pytest.mark.parametrize("rows", [1, 3])
    def test_review_list_queries(self, cast: Cast, rows: int, django_assert_num_queries: CountQueries) -> None:
        for _ in range(rows):
            student = StudentFactory()
            review(student)
            hold(cast, student)
        client = as_(cast.manager)
        with django_assert_num_queries(4):  # session, person, count, rows
            client.get(reverse("review_list"))
        with django_assert_num_queries(5):  # and the clock
            client.get(reverse("review_list"), {"show": "holds"})

    @pytest.mark.parametrize("rows", [1, 3])
    def test_attendance_story_queries(self, cast: Cast, rows: int, django_assert_num_queries: CountQueries) -> None:
        for number in range(rows):
            strike(cast.student, number)
            stored_booking(
                cast.student, cast.adviser, cast.type, cast.room, database_now() - timedelta(days=number + 1)
            )
        review(cast.student)
        client, where = as_(cast.manager), reverse("attendance_story", args=[cast.student.public_id])
        with django_assert_num_queries(13):
            client.get(where)
