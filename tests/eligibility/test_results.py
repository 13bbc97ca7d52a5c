"""What students have done, sent as a file, by the command or by the API, through one operation."""

from __future__ import annotations

import csv
import io
import threading
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from syrupy.assertion import SnapshotAssertion

from accounts.models import AuditEntry, User
from accounts.operations.lock_people import lock_people
from eligibility.forms import ActivityForm
from eligibility.models import Activity, ActivityKind, ActivityResult
from eligibility.operations.read_result_file import example_results, import_results
from eligibility.operations.record_results import record_results
from eligibility.rules.activity_results import SentResult, undoes
from eligibility.selectors.activities import activity_standings
from eligibility.selectors.student_facts import student_context
from tests.appointments.api_cast import Program, problem
from tests.cast import Cast
from tests.factories import StudentFactory
from tests.page_parts import codes, fields_at_fault, told

pytestmark = [pytest.mark.django_db, pytest.mark.policy("ELIG-1")]
DAY = date(2026, 10, 3)


@pytest.fixture
def activities(db: None) -> dict[str, Activity]:
    made = [
        Activity(slug="cv-essentials", name="CV Essentials", kind=ActivityKind.COMPLETION),
        Activity(slug="cv-score", name="CV score", kind=ActivityKind.SCORE),
        Activity(slug="stars", name="Interview stars", kind=ActivityKind.SCORE, highest_score=5),
        Activity(slug="employer-sessions", name="Employer sessions", kind=ActivityKind.ATTENDANCE),
    ]
    return {activity.slug: activity for activity in Activity.objects.bulk_create(made)}


@pytest.fixture
def amara(activities: dict[str, Activity]) -> User:
    return StudentFactory(university_id="S1")


def row(activity: str, number: int = 0, who: str = "S1", **said: Any) -> SentResult:
    return SentResult(number=number, university_id=who, activity=activity, **said)


def counts(*rows: SentResult, dry_run: bool = False) -> dict[str, int]:
    return record_results(rows=rows, by=None, dry_run=dry_run).counts


def test_results_are_recorded_once_however_often_they_are_sent(amara: User) -> None:
    rows = [row("cv-essentials", completed_on=DAY), row("cv-score", 1, score=82), row("employer-sessions", 2, count=3)]
    assert counts(*rows) == {"new": 3, "changed": 0, "unchanged": 0, "refused": 0}
    assert counts(*rows) == {"new": 0, "changed": 0, "unchanged": 3, "refused": 0}
    assert counts(row("cv-score", score=85)) == {"new": 0, "changed": 1, "unchanged": 0, "refused": 0}
    standings = activity_standings(student_context(amara.pk).facts)
    found = {each.activity.slug: each.words for each in standings if each.words}
    assert found == {
        "cv-essentials": "complete since 3 October 2026",
        "cv-score": "85",
        "employer-sessions": "attended 3 times",
    }


def test_a_dry_run_says_the_same_and_writes_nothing(amara: User) -> None:
    rows = [row("cv-score", score=82), row("cv-essentials", 1)]
    tried = record_results(rows=rows, by=None, dry_run=True)
    assert tried.counts == {"new": 1, "changed": 0, "unchanged": 0, "refused": 1}
    assert not ActivityResult.objects.exists()
    assert not AuditEntry.objects.filter(action="results_recorded").exists()
    assert record_results(rows=rows, by=None).counts == tried.counts
    assert AuditEntry.objects.get(action="results_recorded").details == tried.counts


def test_values_missing_from_a_row_are_kept(amara: User) -> None:
    counts(row("cv-score", score=82, completed_on=DAY))
    counts(row("cv-score", score=90))
    assert amara.activity_results.get().completed_on == DAY


@pytest.mark.parametrize(
    "sent",
    [
        row("cv-score", score=80, who="S9"),
        row("yoga", count=1),
        row("cv-essentials"),
        row("cv-essentials", completed_on=DAY, score=3),
        row("employer-sessions", score=3),
        row("stars", score=6),
        row("cv-essentials", completed_on=timezone.localdate() + timedelta(days=1)),
    ],
)
def test_a_row_that_cannot_be_used_says_why(amara: User, sent: SentResult, snapshot: SnapshotAssertion) -> None:
    recorded = record_results(rows=[sent], by=None)
    assert [outcome.reason for outcome in recorded.refused] == snapshot
    assert not ActivityResult.objects.exists()


