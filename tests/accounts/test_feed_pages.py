"""The administrator's pages of the student feed, and their downloads."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import RestrictedError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from syrupy.assertion import SnapshotAssertion

from accounts.feed.operations.files import forget_feed_files
from accounts.feed.operations.runs import cancel_feed_run, start_feed_run
from accounts.feed.operations.work import work_on_waiting_runs
from accounts.feed.selectors import OTHER_FIRST, change_rows, progress_of
from accounts.feed.words import FIELDS
from accounts.models import AuditEntry, FeedChange, FeedFile, FeedRun, FeedSource, FeedState, User
from accounts.operations.forget import forget_feed_changes
from foundation.outcomes.refusals import Refused
from tests.accounts.feed_files import check, feed, file_of, person, someone
from tests.cast import Cast
from tests.factories import UserFactory
from tests.page_parts import alerts, codes, empty_states, fields_at_fault, told, told_codes

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Client, cast: Cast) -> Client:
    client.force_login(cast.administrator)
    return client


def get(client: Client, name: str, *args: str, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("no-store") or "no-store" in answer["Cache-Control"]
    return str(answer.content.decode())


def upload(client: Client, body: bytes, **data: Any) -> Any:
    return client.post(reverse("feed_run_create"), {"file": SimpleUploadedFile("feed.csv", body), **data})


class TestFeedRunList:
    def test_feed_run_list(self, office: Client) -> None:
        assert empty_states(office.get(reverse("feed_run_list"))) == 1
        run = feed(person(1))
        assert reverse("feed_run_detail", args=[run.public_id]) in get(office, "feed_run_list")

    def test_a_fixed_number_of_queries(self, office: Client, cast: Cast) -> None:
        def count() -> int:
            with CaptureQueriesContext(connection) as queries:
                get(office, "feed_run_list")
            return len(queries)

        feed(person(1))
        assert count() == 5  # session, person, count, runs with their people, policy
        for n in range(2):
            run = feed(person(1), person(2, family_name=f"N{n}"))
            FeedRun.objects.filter(pk=run.pk).update(started_by=UserFactory())
        assert count() == 5

    def test_feed_example_download(self, office: Client) -> None:
        answer = office.get(reverse("feed_example_download"))
        assert answer["Content-Disposition"] == 'attachment; filename="student-feed-example.csv"'
        assert answer.content.startswith(b"\xef\xbb\xbfuniversity_id,given_name")


def good_and_one_bad() -> list[dict[str, str]]:
    """Few enough refused that nobody is asked."""
    return [person(1), person(2, level="?"), *(person(n) for n in range(3, 13))]


class TestFeedRunCreate:
    def test_from_the_file_to_people(self, office: Client, cast: Cast) -> None:
        answer = upload(office, file_of(*good_and_one_bad()), adds_programmes="on")
        run = FeedRun.objects.get()
        detail = reverse("feed_run_detail", args=[run.public_id])
        assert answer["Location"] == detail
        assert (run.state, run.started_by, run.adds_programmes) == (FeedState.WAITING, cast.administrator, True)
        assert progress_of(run).words in get(office, "feed_run_detail", run.public_id)
        work_on_waiting_runs()
        shown = get(office, "feed_run_detail", run.public_id)
        run.refresh_from_db()
        assert run.state == FeedState.CHECKED
        assert 'id="next-title"' in shown, "what to do next"
        assert reverse("feed_run_apply", args=[run.public_id]) in shown
        assert "New programmes" in shown
        assert "BA History (BA-HIST), School of Humanities" in shown
        assert "1 row was refused" in shown
        assert not User.objects.filter(university_id="F0000001").exists()
        assert "Apply this file?" in get(office, "feed_run_apply", run.public_id)
        assert office.post(reverse("feed_run_apply", args=[run.public_id]))["Location"] == detail
        work_on_waiting_runs()
        run.refresh_from_db()
        assert run.state == FeedState.APPLIED
        assert alerts(office.get(detail))[0] == "success"
        assert someone(1).given_name == "Amara"
        actions = list(
            AuditEntry.objects.filter(subject_id=run.public_id).order_by("pk").values_list("action", "actor")
        )
        admin = cast.administrator.pk
        assert actions == [
            ("feed_started", admin), ("feed_checked", admin), ("feed_approved", admin), ("feed_applied", admin),
        ]  # fmt: skip
        assert "Amara" not in str(AuditEntry.objects.values_list("details", flat=True))

    def test_without_a_file(self, office: Client) -> None:
        answer = office.post(reverse("feed_run_create"))
        assert answer.status_code == 422
        assert fields_at_fault(answer) == ["id_file"]
        assert codes(answer) == {"file": ["required"]}
        assert upload(office, b"").status_code == 422

    def test_a_refused_file_says_why(self, office: Client) -> None:
        upload(office, b"name\nAmara\n")
        work_on_waiting_runs()
        run = FeedRun.objects.get()
        assert (run.state, "university_id" in run.problem) == (FeedState.REFUSED, True)
        assert run.problem in get(office, "feed_run_detail", run.public_id)


class TestFeedRunDetail:
    def test_the_difference_by_kind_and_field(self, office: Client) -> None:
        feed(person(1), person(2), person(3), person(4))
        run = check(file_of(person(1, family_name="Adeyemi"), person(2, year_of_study="3"), person(3), person(9),
                            person(5, level="?")))  # fmt: skip
        shown = get(office, "feed_run_detail", run.public_id)
        assert "Look twice" in shown
        assert "Family name" in shown
        assert "Amara Person1" in shown
        assert "from <b><bdi>Person1</bdi></b> to <b><bdi>Adeyemi</bdi></b>" in shown
        only = get(office, "feed_run_detail", run.public_id, show="changed", field="year_of_study")
        assert "Amara Person2" in only
        assert "Amara Person1" not in only
        assert "Amara Person9" in get(office, "feed_run_detail", run.public_id, show="new"), (
            "before the account is there"
        )
        assert "Amara Person4" in get(office, "feed_run_detail", run.public_id, show="leaver")
        (reason,) = run.changes.filter(kind="refused").values_list("reason", flat=True)
        assert reason in get(office, "feed_run_detail", run.public_id, show="refused")
        assert get(office, "feed_run_detail", run.public_id, show="nonsense", field="password", page="x")

    def test_from_what_to_what(self) -> None:
        done = {"status": "completed", "completion": "2026-07-08"}
        feed(person(1, preferred_name="Ama", programme_code="OLD"), person(1, preferred_name="Ama"), person(2))
        feed(
            person(2, year_of_study="3", phone="07700 900999", fee_status="overseas"),
            *(person(1, preferred_name="Ama", programme_code=code) for code in ("OLD", "BA-HIST")),
        )
        run = feed(
            person(1, preferred_name="", email="n@example.ac.uk", **done),
            person(1, preferred_name="", email="n@example.ac.uk", programme_code="NEW"),
            person(2, phone="", year_of_study="3"),
        )
        rows = {row.university_id: row for row in change_rows(run.changes.all())}
        one = {(each.label, each.course): (each.before, each.after) for each in rows["F0000001"].what}
        assert one == {
            (FIELDS["preferred_name"], ""): ("Ama", ""),
            (FIELDS["email"], ""): ("p1@example.ac.uk", "n@example.ac.uk"),
            (FIELDS["status"], "BA-HIST"): ("current student", "graduate"),
            (FIELDS["completion"], "BA-HIST"): ("", "8 July 2026"),
            (FIELDS["course_added"], "NEW"): ("", ""),
            (FIELDS["course_gone"], "OLD"): ("", ""),
        }
        two = {each.label: (each.before, each.after) for each in rows["F0000002"].what}
        assert two == {FIELDS["phone"]: ("", "changed"), FIELDS["fee_status"]: ("", "changed")}, "confidential"
        stored = str(list(FeedChange.objects.values_list("contents", flat=True)))
        assert not [each for each in ("7700", "overseas", "home") if each in stored]

    def test_what_was_before_is_deleted_with_the_file(self, office: Client) -> None:
        feed(person(1))
        run = feed(person(1, family_name="Adeyemi"))
        before = "from <b><bdi>Person1</bdi></b>"
        assert before in get(office, "feed_run_detail", run.public_id)
        FeedRun.objects.update(started_at=timezone.now() - timedelta(days=15))
        forget_feed_files()
        shown = get(office, "feed_run_detail", run.public_id)
        assert ("Family name" in shown, before in shown) == (True, False)
        assert set(map(str, FeedChange.objects.values_list("contents", flat=True))) == {"[]"}

    def test_no_more_queries_for_more_people(self, office: Client) -> None:
        def count(run: FeedRun) -> int:
            with CaptureQueriesContext(connection) as queries:
                get(office, "feed_run_detail", run.public_id, show="changed")
            return len(queries)

        feed(person(1), person(2), person(3))
        few = count(check(file_of(person(1, year_of_study="3"), person(2), person(3))))
        many = count(check(file_of(*(person(n, year_of_study="3") for n in (1, 2, 3)))))
        assert few == many <= 6

    def test_progress(self, office: Client) -> None:
        run = start_feed_run(pieces=[file_of(person(1))], source=FeedSource.PAGE, by=None)
        FeedRun.objects.update(state="applying", phase="applying", done=300, total=1200)
        shown = get(office, "feed_run_detail", run.public_id)
        assert 'value="25"' in shown
        assert "300 of 1200 people" in shown
        behind = start_feed_run(pieces=[file_of(person(2))], source=FeedSource.PAGE, by=None)
        assert progress_of(behind).words == OTHER_FIRST
        assert OTHER_FIRST in get(office, "feed_run_detail", behind.public_id)


class TestFeedRunApply:
    def test_a_large_difference_needs_confirmation(self, office: Client) -> None:
        feed(person(1), person(2))
        run = check(file_of(person(1)))
        url = reverse("feed_run_apply", args=[run.public_id])
        shown = get(office, "feed_run_apply", run.public_id)
        assert 'name="accepts_large_change"' in shown
        assert "1 is missing" in " ".join(shown.split())
        assert office.post(url).status_code == 422
        work_on_waiting_runs()
        assert someone(2).left_feed_on is None
        assert office.post(url, {"accepts_large_change": "on"}).status_code == 302
        work_on_waiting_runs()
        assert someone(2).left_feed_on is not None

    def test_applying_twice_applies_once(self, office: Client) -> None:
        run = feed(person(1))
        answer = office.post(reverse("feed_run_apply", args=[run.public_id]), follow=True)
        assert told(answer) == ["error"]
        assert told_codes(answer) == ["feed_not_checked"]
        assert office.get(reverse("feed_run_apply", args=[run.public_id])).status_code == 302


class TestFeedRunCancel:
    def test_feed_run_cancel(self, office: Client) -> None:
        run = check(file_of(person(1)))
        answer = office.post(reverse("feed_run_cancel", args=[run.public_id]), follow=True)
        assert "Nothing was changed" in answer.content.decode()
        assert not FeedFile.objects.exists()
        assert not FeedChange.objects.exists()
        assert get(office, "feed_run_detail", run.public_id)
        with pytest.raises(Refused):
            cancel_feed_run(run=feed(person(1)), by=User.objects.get(given_name="Ada"))


class TestFeedBadRowsDownload:
    def test_feed_bad_rows_download(self, office: Client, cast: Cast) -> None:
        run = feed(person(1, level="?"), person(2))
        answer = office.get(reverse("feed_bad_rows_download", args=[run.public_id]))
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert answer["Content-Disposition"].startswith('attachment; filename="refused-rows-')
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert "no-store" in answer["Cache-Control"]
        assert b"F0000001" in b"".join(answer.streaming_content)
        assert AuditEntry.objects.get(action="feed_rows_read").actor == cast.administrator

    def test_no_download_if_no_row_was_refused(self, office: Client) -> None:
        run = feed(person(1))
        assert office.get(reverse("feed_bad_rows_download", args=[run.public_id])).status_code == 404

    @pytest.mark.policy("DATA-4")
    def test_files_are_deleted_after_the_configured_days(self, office: Client) -> None:
        run = feed(person(1), person(2, level="?"))
        assert forget_feed_files() == 0
        undecided = check(file_of(person(1)))
        FeedRun.objects.update(started_at=timezone.now() - timedelta(days=14, minutes=1))
        assert forget_feed_files() == 2
        undecided.refresh_from_db()
        assert undecided.state == FeedState.CANCELLED
        assert not FeedFile.objects.exists()
        assert set(FeedChange.objects.values_list("university_id", flat=True)) == {"F0000001"}
        assert office.get(reverse("feed_bad_rows_download", args=[run.public_id])).status_code == 404
        shown = get(office, "feed_run_detail", run.public_id)
        assert reverse("feed_bad_rows_download", args=[run.public_id]) not in shown
        run.refresh_from_db()
        assert run.files_deleted_at
        assert f" {date_format(timezone.localtime(run.files_deleted_at))}.</p>" in shown, "on which day it was deleted"
        call_command("forget_feed_files")

    @pytest.mark.policy("DATA-4")
    def test_a_runs_records_about_a_person_are_deleted_with_the_person(self) -> None:
        feed(person(1))
        with pytest.raises(RestrictedError):
            someone(1).delete()
        forget_feed_changes([someone(1).pk])
        assert not FeedChange.objects.exists()


@pytest.mark.parametrize("who", ["student", "adviser", "manager", "front_desk", "outsider"])
def test_everybody_else_gets_a_404(client: Client, cast: Cast, who: str) -> None:
    run = check(file_of(person(1), person(2, level="?")))
    client.force_login(getattr(cast, who))
    for name in ("feed_run_list", "feed_run_create", "feed_example_download"):
        assert client.get(reverse(name)).status_code == client.post(reverse(name)).status_code == 404
    for name in ("feed_run_detail", "feed_run_apply", "feed_run_cancel", "feed_bad_rows_download"):
        url = reverse(name, args=[run.public_id])
        assert client.get(url).status_code == client.post(url).status_code == 404
    run.refresh_from_db()
    assert run.state == FeedState.CHECKED


class TestConfiguration:
    def test_the_last_run_is_shown(self, office: Client) -> None:
        url = reverse("configuration")
        answer = office.get(url)
        assert answer.context["feed"] is None
        waiting = set(answer.context["warnings"])
        feed(person(1), person(2))
        assert "2 new, 0 changed" in office.get(url).content.decode()
        check(file_of(person(1)))
        answer = office.get(url)
        assert answer.context["feed"].state == FeedState.CHECKED
        (said,) = [each for each in answer.context["warnings"] if each not in waiting and "feed" in each]
        assert said in answer.content.decode()

    def test_a_nightly_feed_that_does_not_come(
        self, office: Client, settings: Any, tmp_path: Any, snapshot: SnapshotAssertion
    ) -> None:
        url = reverse("configuration")
        settings.FEED_FILE = str(tmp_path / "feed.csv")
        first = office.get(url).context["warnings"]
        (tmp_path / "feed.csv").write_bytes(b"x")
        second = office.get(url).context["warnings"]
        feed(person(1))
        third = office.get(url).context["warnings"]
        assert [[each for each in said if each not in third] for said in (first, second, third)] == snapshot
        assert all(each in office.get(url).content.decode() for each in third)


class TestCommand:
    def run(self, body: bytes, tmp_path: Any, *words: str) -> str:
        (tmp_path / "feed.csv").write_bytes(body)
        out = tmp_path / "out.txt"
        with out.open("w") as stdout:
            call_command("import_people", str(tmp_path / "feed.csv"), *words, stdout=stdout)
        return str(out.read_text())

    def test_a_dry_run_says_the_difference_and_changes_nothing(self, tmp_path: Any) -> None:
        body = file_of(*good_and_one_bad())
        said = self.run(body, tmp_path, "--dry-run")
        assert "11 new" in said
        assert "1 row refused" in said
        assert "New programmes: BA History (BA-HIST)" in said
        assert not User.objects.exists()

    def test_it_applies_and_writes_the_refused_rows(self, tmp_path: Any) -> None:
        bad = tmp_path / "bad.csv"
        said = self.run(file_of(*good_and_one_bad()), tmp_path, "--bad-rows", str(bad))
        assert said.endswith("Applied.\n")
        assert "F0000002" in bad.read_text()
        assert someone(1)

    def test_a_large_change_exits_with_code_3(self, tmp_path: Any) -> None:
        self.run(file_of(person(1), person(2)), tmp_path)
        with pytest.raises(CommandError, match="--allow-large-change") as stopped:
            self.run(file_of(person(1)), tmp_path)
        assert stopped.value.returncode == 3
        assert someone(2).left_feed_on is None
        self.run(file_of(person(1)), tmp_path, "--allow-large-change")
        assert someone(2).left_feed_on is not None

    def test_other_exit_codes(self, tmp_path: Any) -> None:
        with pytest.raises(CommandError, match="missing"):
            self.run(b"name\nx\n", tmp_path)
        with pytest.raises(CommandError, match="No such file"):
            call_command("import_people", str(tmp_path / "absent.csv"))
        with pytest.raises(CommandError, match="Say which file"):
            call_command("import_people")

    def test_waiting_runs_are_processed_without_redis(self) -> None:
        run = start_feed_run(pieces=[file_of(person(1))], source=FeedSource.PAGE, by=None)
        said = io.StringIO()
        call_command("import_people", "--waiting", stdout=said)
        assert said.getvalue() == "1 taken up\n"
        run.refresh_from_db()
        assert run.state == FeedState.CHECKED

    def test_unknown_programmes_may_be_refused(self, tmp_path: Any) -> None:
        with pytest.raises(CommandError) as stopped:
            self.run(file_of(person(1)), tmp_path, "--refuse-unknown-programmes")
        assert stopped.value.returncode == 4
        assert not User.objects.exists()
