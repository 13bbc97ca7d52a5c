"""The rules as a file: exporting, checking and importing it, and getting the same file back."""

from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from accounts.models import AuditEntry
from appointments.models import AppointmentType
from demo.seeding.audiences import seed_audiences
from eligibility.models import (
    AcademicPeriod,
    Activity,
    AllocationPolicy,
    Audience,
    Group,
    PeriodKind,
)
from eligibility.operations.schedule_rule import schedule_rule
from eligibility.selectors.audience_history import rule_on
from foundation.values.times import plain_day
from rulebook.file.export import document
from rulebook.file.problems import FileRefused
from rulebook.file.shape import read
from rulebook.file.text import from_text, to_text
from rulebook.management.commands.rules import DRY_RUN, NOTHING_NEW
from rulebook.operations.import_rules import import_rules, problems_here
from rulebook.operations.import_versions import BEGINS_TODAY, HELD_THEN
from tests.cast import Cast
from tests.factories import AllocationPolicyFactory, AppointmentTypeFactory, AudienceFactory, activity, period

pytestmark = pytest.mark.policy("ELIG-1")

HEAD = {"careerconnect_rules": 1}
CURRENT = {"course": {"status": ["current"]}}
ALL = (AppointmentType, AllocationPolicy, Audience, AcademicPeriod, Activity, Group)


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def bring(said: dict[str, Any], *, dry_run: bool = False) -> list[str]:
    return [str(each) for each in import_rules(file=read({**HEAD, **said}), by=None, dry_run=dry_run)]


def wrong(said: dict[str, Any]) -> list[str]:
    return [str(problem) for problem in problems_here(read({**HEAD, **said}))]


def audience(rule: Any = CURRENT, **more: Any) -> dict[str, Any]:
    return {"slug": "clients", "name": "current students", "rule": rule, **more}


def versions(*rules: tuple[Any, Any]) -> dict[str, Any]:
    said = audience()
    del said["rule"]
    return {**said, "rules": [{"from": str(first), "rule": rule} for first, rule in rules]}


def a_type(**fields: Any) -> dict[str, Any]:
    needed = {"slug": "advice", "name": "Advice", "summary": "Advice.", "audience": "clients", "minutes": 20}
    return {**needed, "modes": ["online"], **fields}


@pytest.fixture
def lively(cast: Cast) -> Cast:
    """Something of everything, including details that are easily lost."""
    Group.objects.create(slug="aspire", name="the Aspire programme")
    activity("cv-essentials")
    period(PeriodKind.SEMESTER, date(2026, 9, 21), date(2027, 1, 23), "Semester: 1 – “autumn”")
    period(PeriodKind.TERM, date(2026, 9, 21), date(2026, 12, 12), "yes")
    research = AudienceFactory(slug="research", rule={"course": {"level": ["postgraduate_research"]}})
    schedule_rule(audience=research, rule={}, effective_from=in_days(3), by=cast.administrator, note="It ends: 17:30.")
    schedule_rule(
        audience=research,
        rule={"all": [{"group": "aspire", "name": "x"}, {"activity": "cv-essentials", "completed": True}]},
        effective_from=in_days(9),
        by=cast.administrator,
    )
    AppointmentTypeFactory(
        slug="advice",
        audience=research,
        policies=[AllocationPolicyFactory(slug="b", audience=research), AllocationPolicyFactory(slug="a")],
        release_time=time(17, 30),
        release_working_days=3,
        description="Two lines\r\nof an old browser.\n\n  And one set in.\n",
        topics=["CV: first draft", "null", "'"],
        questions=[{"key": "employer", "label": "Employer", "required": True}],
        document_wanted="# the advert",
        is_offered=False,
    )
    return cast