def test_the_same_person_and_activity_twice_is_refused_the_second_time(
    amara: User, snapshot: SnapshotAssertion
) -> None:
    recorded = record_results(rows=[row("cv-score", 2, score=60), row("cv-score", 3, score=80)], by=None)
    assert [outcome.reason for outcome in recorded.refused] == snapshot
    assert amara.activity_results.get().score == 60


EARLIER, LATER = DAY - timedelta(days=1), DAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("kind", "held", "sent", "undone"),
    [
        ("score", {"score": 82}, {"score": 60}, True),
        ("score", {"score": 82}, {"score": 82}, False),
        ("score", {"score": 82}, {"score": 90}, False),
        ("score", {"score": 82}, {"score": 60, "completed_on": DAY}, True),
        ("score", {"score": 82, "completed_on": DAY}, {"score": 60}, True),
        ("score", {"score": 82, "completed_on": DAY}, {"score": 60, "completed_on": EARLIER}, True),
        ("score", {"score": 82, "completed_on": DAY}, {"score": 60, "completed_on": DAY}, True),
        ("score", {"score": 82, "completed_on": DAY}, {"score": 60, "completed_on": LATER}, False),
        ("score", {"score": 82, "completed_on": DAY}, {"score": 82, "completed_on": EARLIER}, True),
        ("score", {"score": 82, "completed_on": DAY}, {"score": 82, "completed_on": LATER}, False),
        ("score", {"score": 82, "completed_on": DAY}, {"score": 90, "completed_on": EARLIER}, False),
        ("score", {"score": None}, {"score": 0}, False),
        ("attendance", {"count": 12}, {"count": 1}, True),
        ("attendance", {"count": 12}, {"count": 12}, False),
        ("attendance", {"count": 12}, {"count": 13}, False),
        ("completion", {"completed_on": DAY}, {"completed_on": EARLIER}, True),
        ("completion", {"completed_on": DAY}, {"completed_on": LATER}, False),
        ("completion", {"completed_on": None}, {"completed_on": EARLIER}, False),
    ],
)
def test_what_an_older_or_lower_result_undoes(
    kind: str, held: dict[str, Any], sent: dict[str, Any], undone: bool
) -> None:
    mine = Activity(slug="a", kind=kind)
    assert undoes(row("a", **sent), ActivityResult(**held), mine) == undone
    mine.lower_replaces = True
    assert not undoes(row("a", **sent), ActivityResult(**held), mine)


def test_an_older_file_does_not_undo_a_newer_one_unless_the_activity_says_so(amara: User) -> None:
    newer = [
        row("cv-score", score=82),
        row("employer-sessions", 1, count=12),
        row("cv-essentials", 2, completed_on=DAY),
    ]
    older = [
        row("cv-score", score=60),
        row("employer-sessions", 1, count=1),
        row("cv-essentials", 2, completed_on=EARLIER),
    ]
    counts(*newer)
    before = list(ActivityResult.objects.order_by("pk").values())
    assert counts(*older, dry_run=True)["refused"] == counts(*older)["refused"] == 3
    assert list(ActivityResult.objects.order_by("pk").values()) == before
    Activity.objects.filter(slug="cv-score").update(lower_replaces=True)
    assert counts(*older) == {"new": 0, "changed": 1, "unchanged": 0, "refused": 2}
    assert amara.activity_results.get(activity__slug="cv-score").score == 60


def test_one_file_of_results_writes_its_days_in_one_way(amara: User) -> None:
    StudentFactory(university_id="S2")
    rows = [
        "S1,cv-essentials,02/01/2026,,",
        "S2,cv-essentials,01/13/2026,,",
        "S1,cv-score,05/05/2026,70,",
        "S2,cv-score,,70,",
    ]
    body = HEADER + "".join(f"{line}\n" for line in rows)
    read = import_results(file=io.BytesIO(body.encode()), by=None, dry_run=False)
    assert (sorted(read.reasons), read.recorded.counts["new"]) == ([2, 3], 2)
    assert "Line 3" in read.reasons[2]
    assert not ActivityResult.objects.filter(activity__slug="cv-essentials").exists()


def test_rows_of_results_may_end_early(amara: User) -> None:
    StudentFactory(university_id="S2")
    rows = [f"{who};cv-essentials;2026-10-03" for who in ("S1", "S2")]
    lines = ["sep=;", HEADER.strip().replace(",", ";"), *rows, "S1;cv-score;;80", "S1", ""]
    read = import_results(file=io.BytesIO("\r\n".join(lines).encode()), by=None, dry_run=True)
    assert (read.recorded.counts["new"], sorted(read.reasons)) == (2, [5, 6]), "the last may be the rest of 5"


