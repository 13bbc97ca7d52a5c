"""The student's page of absences, and the manager's pages: whom to review, the whole story, and the decision."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from appointments.models import AppointmentType
from appointments.operations.attendance import mark_attendance
from appointments.operations.book import book_appointment, count_use
from appointments.operations.choice import Details
from eligibility.models import Grant, Hold, Strike, StrikeReview
from eligibility.operations.circumstances import excuse_with_one_more
from eligibility.operations.holds import HoldTerms, place_hold
from eligibility.operations.strikes import excuse_strike
from eligibility.rules.allocation import allocation_balance
from eligibility.selectors.grants import possible_grants
from eligibility.selectors.student_facts import student_context
from foundation.values.times import database_now, local_day, plain_day
from messaging.models import OutboxMessage
from messaging.operations.deliver import deliver_message
from queries.models import Category
from queries.operations.open_query import NewQuery, open_query
from queries.selectors.about import about_of
from tests.cast import Cast
from tests.factories import StudentFactory, stored_booking
from tests.page_parts import refusals

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
    """With the misses that lead to it under the rules that are shipped."""
    for number in range(3 if step == "hold" else 2):
        strike(student, source_id=f"r{student.pk}x{number}")
    return StrikeReview.objects.create(
        student=student, rule="appointment", step=step, strikes=2, opened_at=database_now()
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
        for words in ("1 missed appointment counts", "Excused", "At 2:", "category=circumstances"):
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
        with django_assert_num_queries(6):  # session, person, facts and rules, strikes, holds, types
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
        with django_assert_num_queries(8):  # session, person, reviews, clock, misses, rules, policy, calendar
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
        with django_assert_num_queries(12):
            client.get(where)


@pytest.mark.policy("ELIG-2")
class TestOneMoreAppointment:
    """Excusing offers one more appointment with one tick, and says its last day."""

    def missed(self, cast: Cast) -> Strike:
        starts = database_now() - timedelta(days=3)
        booking = stored_booking(cast.student, cast.adviser, cast.type, cast.room, starts)
        context = student_context(cast.student.pk)
        count_use(booking, cast.type, cast.student, context)
        mark_attendance(booking=booking, outcome="missed", by=cast.adviser)
        return Strike.objects.get()

    @pytest.mark.parametrize("ticked", [True, False])
    def test_a_tick_gives_it_and_nothing_else_does(self, cast: Cast, ticked: bool) -> None:
        excused = self.missed(cast)
        (possible,) = possible_grants(excused)
        page = read(cast.manager, "strike_excuse", excused.public_id)
        assert plain_day(possible.last_day) in page
        said = {"because": "Ill.", **({"one_more": "on"} if ticked else {})}
        answer = as_(cast.manager).post(reverse("strike_excuse", args=[excused.public_id]), said)
        assert answer.status_code == 302
        assert [grant.expires_on for grant in Grant.objects.all()] == [possible.last_day] * ticked
        assert OutboxMessage.objects.filter(kind="eligibility.excused").count() == ticked
        context = student_context(cast.student.pk)
        left = allocation_balance(cast.policy, context.facts, context.facts.today, context.calendar).left
        assert left == 2 + ticked

    def test_home_says_until_when_and_asks_no_more(self, cast: Cast) -> None:
        excused = self.missed(cast)
        asked = 'data-situation="missed_lately"'
        assert asked in read(cast.student, "home")
        (possible,) = possible_grants(excused)
        excuse_with_one_more(strike=excused, because="Ill.", by=cast.manager)
        page = read(cast.student, "home")
        assert asked not in page
        assert f"1 extra, until {plain_day(possible.last_day)}" in page

    def test_the_email_says_until_when_and_not_why(self, cast: Cast) -> None:
        accepted = excuse_with_one_more(strike=self.missed(cast), because="A private reason.", by=cast.manager)
        message = OutboxMessage.objects.get(kind="eligibility.excused")
        deliver_message(message.public_id)
        message.refresh_from_db()
        assert accepted.sentences[0] in message.body_text
        assert "A private reason." not in message.body_text

    def test_an_absence_excused_without_it_can_still_give_it(self, cast: Cast) -> None:
        missed = self.missed(cast)
        where, client = reverse("strike_excuse", args=[missed.public_id]), as_(cast.manager)
        client.post(where, {"because": "Ill."})
        (possible,) = possible_grants(missed)
        page = client.get(where).content.decode()
        assert 'name="give"' in page
        assert plain_day(possible.last_day) in page
        given = [client.post(where, {"because": "It was serious.", "give": "yes"}).status_code for _ in range(2)]
        assert given == [302, 409]
        assert [grant.reason for grant in Grant.objects.all()] == ["It was serious."]
        assert OutboxMessage.objects.filter(kind="eligibility.excused").count() == 1
        assert 'name="give"' not in read(cast.manager, "strike_excuse", missed.public_id)

    def test_only_an_excused_absence_gives_it_later(self, cast: Cast) -> None:
        where = reverse("strike_excuse", args=[self.missed(cast).public_id])
        refused = as_(cast.manager).post(where, {"because": "Ill.", "give": "yes"})
        assert (refused.status_code, refusals(refused)) == (409, ["not_excused"])
        assert not Grant.objects.exists()

    def test_what_was_told_is_asked_no_more(self, cast: Cast) -> None:
        """Whether we have decided about it or not."""
        booking = self.missed(cast).source_id
        assert f"about=booking:{booking}" in read(cast.student, "strike_list")
        about = about_of(cast.student, f"booking:{booking}")
        asked = NewQuery(Category.CIRCUMSTANCES, "I was ill", "In hospital.", about)
        open_query(person=cast.student, asked=asked, by=cast.student)
        assert f"about=booking:{booking}" not in read(cast.student, "strike_list")

    def test_what_used_nothing_offers_nothing(self, cast: Cast) -> None:
        elsewhere = strike(cast.student)
        assert "one_more" not in read(cast.manager, "strike_excuse", elsewhere.public_id)
        where = reverse("strike_excuse", args=[elsewhere.public_id])
        assert as_(cast.manager).post(where, {"because": "Ill.", "one_more": "on"}).status_code == 302
        assert not Grant.objects.exists()

    def test_a_form_with_a_mistake_keeps_the_tick(self, cast: Cast) -> None:
        where = reverse("strike_excuse", args=[self.missed(cast).public_id])
        answer = as_(cast.manager).post(where, {"because": " ", "one_more": "on"})
        assert answer.status_code == 422
        assert answer.context["form"]["one_more"].value()

    def test_twice_gives_one(self, cast: Cast) -> None:
        where = reverse("strike_excuse", args=[self.missed(cast).public_id])
        said = {"because": "Ill.", "one_more": "on"}
        assert [as_(cast.manager).post(where, said).status_code for _ in range(2)] == [302, 409]
        assert Grant.objects.count() == 1

    def test_the_record_says_whether_it_was_used(self, cast: Cast) -> None:
        excuse_with_one_more(strike=self.missed(cast), because="Ill.", by=cast.manager)
        cast.policy.limit = 1
        cast.policy.save()
        grant = Grant.objects.with_use().get()
        assert grant.used_words in read(cast.manager, "attendance_story", cast.student.public_id)
        assert list(Grant.objects.usable(grant.starts_on)) == [grant]
        choice = replace(cast.choice(), type=AppointmentType.objects.with_rules().get())
        book_appointment(student=cast.student, choice=choice, details=Details(), by=cast.student)
        grant = Grant.objects.with_use().get()
        assert grant.used_count == 1
        assert grant.used_words in read(cast.manager, "attendance_story", cast.student.public_id)
        assert not Grant.objects.usable(grant.starts_on).exists()