@pytest.mark.parametrize("as_json", [False, True])
def test_exporting_and_importing_gives_the_same_bytes(lively: Cast, as_json: bool) -> None:
    text = to_text(document(), as_json=as_json)
    for model in ALL:
        model.objects.all().delete()
    assert to_text(document(), as_json=as_json) != text
    again = read(from_text(text, as_json=as_json))
    import_rules(file=again, by=None)
    assert to_text(document(), as_json=as_json) == text
    with CaptureQueriesContext(connection) as queries:
        document()
    assert len(queries) == 10
    written = AuditEntry.objects.count()
    assert import_rules(file=again, by=None) == []
    assert AuditEntry.objects.count() == written


def test_the_demonstration_survives_export_and_import(db: None) -> None:
    seed_audiences()
    text = to_text(document(), as_json=False)
    for model in ALL:
        model.objects.all().delete()
    import_rules(file=read(from_text(text, as_json=False)), by=None)
    assert to_text(document(), as_json=False) == text


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(said=st.dictionaries(st.text(), values, max_size=4), as_json=st.booleans())
def test_any_text_survives_export_and_import(said: dict[str, Any], as_json: bool) -> None:
    assert from_text(to_text(said, as_json=as_json), as_json=as_json) == said


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("17:30", "17:30"),
        ("2026-10-03", "2026-10-03"),
        ("yes", "yes"),
        ("no", "no"),
        ("012", "012"),
        ("1_000", "1_000"),
        ("0x1f", "0x1f"),
        ("12", 12),
        ("true", True),
        ("null", None),
    ],
)
def test_yaml_values_have_no_surprising_types(text: str, value: object) -> None:
    assert from_text(f"a: {text}", as_json=False) == {"a": value}


@pytest.mark.parametrize(
    ("text", "as_json", "sentence"),
    [
        ("a: 1\na: 2", False, "“a” stands twice"),
        ("a: &x [1]\nb: *x", False, "Anchors and aliases"),
        ("a: [", False, "cannot be read"),
        ("{", True, "cannot be read"),
        ("a: !!python/object:os.system {}", False, "cannot be read"),
        ("[" * 5000, True, "cannot be read"),
    ],
)
def test_what_cannot_be_read(text: str, as_json: bool, sentence: str) -> None:
    with pytest.raises(FileRefused, match=sentence):
        from_text(text, as_json=as_json)


def test_a_duplicate_json_key_is_refused() -> None:
    with pytest.raises(FileRefused, match="stands twice"):
        from_text('{"a": 1, "a": 2}', as_json=True)


@pytest.mark.parametrize(
    "said",
    [
        {"people": []},
        {"types": {}},
        {"types": [3]},
        {"audiences": [audience(), audience()]},
        {"audiences": [audience(colour=1)]},
        {"audiences": [{"slug": "clients", "rule": {}}]},
        {"audiences": [{"slug": "clients", "name": "x"}]},
        {"audiences": [{"slug": "no good", "name": "x", "rule": {}}]},
        {"audiences": [audience({"any": [{"everybody": True}, {"all": []}]})]},
        {"audiences": [audience({"all": [CURRENT, {"course": {"programme": ["alchemy"]}}]})]},
        {"audiences": [audience({"all": [CURRENT, {"none": [CURRENT]}]})]},
        {"audiences": [versions(("beginning", CURRENT), ("tomorrow", {}))]},
        {"audiences": [versions(("2026-10-03", CURRENT), ("2026-10-02", {}))]},
        {"types": [a_type()]},
        {"audiences": [audience()], "types": [a_type(policies=["x"])]},
        {"types": [a_type(minutes="20")]},
        {"types": [a_type(minutes=3)]},
        {"types": [a_type(term_only="yes")]},
        {"types": [a_type(release_time="half past five")]},
        {"types": [a_type(release_time="17:30")]},
        {"types": [a_type(modes=["by owl"])]},
        {"types": [a_type(questions=[{"key": "x"}])]},
        {"policies": [{"slug": "p", "name": "P", "limit": 0, "period": "week"}]},
        {"policies": [{"slug": "p", "name": "P", "limit": 1, "period": "fortnight"}]},
        {"policies": [{"slug": "p", "name": "P", "limit": 1, "period": "rolling_days"}]},
        {"periods": [{"kind": "term", "name": "T", "first_day": "2026-10-03", "last_day": "2026-10-02"}]},
        {
            "periods": [
                {"kind": "term", "name": "A", "first_day": "2026-10-01", "last_day": "2026-10-31"},
                {"kind": "term", "name": "B", "first_day": "2026-10-31", "last_day": "2026-11-30"},
            ]
        },
    ],
)
def test_every_problem_says_where_it_is(db: None, said: dict[str, Any], snapshot: SnapshotAssertion) -> None:
    assert wrong(said) == snapshot
    with pytest.raises(FileRefused):
        bring(said)
    assert not any(model.objects.exists() for model in ALL)


