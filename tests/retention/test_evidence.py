"""Evidence of a night: numbers, chained digests, tombstones, and an alert when a night is missing."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from syrupy.assertion import SnapshotAssertion

from accounts.models import PolicySetting, Role, User
from accounts.operations.two_people import confirm_proposal
from appointments.models import Booking
from messaging.models import OutboxMessage
from queries.models import Query
from retention.models import PurgeCount, PurgeRun, RetentionWarning, RunState, Tombstones
from retention.operations.evidence import broken_link
from retention.operations.nights import ask_to_approve, start_dry_run, start_nightly_run, stop_run
from retention.operations.tombstones import are_tombstones_due, folder_of, replay_tombstones
from retention.operations.watch import watch
from retention.operations.work import ATTEMPTS, work_on_runs
from tests.cast import Cast
from tests.factories import EnrolmentFactory, StudentFactory, UserFactory, stored_booking
from tests.retention.everything import PAST
from tests.retention.nights import completed_night, is_here, leaver, on, run_night, stayers, tell_in_time
from tests.retention.test_boundaries import query_resolved

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-4")]

NIGHT = date(2026, 8, 1)


def test_digests_are_chained_and_reveal_any_change() -> None:
    stayers()
    first, second = completed_night(NIGHT), completed_night(NIGHT + timedelta(days=1))
    assert second.previous == first.digest
    assert first.previous == ""
    assert broken_link() is None
    said = StringIO()
    call_command("retention", "verify", stdout=said)
    assert said.getvalue().startswith("2 nights, each")
    for change in (
        lambda: PurgeRun.objects.filter(pk=first.pk).update(people_done=7),
        lambda: PurgeCount.objects.filter(run=first, key="notes").update(forgotten=9),
        lambda: PurgeRun.objects.filter(pk=first.pk).delete(),
    ):
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT before")
            change()
            assert broken_link() is not None
            with pytest.raises(CommandError, match=r"is not as .* sealed"):
                call_command("retention", "verify")
            cursor.execute("ROLLBACK TO before")
    assert broken_link() is None


def test_a_dry_run_counts_and_changes_nothing(cast: Cast) -> None:
    person = leaver(date(2023, 6, 10))
    stored_booking(person, cast.adviser, cast.type, cast.room, PAST, status="attended")
    query_resolved(StudentFactory(), date(2026, 1, 1))
    stayers()
    with on(NIGHT):
        tell_in_time(NIGHT)
        run = start_dry_run(by=None)
        work_on_runs()
    run.refresh_from_db()
    listed = {count.key: count.listed for count in run.counts.all() if count.listed}
    assert listed == {"appointments": 1, "courses": 1, "people": 1, "resolved_queries": 1, "rights": 1}
    assert (run.state, run.people_due) == (RunState.COMPLETED, 1)
    assert is_here(person)
    assert Booking.objects.count() == Query.objects.count() == 1
    assert not Tombstones.objects.exists()
    assert PurgeRun.objects.completed().count() == 0
    assert broken_link() is None


def test_a_night_has_one_run() -> None:
    with on(NIGHT):
        assert start_nightly_run() is not None
        assert start_nightly_run() is None


def test_approval_lets_a_large_night_go_on_and_stopping_does_not() -> None:
    officer = UserFactory(roles=[Role.INFORMATION_GOVERNANCE])
    person = leaver(date(2023, 6, 10))
    run = run_night(NIGHT)
    assert run.state == RunState.ASKING
    assert OutboxMessage.objects.filter(kind="retention.officer", recipient=officer).count() == 1
    with on(NIGHT):
        stop_run(run=run, because="A wrong file came in.", by=officer)
        work_on_runs()
    assert is_here(person)
    second = run_night(NIGHT + timedelta(days=1))
    with on(NIGHT + timedelta(days=1)):
        other = UserFactory(roles=[Role.INFORMATION_GOVERNANCE])
        confirm_proposal(proposal=ask_to_approve(run=second, by=officer), by=other)
        work_on_runs()
    second.refresh_from_db()
    assert (second.state, second.approved_by) == (RunState.COMPLETED, other)
    assert not is_here(person)


def test_an_unapproved_run_is_stopped_by_the_next_night() -> None:
    leaver(date(2023, 6, 10))
    first = run_night(NIGHT)
    second = run_night(NIGHT + timedelta(days=1))
    first.refresh_from_db()
    assert (first.state, second.state) == (RunState.STOPPED, RunState.ASKING)


def test_every_night_waits_for_approval_if_the_setting_says_so() -> None:
    PolicySetting.objects.create(key="retention_needs_approval", value=True, effective_from=date(2020, 1, 1))
    stayers()
    assert run_night(NIGHT).state == RunState.COMPLETED  # nobody is due
    leaver(date(2023, 6, 10))
    assert run_night(NIGHT + timedelta(days=1)).state == RunState.ASKING


def test_people_are_told_in_time_once_and_again_when_their_day_moves() -> None:
    person, later = leaver(date(2023, 6, 10)), leaver(date(2024, 6, 10))
    stayers()
    completed_night(date(2026, 5, 31), told=False)  # 61 days before
    assert not RetentionWarning.objects.exists()
    completed_night(date(2026, 6, 1), told=False)
    assert completed_night(date(2026, 6, 2), told=False).warned == 0
    warning = RetentionWarning.objects.get()
    assert (warning.person, warning.kept_until) == (person, date(2026, 7, 31))
    assert OutboxMessage.objects.filter(kind="retention.leaving").count() == 1
    course = EnrolmentFactory(
        student=person, status="completed", started_on=date(2024, 1, 8), completed_on=date(2025, 1, 10)
    )
    completed_night(NIGHT, told=False)
    assert is_here(person)
    completed_night(date(2027, 6, 1), told=False)
    completed_night(date(2028, 6, 1), told=False)
    assert set(RetentionWarning.objects.values_list("person", "kept_until")) == {
        (person.pk, date(2026, 7, 31)), (person.pk, date(2028, 7, 31)),
    }  # fmt: skip
    assert course.student_id == person.pk
    assert not is_here(later)


def test_a_restored_backup_forgets_again_before_it_is_ready(cast: Cast, snapshot: SnapshotAssertion) -> None:
    """A savepoint before the night acts as the backup; the tombstones are outside the database."""
    person, other = leaver(date(2023, 6, 10), public_id="abcdefghijkm"), leaver(date(2026, 6, 10))
    stored_booking(person, cast.adviser, cast.type, cast.room, PAST, status="attended")
    query = query_resolved(other, date(2026, 1, 1))
    stayers()
    assert not are_tombstones_due()
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT backup")
        completed_night(NIGHT)
        assert not are_tombstones_due()
        assert Client().get(reverse("health_ready")).status_code == 200
        cursor.execute("ROLLBACK TO backup")
    assert is_here(person)
    assert are_tombstones_due()
    answer = Client().get(reverse("health_ready"))
    assert (answer.status_code, answer.json()["retention"]) == (503, snapshot)
    said = StringIO()
    call_command("retention", "replay", stdout=said)
    assert said.getvalue() == snapshot
    assert not is_here(person)
    assert not Query.objects.filter(pk=query.pk).exists()
    assert is_here(other)
    assert Client().get(reverse("health_ready")).status_code == 200
    assert replay_tombstones() == (0, 0)


def test_tombstones_that_were_changed_are_not_applied(cast: Cast) -> None:
    person = leaver(date(2023, 6, 10))
    stayers()
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT backup")
        completed_night(NIGHT)
        name = Tombstones.objects.get().name
        cursor.execute("ROLLBACK TO backup")
    with storages["retention"].open(name) as file:
        said = json.loads(file.read())
    said["body"] = said["body"].replace(person.public_id, cast.student.public_id)
    storages["retention"].delete(name)
    storages["retention"].save(name, ContentFile(json.dumps(said).encode()))
    with pytest.raises(CommandError, match=r"is not as .* written"):
        call_command("retention", "replay")
    assert is_here(person)
    assert User.objects.filter(pk=cast.student.pk).exists()


def test_tombstones_of_a_batch_that_was_never_committed_are_dropped() -> None:
    """As after `kill -9` between writing the file and the commit."""
    stayers()
    with on(NIGHT):
        run = start_nightly_run()
    assert run is not None
    storages["retention"].save(f"{folder_of(run)}/000001.json", ContentFile(b"{}"))
    assert not are_tombstones_due()  # the run is known here and will handle it
    with on(NIGHT):
        work_on_runs()
    assert not storages["retention"].exists(f"{folder_of(run)}/000001.json")
    assert broken_link() is None
    assert not are_tombstones_due()


def test_a_night_without_a_completed_run_is_reported(cast: Cast) -> None:
    officer = UserFactory(roles=[Role.INFORMATION_GOVERNANCE])
    stayers()
    completed_night(NIGHT)
    health = reverse("health_retention")
    with on(NIGHT + timedelta(days=1)):
        assert watch() == 0
        assert Client().get(health).status_code == 200
    with on(NIGHT + timedelta(days=2)):
        answer = Client().get(health)
        assert (answer.status_code, answer.json()["status"]) == (503, "late")
        assert watch() == 1
        assert watch() == 1  # asked for again, and sent once
    assert OutboxMessage.objects.filter(kind="retention.officer", recipient=officer).count() == 1


def test_a_run_that_is_killed_each_time_has_failed_in_the_end() -> None:
    stayers()
    with on(NIGHT):
        run = start_nightly_run()
        assert run is not None
        PurgeRun.objects.filter(pk=run.pk).update(attempts=ATTEMPTS, state=RunState.RUNNING)
        work_on_runs()
        run.refresh_from_db()
        assert run.state == RunState.FAILED
        assert start_nightly_run() is not None  # the night can be started again


def test_the_command_tells_what_was_done(cast: Cast) -> None:
    leaver(date(2023, 6, 10))
    stayers()
    said = StringIO()
    with on(NIGHT):
        tell_in_time(NIGHT)
        call_command("retention", "dry-run", stdout=said)
        call_command("retention", "run", stdout=said)
        call_command("retention", "schedule", stdout=said)
    assert "1 of 11 people due, 0 deleted" in said.getvalue()
    assert "1 of 11 people due, 1 deleted" in said.getvalue()
    assert "queries: Queries." in said.getvalue()


def test_verifying_reports_people_whom_no_failure_explains() -> None:
    """One recorded failure does not excuse anybody else who should be gone."""
    noted, forgotten_about = leaver(date(2023, 6, 10)), leaver(date(2023, 6, 10))
    stayers()
    run = PurgeRun.objects.create(
        night=NIGHT, state=RunState.RUNNING, phase="verify", problems=[{"person": noted.public_id, "code": "23503"}]
    )
    with on(NIGHT):
        tell_in_time(NIGHT)
        work_on_runs()
    run.refresh_from_db()
    assert run.left_over == 3  # the other person's course, warning and account
    assert is_here(forgotten_about)
