"""Fills an empty database with Northbridge University, or brings a filled one up to today."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from django.db import connection, transaction

from accounts.models import User
from appointments.models import Booking, DiaryBlock
from demo.seeding.absences import lay_reviews
from demo.seeding.audiences import lay_audiences
from demo.seeding.calendar import lay_calendar
from demo.seeding.coming import Coming, lay_time_out
from demo.seeding.diaries import AHEAD, BACK, lay_templates, publish
from demo.seeding.documents import lay_documents
from demo.seeding.feed import lay_feed
from demo.seeding.history import lay_history
from demo.seeding.institution import Institution
from demo.seeding.named_people import ADMINISTRATOR, ADVISER
from demo.seeding.person import Registrar
from demo.seeding.places import lay_places
from demo.seeding.programmes import lay_programmes
from demo.seeding.queries import lay_queries
from demo.seeding.retention import lay_retention
from demo.seeding.security import lay_security
from demo.seeding.situations import Situations
from demo.seeding.slots import Timetable
from demo.seeding.staff import lay_staff
from demo.seeding.students import lay_students
from demo.seeding.today import book_today, lay_blocks_today
from demo.seeding.tray import deliver_first_messages
from demo.seeding.types import lay_types
from demo.seeding.visitors import Visitors
from demo.seeding.wellbeing import lay_concerns


def is_filled() -> bool:
    return User.objects.filter(email=ADMINISTRATOR.email).exists()


def is_up_to_date(institution: Institution) -> bool:
    """The named adviser has appointments today."""
    return Booking.objects.filter(adviser__email=ADVISER.email, local_date=institution.today).exists()


def fill(institution: Institution) -> None:
    """All of it or nothing, then the first messages."""
    step = _steps(institution)
    with transaction.atomic():
        step("calendar, places and appointment types", lambda: lay_configuration(institution))
        step("people and programmes", lambda: lay_people(institution))
        step("diaries", lambda: lay_diaries(institution))
        visitors, timetable = Visitors(institution), Timetable(institution)
        step("two years of appointments", lambda: lay_history(institution, visitors, timetable))
        step("appointments to come", lambda: lay_future(institution, visitors, timetable))
        step("named people", lambda: Situations(institution).make_true())
        step("queries", lambda: lay_queries(institution))
        step("what absences came to", lambda: lay_reviews(institution))
        step("concerns", lambda: lay_concerns(institution))
        lay_time_out(institution)
        step("the student feed", lambda: lay_feed(institution))
        step("security cases", lambda: lay_security(institution))
    finish(institution, step)


def bring_up_to_today(institution: Institution) -> None:
    """Keeps everything; diaries reach a term ahead again, the next two weeks fill up, situations hold again."""
    institution = replace(institution, turn=Booking.objects.count())
    step = _steps(institution)
    with transaction.atomic():
        latest = DiaryBlock.objects.filter(template__isnull=False).order_by("-local_date").first()
        first = (latest.local_date if latest else institution.today) + timedelta(days=1)
        step("diaries", lambda: publish(institution, first, institution.today + AHEAD))
        lay_blocks_today(institution)
        visitors, timetable = Visitors(institution), Timetable(institution)
        step("appointments to come", lambda: lay_future(institution, visitors, timetable))
        step("named people", lambda: Situations(institution).make_true())
        step("queries", lambda: lay_queries(institution))
        step("what absences came to", lambda: lay_reviews(institution))
        step("concerns", lambda: lay_concerns(institution))
        step("security cases", lambda: lay_security(institution))
    finish(institution, step)


def lay_configuration(institution: Institution) -> None:
    lay_calendar(institution.today)
    lay_places(institution)
    lay_audiences()
    lay_types(institution)


def lay_people(institution: Institution) -> None:
    lay_programmes()
    registrar = Registrar(institution)
    lay_staff(registrar)
    lay_students(institution, registrar)


def lay_diaries(institution: Institution) -> None:
    lay_templates(institution)
    back = timedelta(days=28) if institution.small else BACK
    publish(institution, institution.today - back, institution.today + AHEAD)
    lay_blocks_today(institution)


def lay_future(institution: Institution, visitors: Visitors, timetable: Timetable) -> None:
    coming = Coming(institution, visitors, timetable)
    book_today(institution, coming)
    coming.book()
    coming.keep()


def finish(institution: Institution, step: Callable[[str, Callable[[], object]], None]) -> None:
    step("documents", lambda: lay_documents(institution))
    step("requests about data", lambda: lay_retention(institution))
    step("first messages", lambda: deliver_first_messages(institution))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _steps(institution: Institution) -> Callable[[str, Callable[[], object]], None]:
    def step(noun: str, work: Callable[[], object]) -> None:
        began = time.monotonic()
        work()
        institution.say(f"  {noun} ({time.monotonic() - began:.1f} s)")

    return step