def test_a_file_of_something_else(db: None) -> None:
    for said in (None, [], {"careerconnect_rules": 2}, "text"):
        assert "begins with" in str(problems_here(read(said))[0])


def test_all_problems_at_once_and_nothing_written(db: None) -> None:
    said = {"audiences": [audience({"magic": 1})], "types": [a_type(minutes="x", audience="nobody")], "x": []}
    assert len(wrong(said)) == 4
    with pytest.raises(FileRefused):
        bring({**said, "groups": [{"slug": "g", "name": "G"}]})
    assert not Group.objects.exists()


def test_what_the_file_brings_may_be_named_in_it(db: None) -> None:
    said = {
        "groups": [{"slug": "g", "name": "G"}],
        "activities": [{"slug": "score", "name": "the score", "kind": "score"}],
        "audiences": [audience({"any": [{"group": "g"}, {"activity": "score", "score_at_least": 70}]})],
    }
    assert bring(said) == ["groups.g: new", "activities.score: new", "audiences.clients: new"]


def test_periods_that_are_here_are_not_overlapped(db: None, snapshot: SnapshotAssertion) -> None:
    period(PeriodKind.TERM, date(2026, 9, 21), date(2026, 12, 12), "Autumn")
    said = {"periods": [{"kind": "term", "name": "B", "first_day": "2026-12-11", "last_day": "2027-01-01"}]}
    assert wrong(said) == snapshot


def test_a_dry_run_says_the_difference_and_writes_nothing(db: None) -> None:
    bring({"audiences": [audience()], "types": [a_type()]})
    said = {"audiences": [audience(name="whoever studies")], "types": [a_type(minutes=30, horizon_days=3)]}
    expected = ["audiences.clients: changed (name)", "types.advice: changed (minutes, horizon_days)"]
    assert bring(said, dry_run=True) == expected
    assert AppointmentType.objects.get().minutes == 20
    assert bring(said) == expected
    assert AppointmentType.objects.get().minutes == 30
    assert bring(said) == []


def test_omitted_values_are_defaults_and_unmentioned_objects_stay(db: None) -> None:
    bring({"audiences": [audience()], "types": [a_type(horizon_days=3), a_type(slug="other")]})
    assert bring({"audiences": [audience()], "types": [a_type()]}) == ["types.advice: changed (horizon_days)"]
    assert AppointmentType.objects.count() == 2


def test_future_rules_are_replaced_by_the_file(db: None) -> None:
    bring({"audiences": [audience()]})
    bring({"audiences": [versions(("beginning", CURRENT), (in_days(3), {}), (in_days(9), CURRENT))]})
    clients = Audience.objects.get()
    assert [rule_on(clients, in_days(days)) for days in (0, 3, 9)] == [CURRENT, {}, CURRENT]
    assert [clients.rule_on(in_days(days)) for days in (0, 3, 9)] == [CURRENT, {}, CURRENT]
    everybody = {"everybody": True}
    assert bring({"audiences": [versions(("beginning", CURRENT), (in_days(3), everybody))]}) == [
        "audiences.clients: changed (rule from {}, rule from {})".format(
            *(f"{day.day} {day:%B %Y}" for day in (in_days(3), in_days(9)))
        )
    ]
    clients.refresh_from_db()
    assert [Audience.objects.get().rule_on(in_days(days)) for days in (0, 3, 9)] == [CURRENT, everybody, everybody]
    bring({"audiences": [audience()]})
    assert Audience.objects.get().rule_on(in_days(9)) == CURRENT


