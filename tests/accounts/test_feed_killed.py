"""Feed runs that are killed (SIGKILL), run twice at once, or race with people and new accounts lose and overwrite
nothing."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts import tasks
from accounts.feed.operations import compare
from accounts.feed.operations.runs import approve_feed_run, start_feed_run
from accounts.feed.operations.work import ATTEMPTS, import_lock, work_on_waiting_runs
from accounts.models import Enrolment, FeedChange, FeedRun, FeedSource, FeedState, Role, User
from accounts.operations.profile import update_profile
from accounts.operations.signals import course_completed
from foundation.outcomes.refusals import Refused
from tests.accounts.feed_files import check, feed, file_of, numbers, person, reasons, someone
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 8000


def importing(path: Path) -> subprocess.Popen[bytes]:
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    env = os.environ | {"DATABASE_URL": database.geturl(), "DJANGO_SETTINGS_MODULE": "careerconnect.settings.test"}
    command = [sys.executable, "manage.py", "import_people", str(path)]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def wait_for(happened: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while not happened():
        assert process.poll() is None, process.stderr.read().decode()[-2000:]
        assert time.monotonic() < until
        time.sleep(0.005)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kills the process and waits until the server has noticed, because the lock ends with the connection."""
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stderr.close()
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            with import_lock():
                return
        except Refused:
            time.sleep(0.05)
    raise AssertionError("the lock of the killed process was never given up")


