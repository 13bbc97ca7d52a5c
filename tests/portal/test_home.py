"""The start page of each role, and the public pages."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from psycopg2.extras import DateRange
from syrupy.assertion import SnapshotAssertion

from accounts.models import PolicySetting, User
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from appointments.rules.window_words import cancelling_sentence, window_sentences
from eligibility.models import Activity, ActivityResult, Hold, WaitingEntry
from events.models import Event, Registration
from foundation.values.times import database_now, local_day, spoken_day
from tests.cast import Cast
from tests.events.factories import an_event, registered
from tests.factories import AllocationPolicyFactory, AppointmentTypeFactory, AudienceFactory, stored_booking
from tests.page_parts import markup

pytestmark = pytest.mark.django_db


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def home(user: User) -> str:
    return as_(user).get(reverse("home")).content.decode()


def test_home_sends_each_role_to_its_start_page(cast: Cast) -> None:
    assert Client().get("/")["Location"].startswith("/accounts/login/")
    for person in (cast.adviser, cast.front_desk, cast.manager):
        assert as_(person).get("/")["Location"] == reverse("today")
    assert as_(cast.administrator).get("/")["Location"] == reverse("configuration")
    assert "home/home_other.html" in [each.name for each in as_(cast.outsider).get("/").templates]


@pytest.mark.policy("APPT-1")
def test_home_student_shows_what_is_next_with_its_confidentiality(cast: Cast) -> None:
    assert 'id="next"' not in home(cast.student)
    booking = book_appointment(student=cast.student, choice=cast.choice(9), details=Details(), by=cast.student)
    content = home(cast.student)
    assert cast.room.confidentiality_note in content
    for name in ("booking_detail", "booking_move", "booking_cancel", "booking_calendar"):
        assert reverse(name, args=[booking.public_id]) in content
    assert booking.public_id not in home(cast.other_student)


@pytest.mark.policy("ELIG-1")
def test_home_student_shows_what_is_left_and_when_it_renews(cast: Cast) -> None:
    assert "3 of 3 left" in home(cast.student)
    today = local_day(database_now())
    renews = date(today.year + (today.month >= 8), 8, 1)
    assert f"Renews on {spoken_day(renews)}" in home(cast.student)
    cast.type.policies.set([AllocationPolicyFactory(limit=1, period="rolling_days", rolling_days=14)])
    book_appointment(student=cast.student, choice=cast.choice(9), details=Details(), by=cast.student)
    content = home(cast.student)
    assert "0 of 1 left" in content or "1 of 1 left" in content


def test_home_student_says_what_needs_doing(cast: Cast) -> None:
    assert 'id="todo"' not in home(cast.student)
    cast.student.phone = ""
    cast.student.save()
    Activity.objects.create(slug="cv", name="CV Essentials", kind="completion", link="https://example.ac.uk/cv")
    audience = AudienceFactory(rule={"activity": "cv", "name": "CV Essentials", "completed": True})
    AppointmentTypeFactory(name="Applications advice", audience=audience)
    cast.type.questions = [{"key": "employer", "label": "Employer", "required": True}]
    cast.type.save()
    booking = book_appointment(student=cast.student, choice=cast.choice(9), details=Details(), by=cast.adviser)
    content = home(cast.student)
    assert 'id="todo"' in content
    assert "smartphone" in [todo.icon for todo in as_(cast.student).get("/").context["home"].todos]
    assert "Unlock applications advice" in content
    assert "https://example.ac.uk/cv" in content
    assert reverse("booking_prepare", args=[booking.public_id]) in content


@pytest.mark.policy("ELIG-1")
def test_home_student_shows_what_they_have_done(cast: Cast) -> None:
    assert 'id="done"' not in home(cast.student)
    done = {
        "cv": ("CV Essentials", "completion", {"completed_on": date(2026, 10, 3)}),
        "score": ("CV score", "score", {"score": 82}),
        "sessions": ("Employer sessions", "attendance", {"count": 2}),
        "hidden": ("Aptitude test", "score", {"score": 3}),
        "nothing": ("Interview Essentials", "completion", {}),
    }
    for slug, (name, kind, result) in done.items():
        activity = Activity.objects.create(slug=slug, name=name, kind=kind, shown_to_students=slug != "hidden")
        ActivityResult.objects.create(student=cast.student, activity=activity, **result)
    content = home(cast.student)
    assert "<b>CV Essentials</b>: complete since 3 October 2026" in content
    assert "<b>CV score</b>: 82" in content
    assert "<b>Employer sessions</b>: attended twice" in content
    assert "Aptitude test" not in content
    assert "Interview Essentials" not in content
    assert 'id="done"' in content
    assert 'id="done"' not in home(cast.other_student)
    seen = as_(cast.adviser).get(reverse("student_detail", args=[cast.student.public_id])).content.decode()
    assert "<b>Aptitude test</b>: 3" in seen


@pytest.mark.policy("ELIG-2")
def test_home_student_asks_after_somebody_who_was_missed(cast: Cast, snapshot: SnapshotAssertion) -> None:
    then = database_now() - timedelta(days=3)
    stored_booking(cast.student, cast.adviser, cast.type, cast.room, then, status="missed")
    assert as_(cast.student).get("/").context["home"].todos[0].text == snapshot


@pytest.mark.policy("ELIG-3")
def test_home_student_explains_a_hold(cast: Cast) -> None:
    today = local_day(database_now())
    Hold.objects.create(
        student=cast.student,
        during=DateRange(today, today + timedelta(days=20)),
        reason="for staff only",
        message="Come and see me.",
        decided_by=cast.manager,
    )
    content = home(cast.student)
    assert "Come and see me." in content
    assert "appeal" in content
    assert "careers@example.ac.uk" in content
    assert "for staff only" not in content
    assert "3 of 3 left" in content


def test_home_student_asks_the_same_number_of_queries_at_one_and_three_rows(
    cast: Cast, django_assert_num_queries: object
) -> None:
    client = as_(cast.student)
    cast.type.questions = [{"key": "employer", "label": "Employer", "required": True}]
    cast.type.save()
    stored_booking(cast.student, cast.adviser, cast.type, cast.room, cast.starts(9))
    with django_assert_num_queries(6):
        client.get("/")
    for hour in (11, 13):
        stored_booking(cast.student, cast.adviser, cast.type, cast.room, cast.starts(hour))
        AppointmentTypeFactory(policies=[AllocationPolicyFactory()])
        slug, link = f"cv-{hour}", f"https://learn.example.ac.uk/{hour}"
        Activity.objects.create(slug=slug, name=slug, kind="completion", link=link)
        AppointmentTypeFactory(audience=AudienceFactory(rule={"activity": slug, "completed": True}))
    with django_assert_num_queries(6):
        content = client.get("/").content.decode()
    assert all(f'href="https://learn.example.ac.uk/{hour}"' in content for hour in (11, 13))


@pytest.mark.policy("ELIG-1")
@pytest.mark.policy("APPT-1")
@pytest.mark.policy("APPT-5")
def test_policies_are_those_in_force(cast: Cast) -> None:
    rule = {"course": {"status": ["completed"], "completed_within_years": 2}}
    type = AppointmentTypeFactory(
        name="Graduate guidance", audience=AudienceFactory(rule=rule), notice_minutes=120, cancel_notice_minutes=1440
    )
    PolicySetting.objects.create(
        key="reminder_only_if_booked_hours_ahead", value=48, effective_from=timezone.localdate()
    )
    content = markup(Client().get(reverse("policies")))
    assert "Graduates within 2 years" in content
    assert "3 an academic year" in content
    assert window_sentences(type)[0] in content
    assert f"{type.name}: {cancelling_sentence(type)}" in content
    assert "more than 48 hours" in content
    assert "48 hours ahead" in content
    assert cast.room.name in content


@pytest.mark.policy("SEC-1", "SEC-2", "SEC-3", "SEC-4")
def test_policies_say_what_becomes_of_a_suspected_breach(cast: Cast) -> None:
    content = markup(Client().get(reverse("policies")))
    for words in (
        "belongs to one person",
        "cannot be handed to another",
        "IT Services",
        "held, not lost",
        "two people",
    ):
        assert words in content
    assert reverse("concern_report") in content


@pytest.mark.policy("DATA-4")
def test_privacy_names_the_years_in_force(db: None) -> None:
    PolicySetting.objects.create(key="retention_years", value=6, effective_from=timezone.localdate())
    content = Client().get(reverse("privacy")).content.decode()
    assert "for 6 years" in content
    assert "31 July" in content


def test_accessibility_is_public(db: None) -> None:
    assert Client().get(reverse("accessibility")).status_code == 200


def test_configuration_is_the_administrators(cast: Cast) -> None:
    page = as_(cast.administrator).get(reverse("configuration")).content.decode()
    assert cast.type.name in page
    for person in (cast.student, cast.adviser, cast.manager, cast.outsider):
        assert as_(person).get(reverse("configuration")).status_code == 404


def test_theme_choose_remembers_and_goes_nowhere_else(db: None) -> None:
    client = Client()
    answer = client.post(reverse("theme_choose"), {"theme": "dark", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"
    assert 'data-theme="dark"' in client.get(reverse("privacy")).content.decode()


def test_home_student_shows_their_events_and_what_to_answer(cast: Cast) -> None:
    later = an_event(title="Fair", starts=cast.starts(14) + timedelta(days=30))
    first = an_event(title="Talk", starts=cast.starts(14))
    over = an_event(title="Over", starts=cast.starts(9) + timedelta(days=60))
    mine = [registered(each, cast.student) for each in (later, first, over)]
    Event.objects.filter(pk=over.pk).update(
        during=(database_now() - timedelta(days=2), database_now() - timedelta(days=1))
    )
    Registration.objects.filter(pk=mine[1].pk).update(asked_again_at=database_now())
    full = an_event(title="Full", places=1)
    WaitingEntry.objects.create(
        student=cast.student, source_kind="event", source_id=full.public_id, lane="in_person", number=1,
        state="offered", joined_at=database_now(), offered_at=database_now(),
        offer_ends_at=database_now() + timedelta(hours=3),
    )  # fmt: skip
    shown = as_(cast.student).get("/").context["home"]
    assert [(each.title, each.is_asked) for each in shown.events] == [("Talk", True), ("Fair", False)]
    assert [each.code for each in shown.todos][:2] == ["place_kept", "still_coming"]
    WaitingEntry.objects.update(offer_ends_at=database_now(), offered_at=database_now() - timedelta(hours=1))
    Registration.objects.filter(pk=mine[1].pk).update(still_coming_at=database_now())
    shown = as_(cast.student).get("/").context["home"]
    assert {"place_kept", "still_coming"}.isdisjoint(each.code for each in shown.todos)
    assert as_(cast.other_student).get("/").context["home"].events == []