@pytest.mark.parametrize(
    ("said", "path"),
    [
        (audience({}), "audiences.clients.rule"),
        (versions(("2020-01-01", CURRENT)), "audiences.clients.rules[0].rule"),
    ],
)
def test_past_rules_are_not_rewritten(db: None, said: dict[str, Any], path: str) -> None:
    bring({"audiences": [audience()]})
    (problem,) = wrong({"audiences": [said]})
    assert problem == f"{path}: {HELD_THEN}"
    assert Audience.objects.get().rule_on(in_days(0)) == CURRENT


def test_a_rule_missing_from_the_file_is_not_withdrawn(cast: Cast) -> None:
    bring({"audiences": [audience()]})
    clients = Audience.objects.get(slug="clients")
    schedule_rule(audience=clients, rule={}, effective_from=in_days(0), by=cast.administrator)
    (problem,) = wrong({"audiences": [audience()]})
    assert problem.startswith("audiences.clients.rule: ")
    assert f" {plain_day(in_days(0))}," in problem, "since when another one holds"
    assert not problem.endswith((HELD_THEN, BEGINS_TODAY))
    (problem,) = wrong({"audiences": [versions(("beginning", CURRENT), (in_days(0), CURRENT))]})
    assert problem == f"audiences.clients.rules[1].rule: {BEGINS_TODAY}"


def test_a_new_audience_may_include_past_rules(db: None) -> None:
    bring({"audiences": [versions(("2026-01-01", CURRENT), ("2026-06-01", {}))]})
    clients = Audience.objects.get()
    assert [rule_on(clients, date(2026, month, 1)) for month in (1, 5, 6)] == [CURRENT, CURRENT, {}]


def test_it_leaves_entries_in_the_trail(db: None) -> None:
    bring({"audiences": [audience()], "types": [a_type()]})
    bring({"audiences": [audience()], "types": [a_type(minutes=30)]})
    entries = AuditEntry.objects.order_by("pk").values_list("action", "subject", "subject_id", "details__fields")
    assert list(entries) == [
        ("added", "audience", "clients", ""),
        ("added", "appointment_type", "advice", ""),
        ("changed", "appointment_type", "advice", "minutes"),
    ]


@pytest.mark.parametrize("name", ["rules.yaml", "rules.json"])
def test_the_command(lively: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    path = tmp_path / name
    call_command("rules", "export", str(path))
    call_command("rules", "check", str(path))
    assert "Nothing is wrong" in capsys.readouterr().out
    AppointmentType.objects.filter(slug="advice").update(minutes=45)
    call_command("rules", "import", str(path), "--dry-run")
    said = capsys.readouterr().out
    assert "types.advice: changed (minutes)" in said
    assert said.splitlines()[-1] == DRY_RUN
    assert AppointmentType.objects.get(slug="advice").minutes == 45
    call_command("rules", "import", str(path))
    assert AppointmentType.objects.get(slug="advice").minutes == 30
    call_command("rules", "import", str(path))
    said = capsys.readouterr().out
    assert said.count("types.advice") == 1, "from the import before"
    assert said.splitlines()[-1] == NOTHING_NEW
    call_command("rules", "export")
    assert "careerconnect_rules: 1" in capsys.readouterr().out


def test_the_command_refuses_with_exit_code_1(db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text("careerconnect_rules: 1\ntypes:\n  - slug: x\n")
    for verb in ("check", "import"):
        with pytest.raises(CommandError, match="Nothing was changed") as refused:
            call_command("rules", verb, str(path))
        assert refused.value.returncode == 1
        assert "types.x.name: This is missing." in capsys.readouterr().err
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("rules", "check", str(tmp_path / "nowhere.yaml"))