def test_staff_have_no_results(cast: Cast, activities: dict[str, Activity]) -> None:
    User.objects.filter(pk=cast.adviser.pk).update(university_id="T1")
    assert counts(row("cv-score", who="T1", score=80))["refused"] == 1


def test_queries_do_not_grow_with_rows(activities: dict[str, Activity]) -> None:
    for number in range(3):
        StudentFactory(university_id=f"S{number}")

    def asked(*rows: SentResult) -> int:
        with CaptureQueriesContext(connection) as queries:
            counts(*rows)
        return len(queries)

    assert (
        asked(row("cv-score", who="S0", score=1)) == 8
    )  # activities, savepoint, people, lock, held, write, audit, end
    assert asked(*(row("cv-score", n, who=f"S{n}", score=2) for n in range(3))) == 8


# The file.

HEADER = "university_id,activity,completed_on,score,count\n"
GOOD = HEADER + "S1,cv-essentials,03/10/2026,,\nS1,cv-score,,82.0,\n"
MIXED = GOOD + "S9,cv-score,,5,\nS1,stars,,many,\n"


def upload(client: Client, body: str) -> Any:
    return client.post(reverse("result_import"), {"file": SimpleUploadedFile("results.csv", body.encode())})


@pytest.fixture
def office(client: Client, cast: Cast, amara: User) -> Client:
    client.force_login(cast.administrator)
    return client


def test_result_import(office: Client, amara: User, snapshot: SnapshotAssertion) -> None:
    page = office.get(reverse("result_import")).content.decode()
    assert "CV Essentials" in page
    assert reverse("result_example_download") in page
    answer = upload(office, MIXED)
    counts = answer.context["checked"]["counts"]
    assert (counts["new"], counts["refused"]) == (2, 2)
    assert not told(answer)
    assert not amara.activity_results.exists()
    checked = answer.context["checked"]["form"].initial["checked"]
    refused = office.post(reverse("result_refused_download"), {"checked": checked})
    lines = list(csv.reader(io.StringIO(refused.content.decode("utf-8-sig"))))
    assert lines[0][-2:] == ["line", "reason"]
    assert lines[1:] == snapshot
    assert all(line[-1] in answer.content.decode() for line in lines[1:])
    answer = office.post(reverse("result_apply"), {"checked": checked}, follow=True)
    assert "Recorded: 2 new, 0 changed, 0 unchanged. 2 refused." in answer.content.decode()
    assert amara.activity_results.count() == 2
    assert AuditEntry.objects.get(action="results_recorded").actor is not None


def test_result_import_of_what_is_no_such_file(office: Client) -> None:
    for body, code in (("name\nS1\n", "file_unreadable"), ("", "empty")):
        answer = upload(office, body)
        assert (answer.status_code, fields_at_fault(answer)) == (422, ["id_file"])
        assert codes(answer) == {"file": [code]}
    (missing,) = upload(office, "name\nS1\n").context["form"].errors["file"]
    assert "university_id" in missing


def test_result_apply_takes_only_what_this_page_has_checked(office: Client, amara: User) -> None:
    checked = upload(office, GOOD).context["checked"]["form"].initial["checked"]
    for forged in (checked[:-3] + "abc", "nonsense", ""):
        answer = office.post(reverse("result_apply"), {"checked": forged})
        assert answer.status_code == 302
    assert not amara.activity_results.exists()


def test_the_pages_are_for_administrators(client: Client, cast: Cast) -> None:
    for person in (cast.student, cast.adviser, cast.manager):
        client.force_login(person)
        for name in ("result_import", "result_example_download"):
            assert client.get(reverse(name)).status_code == 404
        for name in ("result_import", "result_apply", "result_refused_download"):
            assert client.post(reverse(name)).status_code == 404


