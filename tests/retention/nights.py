"""Nightly runs for tests: moves the clock and runs what beat and its worker would."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import time_machine
from django.db import connection

from accounts.models import Role, Status, User
from accounts.rules.policy import policy_in_force
from eligibility.rules.retention_dates import kept_until, last_end
from foundation.values.times import at
from retention.models import PurgeRun, RetentionWarning, RunState
from retention.operations.nights import start_nightly_run
from retention.operations.work import work_on_runs
from retention.schedule.clocks import PurgeDate, people_to_warn
from retention.selectors.dates import course_ends
from tests.clock import stop_database_clock
from tests.factories import EnrolmentFactory, StudentFactory


def night_of(day: date) -> datetime:
    """When beat starts that day's run: 03:45 UTC, whatever the local time."""
    return datetime.combine(day, time(3, 45), tzinfo=at(day, time.min).tzinfo)


@contextmanager
def on(day: date) -> Iterator[None]:
    """Moves Python's clock, and the database's in this test's transaction."""
    moment = night_of(day)
    stop_database_clock(moment)
    with time_machine.travel(moment):
        yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path TO DEFAULT")


def tell_in_time(day: date) -> None:
    """As if the nights before had told everybody of their last day in time: nobody is deleted otherwise."""
    night = PurgeDate(day, policy_in_force(day))
    people = list(people_to_warn(night))
    ends = course_ends([person.pk for person in people])
    for person in people:
        courses = ends[person.pk]
        until, ended_on = kept_until(courses, night.policy.retention_years, night.calendar), last_end(courses)
        assert until
        assert ended_on
        said = {"ended_on": ended_on, "warned_at": night_of(until - timedelta(days=60))}
        RetentionWarning.objects.update_or_create(person=person, kept_until=until, defaults=said)


def run_night(day: date, *, told: bool = True) -> PurgeRun:
    """Runs a whole night, however it ends. `told`: everybody has been told in time."""
    with on(day):
        if told:
            tell_in_time(day)
        run = start_nightly_run()
        assert run is not None
        work_on_runs()
    run.refresh_from_db()
    return run


def completed_night(day: date, *, told: bool = True) -> PurgeRun:
    run = run_night(day, told=told)
    assert run.state == RunState.COMPLETED, (run.state, run.phase, run.asks_because)
    assert run.left_over == 0
    assert run.problems == []
    return run


def leaver(completed_on: date | None, **fields: Any) -> User:
    """A graduate with one course, which began about three years before it was completed."""
    course = {
        "status": Status.COMPLETED if completed_on else Status.WITHDRAWN,
        "completed_on": completed_on,
        "started_on": (completed_on or date(2023, 1, 1)) - timedelta(days=1000),
    }
    return StudentFactory(roles=[Role.GRADUATE], course=course, **fields)


def stayers(number: int = 8) -> list[User]:
    """Students whose courses continue, so that one leaver is not a large share."""
    return [StudentFactory() for _ in range(number)]


def course_of(person: User, **fields: Any) -> Any:
    return EnrolmentFactory(student=person, **fields)


def is_here(person: User) -> bool:
    return User.objects.filter(pk=person.pk).exists()


def own_storages(settings: Any, folder: Path) -> None:
    """Stores documents, tombstones and copies in a folder of one test."""
    own = {}
    for alias in ("documents", "retention"):
        options = {**settings.STORAGES[alias]["OPTIONS"], "location": str(folder / alias)}
        own[alias] = {**settings.STORAGES[alias], "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, **own}
