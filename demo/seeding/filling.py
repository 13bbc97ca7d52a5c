"""Fills an empty database with Northbridge University, or brings an existing one up to today."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from django.db import connection, transaction

from accounts.models import User
from appointments.models import Booking, DiaryBlock
from demo.seeding.absences import seed_reviews
from demo.seeding.audiences import seed_audiences
from demo.seeding.calendar import seed_calendar
from demo.seeding.coming import Coming, seed_time_out
from demo.seeding.diaries import AHEAD, BACK, publish, seed_templates
from demo.seeding.documents import seed_documents
from demo.seeding.events import seed_event_types, seed_events, seed_rooms
from demo.seeding.feed import seed_feed
from demo.seeding.history import seed_history
from demo.seeding.institution import Institution
from demo.seeding.named_people import ADMINISTRATOR, ADVISER
from demo.seeding.person import Registrar
from demo.seeding.places import seed_places
from demo.seeding.programmes import seed_programmes
from demo.seeding.queries import seed_queries
from demo.seeding.retention import seed_retention
from demo.seeding.security import seed_security
from demo.seeding.situations import Situations
from demo.seeding.slots import Timetable
from demo.seeding.staff import seed_staff
from demo.seeding.students import seed_students
from demo.seeding.today import book_today, seed_blocks_today
from demo.seeding.tray import deliver_first_messages
from demo.seeding.types import seed_types
from demo.seeding.visitors import Visitors
from demo.seeding.wellbeing import seed_concerns

Step = Callable[[str, Callable[[], object]], None]


def is_filled() -> bool:
    return User.objects.filter(email=ADMINISTRATOR.email).exists()


def is_up_to_date(institution: Institution) -> bool:
    """Whether the named adviser has appointments today."""
    return Booking.objects.filter(adviser__email=ADVISER.email, local_date=institution.today).exists()


def fill(institution: Institution) -> None:
    """Creates everything in one transaction, then sends the first messages."""
    step = _steps(institution)
    with transaction.atomic():
        step("calendar, places and appointment types", lambda: seed_configuration(institution))
        step("people and programmes", lambda: seed_people(institution))
        step("diaries", lambda: seed_diaries(institution))
        visitors, timetable = Visitors(institution), Timetable(institution)
        step("two years of appointments", lambda: seed_history(institution, visitors, timetable))
        step("appointments to come", lambda: seed_future(institution, visitors, timetable))
        seed_people_with_a_story(institution, step)
        seed_time_out(institution)
        step("the student feed", lambda: seed_feed(institution))
        step("security cases", lambda: seed_security(institution))
    finish(institution, step)


def bring_up_to_today(institution: Institution) -> None:
    """Keeps all data, publishes diaries a term ahead, fills the next two weeks and renews the named people's
    situations.
    """
    institution = replace(institution, turn=Booking.objects.count())
    step = _steps(institution)
    with transaction.atomic():
        latest = DiaryBlock.objects.filter(template__isnull=False).order_by("-local_date").first()
        first = (latest.local_date if latest else institution.today) + timedelta(days=1)
        step("diaries", lambda: publish(institution, first, institution.today + AHEAD))
        seed_blocks_today(institution)
        visitors, timetable = Visitors(institution), Timetable(institution)
        step("appointments to come", lambda: seed_future(institution, visitors, timetable))
        seed_people_with_a_story(institution, step)
        step("security cases", lambda: seed_security(institution))
    finish(institution, step)


def seed_configuration(institution: Institution) -> None:
    seed_calendar(institution.today)
    seed_places(institution)
    seed_audiences()
    seed_types(institution)
    seed_rooms(institution)
    seed_event_types()


def seed_people(institution: Institution) -> None:
    seed_programmes()
    registrar = Registrar(institution)
    seed_staff(registrar)
    seed_students(institution, registrar)


def seed_diaries(institution: Institution) -> None:
    seed_templates(institution)
    back = timedelta(days=28) if institution.small else BACK
    publish(institution, institution.today - back, institution.today + AHEAD)
    seed_blocks_today(institution)


def seed_future(institution: Institution, visitors: Visitors, timetable: Timetable) -> None:
    coming = Coming(institution, visitors, timetable)
    book_today(institution, coming)
    coming.book()
    coming.keep()


def seed_people_with_a_story(institution: Institution, step: Step) -> None:
    step("named people", lambda: Situations(institution).make_true())
    step("events", lambda: seed_events(institution))
    step("queries", lambda: seed_queries(institution))
    step("reviews of absences", lambda: seed_reviews(institution))
    step("concerns", lambda: seed_concerns(institution))


def finish(institution: Institution, step: Step) -> None:
    step("documents", lambda: seed_documents(institution))
    step("requests about data", lambda: seed_retention(institution))
    step("first messages", lambda: deliver_first_messages(institution))
    # Not the whole database: its shared tables are locked by another database's analysis.
    tables = connection.introspection.django_table_names(only_existing=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE " + ", ".join(f'"{table}"' for table in tables))


def _steps(institution: Institution) -> Step:
    def step(noun: str, work: Callable[[], object]) -> None:
        began = time.monotonic()
        work()
        institution.say(f"  {noun} ({time.monotonic() - began:.1f} s)")

    return step
