"""A student's pages: status, content and permissions, always tested with an outsider too."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, time, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.models import AccessNeeds
from appointments.models import Booking
from appointments.selectors.student_times import moment_text
from eligibility.rules.audiences import may_use
from eligibility.selectors.student_facts import student_context
from foundation.values.times import at, spoken_day, week_start
from places.models import Confidentiality
from tests.appointments.student_browser import BOOKING_PAGES, as_, booked, page_of, step, time_of
from tests.cast import Cast, assemble
from tests.clock import stop_database_clock
from tests.factories import (
    AllocationPolicyFactory,
    AppointmentTypeFactory,
    AudienceFactory,
    LocationFactory,
    UserFactory,
    publish,
)

pytestmark = pytest.mark.django_db


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
    assert "3 of 3 left for 20" in content
    assert content.index("Careers guidance") < content.index('id="closed-types"') < content.index("Applications advice")
    card = content.partition('id="closed-types"')[2].partition("<article")[2].partition("</article>")[0]
    reason = may_use(audience.rule, student_context(cast.student.pk).facts, cast.day)
    assert reason.remedy in card.partition(escape(reason.message))[2], "first why not, then what would change it"
    assert "Complete CV Essentials." in card


@pytest.mark.policy("ELIG-1")
def test_type_list_says_when_a_used_allocation_renews(cast: Cast) -> None:
    cast.type.policies.set([AllocationPolicyFactory(limit=1, period="rolling_days", rolling_days=90)])
    booked(cast)
    answer = as_(cast.student).get(reverse("type_list"))
    content = answer.content.decode()
    assert "0 of 1 left in any 90 days" in content
    (offer,) = answer.context["offered"].closed
    assert content.count(spoken_day(offer.balances[0].again_on)) == 1, "the day from which it can be chosen, once"


def test_type_list_asks_the_same_number_of_queries_at_one_and_three_types(
    cast: Cast, django_assert_num_queries: object
) -> None:
    client = as_(cast.student)
    with django_assert_num_queries(4):
        client.get(reverse("type_list"))
    AppointmentTypeFactory(policies=[cast.policy])
    AppointmentTypeFactory(policies=[AllocationPolicyFactory()])
    with django_assert_num_queries(4):
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
    none = client.get(url, {"mode": "telephone", "day": str(cast.day)})
    assert not none.context["page"].groups
    assert none.context["page"].empty in none.content.decode()
    assert client.get(url, {"day": str(cast.day)}).context["page"].groups
    assert client.get(url, {"adviser": cast.outsider.public_id}).status_code == 400
    assert client.get(url, {"day": "someday"}).status_code == 400
    assert client.get(url, {"mode": "by_post"}).status_code == 400


@pytest.mark.policy("ELIG-1")
def test_time_list_says_why_a_day_cannot_be_chosen(cast: Cast) -> None:
    cast.type.policies.set([AllocationPolicyFactory(limit=1, period="week")])
    booked(cast)
    page = as_(cast.student).get(reverse("time_list", args=[cast.type.slug]), {"day": str(cast.day)})
    assert "Used up" in page.content.decode()
    assert "0 of 1 left" in page.content.decode()
    assert f"{spoken_day(week_start(cast.day)).split(' ', 1)[1]}" in page.content.decode(), "of which week"
    assert not page.context["page"].groups


@pytest.mark.parametrize("advisers", [1, 3])
@pytest.mark.parametrize("today", [date(2026, 11, 23) + timedelta(days=n) for n in range(7)], ids="{:%A}".format)
def test_time_list_asks_at_most_eight_queries_at_any_number_of_advisers(
    db: None, today: date, advisers: int, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    """The seven days from the first bookable one are enough: the cast works from two days ahead."""
    stop_database_clock(nine := at(today, time(9)))
    with time_machine.travel(nine):
        cast = assemble()
        for _ in range(advisers - 1):
            publish(UserFactory(roles=["adviser"]), cast.type, LocationFactory(), day=cast.day)
        client = as_(cast.student)
        with django_assert_num_queries(6):
            page = client.get(reverse("time_list", args=[cast.type.slug]))
    assert page.context["page"].selected == cast.day


def test_time_list_looks_further_when_the_first_week_is_full(cast: Cast, django_assert_num_queries: object) -> None:
    cast.adviser.diary_blocks.all().delete()
    cast.other_adviser.diary_blocks.all().delete()
    later = cast.day + timedelta(days=14)
    publish(cast.adviser, cast.type, cast.room, day=later)
    client = as_(cast.student)
    with django_assert_num_queries(7):
        page = client.get(reverse("time_list", args=[cast.type.slug]))
    assert page.context["page"].selected == later


@pytest.mark.policy("APPT-1")
@pytest.mark.policy("APPT-2")
@pytest.mark.parametrize(
    ("level", "by_nature", "said"),
    [
        ("confidential", True, "Private room"),
        ("may_not_be", True, "not be confidential"),
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
    AccessNeeds.objects.create(person=cast.student, text="Step-free access")
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


def test_the_draft_survives_a_lost_time_and_is_deleted_once_booked(cast: Cast) -> None:
    booked(cast, 9, student=cast.other_student)
    browser, said = as_(cast.student), {"help_wanted": "My first interview", "key": "k1"}
    lost = browser.post(step("booking_create", cast, 9), said)
    assert lost.status_code == 409
    assert b"My first interview" in browser.get(step("booking_check", cast, 11)).content
    won = browser.post(step("booking_create", cast, 11), {**said, "key": "k2"}, follow=True)
    assert won.redirect_chain[0][1] == 302
    assert Booking.objects.get(student=cast.student).help_wanted == "My first interview"
    assert "booking_draft" not in browser.session