def in_a_thread(work: Callable[[], Any]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


class TestKilled:
    def test_a_run_killed_while_applying_resumes(self, tmp_path: Path) -> None:
        path = tmp_path / "feed.csv"
        path.write_bytes(file_of(*(person(n) for n in range(PEOPLE)), person(PEOPLE, level="?")))
        process = importing(path)
        wait_for(User.objects.exists, process)
        kill(process)
        there = User.objects.count()
        assert 0 < there < PEOPLE, "it was killed too late to show anything"
        assert there % compare.BATCH == 0
        assert Enrolment.objects.count() == there == FeedChange.objects.filter(applied_at__isnull=False).count()
        run = FeedRun.objects.get()
        assert run.state == FeedState.APPLYING
        work_on_waiting_runs()
        run.refresh_from_db()
        assert (run.state, numbers(run)) == (FeedState.APPLIED, (PEOPLE, 0, 0, 0, 1))
        assert User.objects.count() == Enrolment.objects.count() == PEOPLE
        assert FeedChange.objects.filter(applied_at__isnull=False).count() == PEOPLE

    def test_a_run_killed_while_reading_starts_again(self, tmp_path: Path) -> None:
        path = tmp_path / "feed.csv"
        path.write_bytes(file_of(*(person(n) for n in range(PEOPLE))))
        process = importing(path)
        wait_for(lambda: FeedRun.objects.filter(phase="reading").exists(), process)
        kill(process)
        assert FeedRun.objects.get().state == FeedState.CHECKING
        work_on_waiting_runs()
        run = FeedRun.objects.get()
        assert (run.state, run.counts["new"]) == (FeedState.CHECKED, PEOPLE)

    def test_a_run_killed_every_time_is_given_up(self) -> None:
        run = check(file_of(person(1)))
        FeedRun.objects.filter(pk=run.pk).update(state=FeedState.APPLYING, attempts=ATTEMPTS)
        work_on_waiting_runs()
        run.refresh_from_db()
        assert (run.state, "three times" in run.problem) == (FeedState.REFUSED, True)


class TestOneAtATime:
    def test_a_second_run_is_refused(self) -> None:
        start_feed_run(pieces=[file_of(person(1))], source=FeedSource.PAGE, by=None)
        taken: list[object] = []

        def other() -> None:
            taken.append(work_on_waiting_runs())
            try:
                with import_lock():
                    taken.append("in")
            except Refused as refused:
                taken.append(refused.code)

        with import_lock():
            in_a_thread(other).join()
        assert taken == [0, "feed_running"]
        assert work_on_waiting_runs() == 1

    def test_the_command_waits_for_its_turn_and_says_so(self, tmp_path: Path) -> None:
        path, said = tmp_path / "feed.csv", io.StringIO()
        path.write_bytes(file_of(person(1)))
        with import_lock():
            thread = in_a_thread(lambda: call_command("import_people", str(path), wait=60.0, stdout=said))
            until = time.monotonic() + 30
            while not said.getvalue():
                assert time.monotonic() < until
                time.sleep(0.01)
            assert "60 seconds" in said.getvalue()
            assert not FeedRun.objects.exists()
        thread.join()
        assert FeedRun.objects.get().state == FeedState.APPLIED

    def test_the_command_does_not_wait_for_ever(self, tmp_path: Path) -> None:
        path, stopped = tmp_path / "feed.csv", list[BaseException]()
        path.write_bytes(file_of(person(1)))

        def run() -> None:
            try:
                call_command("import_people", str(path), wait=0.3, stdout=io.StringIO())
            except CommandError as error:
                stopped.append(error)

        with import_lock():
            in_a_thread(run).join(30)
        assert [getattr(error, "returncode", None) for error in stopped] == [1]
        assert not FeedRun.objects.exists()

    def test_last_nights_file_follows_the_one_in_work(self, tmp_path: Path, settings: Any) -> None:
        settings.FEED_FILE = str(tmp_path / "feed.csv")
        (tmp_path / "feed.csv").write_bytes(file_of(person(1)))
        with import_lock():
            in_a_thread(tasks.import_nightly_feed).join()
            assert FeedRun.objects.get().state == FeedState.WAITING
        tasks.work_on_feeds()
        assert FeedRun.objects.get().state == FeedState.APPLIED

    def test_two_workers_and_one_file(self) -> None:
        run = check(file_of(*(person(n) for n in range(300))))
        approve_feed_run(run=run, by=None, accepts_large_change=False)
        workers = [in_a_thread(work_on_waiting_runs) for _ in range(4)]
        for worker in workers:
            worker.join()
        run.refresh_from_db()
        assert (run.state, run.attempts, run.counts["new"]) == (FeedState.APPLIED, 1, 300)


class TestRaces:
    @pytest.mark.policy("DATA-3")
    def test_changes_made_by_people_during_a_run_are_kept(self) -> None:
        feed(person(1))
        who = someone(1)
        saved, waiting = threading.Event(), threading.Event()

        def change() -> None:
            with transaction.atomic():
                update_profile(user=who, by=who, phone="+447700900999")
                saved.set()
                waiting.wait(5)
                time.sleep(0.3)

        thread = in_a_thread(change)
        saved.wait(5)
        run = check(file_of(person(1, phone="07700 900222", year_of_study="3")))
        assert run.counts["fields"] == {"phone": 1, "year_of_study": 1}
        approve_feed_run(run=run, by=None, accepts_large_change=True)
        waiting.set()
        work_on_waiting_runs()
        thread.join()
        assert someone(1).phone == "+447700900999"
        assert someone(1).enrolments.get().year_of_study == 3

    def test_an_account_added_during_a_run_refuses_only_its_person(self, monkeypatch: Any) -> None:
        """A receiver adds an account with that address during the first batch, as a colleague might."""
        monkeypatch.setattr(compare, "BATCH", 1)

        def meanwhile(**said: Any) -> None:
            if not User.objects.filter(email="p2@example.ac.uk").exists():
                UserFactory(email="p2@example.ac.uk", roles=[Role.ADVISER])

        course_completed.connect(meanwhile)
        try:
            run = feed(person(1, status="completed", completion="2026-07-08"), person(2), person(3))
        finally:
            course_completed.disconnect(meanwhile)
        assert numbers(run) == (2, 0, 0, 0, 1)
        assert list(reasons(run)) == ["3"]
        assert reasons(run) == reasons(feed(person(1), person(2), person(3))), "the lost race says what the check says"
        assert User.objects.get(email="p2@example.ac.uk").roles == [Role.ADVISER]

    def test_a_failing_receiver_undoes_the_whole_batch(self) -> None:
        feed(person(1), person(2))

        def fail(**said: Any) -> None:
            raise RuntimeError("no")

        run = check(file_of(person(1, status="completed", completion="2026-07-08"), person(2, year_of_study="3")))
        approve_feed_run(run=run, by=None, accepts_large_change=True)
        course_completed.connect(fail)
        try:
            with pytest.raises(RuntimeError):
                work_on_waiting_runs()
        finally:
            course_completed.disconnect(fail)
        assert someone(1).enrolments.get().status == "current"
        assert someone(2).enrolments.get().year_of_study == 2
        work_on_waiting_runs()
        run.refresh_from_db()
        assert (run.state, someone(1).roles) == (FeedState.APPLIED, [Role.GRADUATE])
