"""A person's situation is said once: the same sentence, date and link on home, Book and My appointments."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from psycopg2.extras import DateRange

from accounts.models import User
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from documents.models import DocumentVersion
from documents.operations.upload import add_version, upload_document
from eligibility.models import Hold, Strike
from foundation.values.times import database_now, local_day, spoken_day, years_after
from queries.models import QueryMessage
from queries.operations.open_query import NewQuery, open_query
from tests.cast import Cast
from tests.documents.papers import pdf
from tests.factories import (
    AllocationPolicyFactory,
    AppointmentTypeFactory,
    AudienceFactory,
    EnrolmentFactory,
    StudentFactory,
    stored_booking,
)
from tests.page_parts import markup, refusals, tree_of

pytestmark = pytest.mark.django_db

PAGES = ("home", "type_list", "booking_list")


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def said_on(page: Any) -> dict[str, tuple[str, list[str]]]:
    """The text and the links of each situation on a page, by its code."""
    found = tree_of(page).xpath("//*[@data-situation]")
    return {
        each.get("data-situation"): (" ".join(each.text_content().split()), list(map(str, each.xpath(".//a/@href"))))
        for each in found
    }


def everywhere(student: User, code: str) -> tuple[str, list[str]]:
    """What every page says of it, which must be the same."""
    client = as_(student)
    said = [said_on(client.get(reverse(page)))[code] for page in PAGES]
    assert said[0] == said[1] == said[2]
    return said[0]


def nowhere(student: User, code: str) -> bool:
    client = as_(student)
    return not any(code in said_on(client.get(reverse(page))) for page in PAGES)


def missed(student: User, *days_ago: int) -> None:
    today = local_day(database_now())
    for days in days_ago:
        on = today - timedelta(days=days)
        Strike.objects.create(student=student, source_id=f"m{student.pk}x{days}"[:12], on=on, about="Careers guidance")


@pytest.mark.policy("ELIG-3")
def test_on_hold(cast: Cast) -> None:
    assert nowhere(cast.student, "on_hold")
    today = local_day(database_now())
    during = DateRange(today, today + timedelta(days=20))
    Hold.objects.create(
        student=cast.student, during=during, reason="Why", message="Let us talk.", decided_by=cast.manager
    )
    cast.type.open_on_hold = True
    cast.type.save()
    text, links = everywhere(cast.student, "on_hold")
    assert "Let us talk." in text
    assert text.count(spoken_day(today + timedelta(days=20))) == 1, "until when, once"
    assert cast.type.name in text, "what stays open"
    assert links[-1] == reverse("strike_list")
    assert nowhere(cast.student, "missed")


@pytest.mark.policy("ELIG-3")
def test_two_misses_say_what_follows_a_third(cast: Cast) -> None:
    missed(cast.student, 3)
    assert nowhere(cast.student, "missed"), "one is not yet looked at"
    missed(cast.student, 5)
    text, links = everywhere(cast.student, "missed")
    page = as_(cast.student).get(reverse("strike_list"))
    (counter,) = page.context["absences"].counters
    assert counter.count == 2
    assert counter.sentence in text
    assert counter.next_words in text
    assert counter.next_words in markup(page)
    assert links == [reverse("strike_list")]
    excused = Strike.objects.filter(student=cast.student).first()
    assert excused is not None
    excused.excused_at, excused.excused_by, excused.excused_because = database_now(), cast.manager, "Ill"
    excused.save()
    assert nowhere(cast.student, "missed")


@pytest.mark.policy("ELIG-1")
def test_services_have_ended(cast: Cast) -> None:
    rule = {"course": {"status": ["completed"], "completed_within_years": 2}}
    cast.type.audience = AudienceFactory(rule=rule)
    cast.type.save()
    today = local_day(database_now())
    graduate = StudentFactory(roles=["graduate"], course=False)
    began, finished = years_after(today, -6), years_after(today, -1)
    course = EnrolmentFactory(student=graduate, status="completed", started_on=began, completed_on=finished)
    assert nowhere(graduate, "ended")
    course.completed_on = years_after(today, -3)
    course.save()
    text, links = everywhere(graduate, "ended")
    assert spoken_day(years_after(course.completed_on, 2)) in text
    assert links == [reverse("query_create")]
    assert nowhere(cast.student, "ended"), "only for who once could"


@pytest.mark.policy("ELIG-1")
def test_used_up_has_one_date_on_every_page(cast: Cast) -> None:
    """Two limits are used up; the later of their dates counts."""
    fortnight = AllocationPolicyFactory(limit=1, period="rolling_days", rolling_days=14)
    season = AllocationPolicyFactory(limit=1, period="rolling_days", rolling_days=90)
    cast.type.policies.set([fortnight, season])
    booking = book_appointment(student=cast.student, choice=cast.choice(9), details=Details(), by=cast.student)
    client = as_(cast.student)
    later = spoken_day(booking.local_date + timedelta(days=90))
    sooner = spoken_day(booking.local_date + timedelta(days=14))
    for url in ("/", reverse("type_list"), reverse("time_list", args=[cast.type.slug])):
        page = client.get(url)
        assert later in markup(page)
        assert sooner not in markup(page)


def test_one_meter_for_each_type(cast: Cast) -> None:
    cast.type.policies.add(AllocationPolicyFactory(limit=2, period="rolling_days", rolling_days=14))
    page = as_(cast.student).get("/")
    (meter,) = page.context["home"].meters
    assert (meter.name, meter.balance.limit) == (cast.type.name, 2)
    assert "3 of 3 left" in meter.renews
    assert len(tree_of(page).xpath("//*[contains(@class, 'allocation-line')]")) == 1


def test_a_new_reply_and_a_refused_document_wait_at_home(cast: Cast) -> None:
    client = as_(cast.student)
    assert not said_on(client.get("/"))
    query = open_query(person=cast.student, asked=NewQuery("general", "A placement", "Where?"), by=cast.student)
    QueryMessage.objects.create(query=query, by=cast.adviser, kind="reply", text="Here.", at=database_now())
    document = upload_document(owner=cast.student, kind="cv", filename="My CV.pdf", content=pdf(), by=cast.student)
    DocumentVersion.objects.filter(document=document).update(state="refused", reason="virus_found", file=None)
    said = said_on(client.get("/"))
    assert said["new_reply"][1] == [reverse("query_detail", args=[query.public_id])]
    assert said["document_refused"][1] == [reverse("document_detail", args=[document.public_id])]
    assert "My CV" in said["document_refused"][0]
    assert not said_on(as_(cast.other_student).get("/"))
    add_version(document=document, content=pdf(), filename="My CV.pdf", by=cast.student)
    assert "document_refused" not in said_on(client.get("/")), "a newer version is being checked"


def test_everything_to_do_has_something_to_open(cast: Cast) -> None:
    cast.student.phone = ""
    cast.student.save()
    locked = AudienceFactory(rule={"activity": "cv", "name": "CV Essentials", "completed": True})
    AppointmentTypeFactory(audience=locked)
    todos = as_(cast.student).get("/").context["home"].todos
    assert todos
    assert all(each.url and each.label for each in todos)


@pytest.mark.policy("ELIG-1")
def test_days_begin_with_the_first_that_can_be_booked(cast: Cast) -> None:
    cast.type.notice_minutes = 0
    cast.type.save()
    page = as_(cast.student).get(reverse("time_list", args=[cast.type.slug])).context["page"]
    offer = as_(cast.student).get(reverse("time_list", args=[cast.type.slug])).context["offer"]
    assert page.days[0].date >= offer.first_day
    assert not any(day.reason == "Past" for day in page.days)
    assert page.previous_url == ""
    assert page.selected == cast.day


def test_missed_appointments_are_linked_where_they_matter(cast: Cast) -> None:
    client, url = as_(cast.student), reverse("strike_list")
    for page in ("home", "type_list", "booking_list"):
        assert f'href="{url}"' in markup(client.get(reverse(page)))
    then = database_now() - timedelta(days=3)
    booking = stored_booking(cast.student, cast.adviser, cast.type, cast.room, then, status="missed")
    assert said_on(client.get("/"))["missed_lately"][1] == [url]
    assert f'href="{url}"' in markup(client.get(reverse("booking_detail", args=[booking.public_id])))


@pytest.mark.policy("ELIG-3")
def test_a_refusal_leads_on(cast: Cast) -> None:
    today = local_day(database_now())
    during = DateRange(today, today + timedelta(days=20))
    Hold.objects.create(
        student=cast.student, during=during, reason="Why", message="Let us talk.", decided_by=cast.manager
    )
    refused = as_(cast.student).get(reverse("time_list", args=[cast.type.slug]))
    assert refusals(refused) == ["on_hold"]
    assert tree_of(refused).xpath("//main//a[contains(@class, 'btn')]/@href") == [reverse("strike_list")]