def test_the_page_asks_a_fixed_number_of_queries(office: Client, cast: Cast) -> None:
    def asked(body: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            upload(office, body)
        return len(queries)

    for number in (2, 3):
        StudentFactory(university_id=f"S{number}")
    one = asked(HEADER + "S1,cv-score,,5,\n")
    assert asked(HEADER + "".join(f"S{n},cv-score,,5,\n" for n in (1, 2, 3))) == one


def test_the_example_can_be_sent_in(office: Client) -> None:
    StudentFactory(university_id="S1000001")
    StudentFactory(university_id="S1000002")
    answer = upload(office, example_results().decode("utf-8-sig"))
    assert answer.context["checked"]["counts"] == {"new": 3, "changed": 0, "unchanged": 0, "refused": 0}


def test_the_command(amara: User, tmp_path: Path) -> None:
    file, out, bad = tmp_path / "results.csv", io.StringIO(), tmp_path / "bad.csv"
    file.write_text(MIXED)
    call_command("import_activity_results", str(file), "--dry-run", stdout=out)
    assert "Nothing was recorded" in out.getvalue()
    assert not amara.activity_results.exists()
    call_command("import_activity_results", str(file), "--bad-rows", str(bad), stdout=out)
    assert amara.activity_results.count() == 2
    lines = list(csv.DictReader(bad.read_text().splitlines()))
    assert [line["line"] for line in lines] == ["4", "5"]
    assert all(f"line {line['line']}: {line['reason']}" in out.getvalue() for line in lines)
    assert "has this university_id" in lines[0]["reason"]
    assert "a whole number" in lines[1]["reason"]
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_activity_results", str(tmp_path / "none.csv"))
    file.write_text("name\n")
    with pytest.raises(CommandError, match="missing"):
        call_command("import_activity_results", str(file))


# The API.

ADDRESS = "/activity-results/"
RESULTS = [
    {"university_id": "S1", "activity": "cv-score", "score": 82},
    {"university_id": "S9", "activity": "cv-score", "score": 82},
]


def test_a_program_sends_results(cast: Cast, amara: User) -> None:
    program = Program(cast.administrator)
    tried = program.post(ADDRESS, {"dry_run": True, "results": RESULTS})
    assert tried.status_code == 200
    assert not amara.activity_results.exists()
    answer = program.post(ADDRESS, {"results": RESULTS}).json()
    assert answer["counts"] == tried.json()["counts"] == {"new": 1, "changed": 0, "unchanged": 0, "refused": 1}
    assert answer["refused"] == [
        {
            "row": 1,
            "university_id": "S9",
            "activity": "cv-score",
            "reason": record_results(rows=[row("cv-score", who="S9", score=82)], by=None).refused[0].reason,
        }
    ]
    assert program.post(ADDRESS, {"results": RESULTS}).json()["counts"]["unchanged"] == 1


def test_a_program_sends_a_thousand_rows_and_not_one_more(cast: Cast, amara: User) -> None:
    program = Program(cast.administrator)
    rows = [{"university_id": f"S{n}", "activity": "cv-essentials", "completed_on": "2026-10-03"} for n in range(1000)]
    assert program.post(ADDRESS, {"results": rows}).json()["counts"]["refused"] == 999
    answer = problem(program.post(ADDRESS, {"results": [*rows, rows[0]]}), 422)
    assert "At most 1,000 rows" in answer["errors"][0]["message"]


def test_only_tokens_of_administrators_send_results(cast: Cast) -> None:
    for person in (cast.student, cast.adviser, cast.manager, cast.outsider):
        assert Program(person).post(ADDRESS, {"results": RESULTS}).status_code == 403
    assert Program(None).post(ADDRESS, {"results": RESULTS}).status_code == 401


def test_the_scale_of_an_activity(activities: dict[str, Activity]) -> None:
    form = ActivityForm({"name": "Stars", "slug": "five", "kind": "score", "highest_score": "101"})
    assert "highest_score" in form.errors
    with pytest.raises(IntegrityError, match="highest_score_of_an_activity"), transaction.atomic():
        Activity.objects.filter(slug="stars").update(highest_score=0)


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_lose_nothing() -> None:
    """One sends the day, the other the score.

    Both are kept, because the student is locked before the old row is read.
    """
    activity = Activity.objects.create(slug="cv-score", name="CV score", kind=ActivityKind.SCORE)
    student = StudentFactory(university_id="S1")
    counts(row("cv-score", score=10))

    def send() -> None:
        counts(row("cv-score", score=20))
        connection.close()

    other = threading.Thread(target=send)
    with transaction.atomic():
        lock_people(student)
        ActivityResult.objects.filter(student=student, activity=activity).update(completed_on=DAY)
        other.start()
        time.sleep(0.5)  # by now the other is waiting for the student's lock
    other.join()
    result = student.activity_results.get()
    assert (result.score, result.completed_on) == (20, DAY)
