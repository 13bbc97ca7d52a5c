"""The benchmark's requests are all answered as it expects, with little data. Does not test speed."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import override_settings

from accounts.models import User
from appointments.models import Booking, DiaryBlock
from bench.eligibility import RuleFigures, rule_goals
from bench.events import insert_events
from bench.figures import Races, figure, goals, table
from bench.fill import fill
from bench.load import Load
from bench.queries import queries_of
from bench.scenarios import Scenario, Scenarios
from bench.servers import BARE
from foundation.values.times import local_day

ADVISERS, STUDENTS, PAST = 10, 80, 60
BARE_APP = override_settings(
    ROOT_URLCONF="bench.bare.urls",
    AUTHENTICATION_BACKENDS=["django.contrib.auth.backends.ModelBackend"],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [Path(__file__).parents[2] / "bench" / "bare" / "templates"],
            "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
        }
    ],
)


def asked() -> Scenarios:
    database = connection.settings_dict
    host = database["HOST"] or database["OPTIONS"].get("host", "")
    user = f"{database['USER']}:{database['PASSWORD']}".rstrip(":")
    url = f"postgres://{user}@/{database['NAME']}?host={host}" + (
        f"&port={database['PORT']}" if database["PORT"] else ""
    )
    return Scenarios(url, ADVISERS, STUDENTS, datetime.now(ZoneInfo("Europe/London")).date())


def answers(scenario: Scenario, wanted: int) -> None:
    request = next(scenario.requests())
    said = {"method": request.method, "path": request.path, "headers": request.headers, "body": request.body}
    found = queries_of([said])
    assert found["status"] == wanted, scenario.name
    assert 0 < found["queries"] < 20, scenario.name


@pytest.mark.django_db(transaction=True)
def test_the_bench_fills_and_every_request_of_it_is_answered() -> None:
    fill(ADVISERS, STUDENTS, PAST // 2)
    fill(ADVISERS, STUDENTS, PAST)
    assert User.objects.students().count() == STUDENTS
    assert Booking.objects.exclude(status="booked").count() == PAST
    assert Booking.objects.filter(status="booked").count() == STUDENTS / 2
    assert DiaryBlock.objects.filter(local_date__gt=local_day(Booking.objects.latest("pk").booked_at)).exists()
    assert Session.objects.exists()
    with connection.cursor() as cursor:
        insert_events(cursor, ADVISERS, STUDENTS, events=20, registrations=60)
    wanted = {"bare-post": 302, "book-page": 302, "book-api": 201, "event-register": 201}
    for scenario in asked().scenarios():
        if scenario.app == BARE:
            with BARE_APP:
                answers(scenario, wanted.get(scenario.name, 200))
        else:
            answers(scenario, wanted.get(scenario.name, 200))


def test_slow_rules_and_growing_queries_miss_their_goals() -> None:
    found = RuleFigures(3000, 150, 2000, {1: 3, 20: 3}, {"all": 9}, {"all": 40.0}, 5.0, 50_000)
    assert all(goal.reached for goal in rule_goals(found))
    slow = replace(found, decisions=900, queries={1: 3, 20: 22}, sql_ms={"all": 1400.0})
    assert not any(goal.reached for goal in rule_goals(slow))


def test_goals_are_computed_from_figures() -> None:
    slow, quick = Load(seconds=1, waits=[0.05] * 20), Load(seconds=1, waits=[0.01] * 100)
    figures = {"bare-post": figure("bare-post", "bare", quick, 0.2), "book-page": figure("book-page", "booking", slow)}
    assert "booking" in table(figures)
    assert figures["bare-post"].cpu == pytest.approx(2)
    assert not goals(figures, {}, [], Races())[0].reached
