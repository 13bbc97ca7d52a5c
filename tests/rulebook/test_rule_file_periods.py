"""Periods in the rules file: moving, leaving out and removing them."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import AuditEntry
from eligibility.models import AcademicPeriod, PeriodKind
from rulebook.file.problems import FileRefused
from rulebook.file.shape import read
from rulebook.file.text import to_text
from rulebook.management.commands.rules import NOT_IN_FILE
from rulebook.operations.import_rules import import_rules
from tests.factories import period
from tests.rulebook.test_rule_file import HEAD, bring, wrong

pytestmark = pytest.mark.policy("ELIG-1")


def test_a_file_moves_periods_by_their_slugs_and_two_can_change_places(db: None) -> None:
    def calendar(first: str, second: str) -> dict[str, Any]:
        days = {"autumn": ("2026-09-21", "2026-12-11"), "spring": ("2027-01-11", "2027-03-19")}
        named = (("one", first), ("two", second))
        fields = [{"slug": slug, "kind": "term", "name": slug, "days": days[when]} for slug, when in named]
        return {
            "careerconnect_rules": 1,
            "periods": [
                {**{name: each[name] for name in ("slug", "kind", "name")}, "first_day": each["days"][0],
                 "last_day": each["days"][1]}
                for each in fields
            ],
        }  # fmt: skip

    import_rules(file=read(calendar("autumn", "spring")), by=None)
    before = dict(AcademicPeriod.objects.values_list("slug", "pk"))
    differences = import_rules(file=read(calendar("spring", "autumn")), by=None)
    assert {each.path for each in differences} == {"periods.one", "periods.two"}
    assert dict(AcademicPeriod.objects.values_list("slug", "pk")) == before
    starts = {each.slug: str(each.during.lower) for each in AcademicPeriod.objects.all()}
    assert starts == {"one": "2027-01-11", "two": "2026-09-21"}
    assert import_rules(file=read(calendar("spring", "autumn")), by=None) == []
    wrong = calendar("autumn", "autumn")
    with pytest.raises(FileRefused):
        import_rules(file=read(wrong), by=None)
    assert {each.slug: str(each.during.lower) for each in AcademicPeriod.objects.all()} == starts


def test_a_period_without_a_slug_is_known_by_its_kind_and_first_day(db: None) -> None:
    said = {"kind": "term", "name": "Autumn", "first_day": "2026-09-21", "last_day": "2026-12-11"}
    file = {"careerconnect_rules": 1, "periods": [said]}
    import_rules(file=read(file), by=None)
    assert AcademicPeriod.objects.get().slug == "term-from-2026-09-21"
    assert import_rules(file=read(file), by=None) == []


AUTUMN = {"slug": "autumn", "kind": "term", "name": "Autumn", "first_day": "2026-09-21", "last_day": "2026-12-11"}


def test_a_period_that_a_file_leaves_out_stays_and_is_listed(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, slug in enumerate(("christmas", "easter"), start=1):
        period(PeriodKind.CLOSURE, date(2026, number, 1), date(2026, number, 9), slug)
        AcademicPeriod.objects.filter(name=slug).update(slug=slug)
    path = tmp_path / "rules.json"
    for said, listed in (({"periods": [AUTUMN]}, True), ({"groups": []}, False), ({"periods": []}, False)):
        path.write_text(to_text({**HEAD, **said}, as_json=True))
        call_command("rules", "import", str(path), "--dry-run")
        out = capsys.readouterr().out
        assert (NOT_IN_FILE in out, "christmas, easter." in out) == (listed, listed)
        call_command("rules", "import", str(path))
        assert AcademicPeriod.objects.filter(kind="closure").count() == 2
        capsys.readouterr()


def test_a_file_removes_a_period_only_by_saying_so(db: None) -> None:
    bring({"periods": [AUTUMN]})
    assert bring({"periods": [{**AUTUMN, "last_day": "2026-12-18"}]}) == ["periods.autumn: changed (last_day)"]
    gone = {"slug": "autumn", "removed": True}
    assert bring({"periods": [gone]}, dry_run=True) == ["periods.autumn: removed"]
    assert AcademicPeriod.objects.exists()
    other = {**AUTUMN, "slug": "michaelmas"}  # takes its days in the same file, and stands before it
    assert sorted(bring({"periods": [other, gone]})) == ["periods.autumn: removed", "periods.michaelmas: new"]
    assert list(AcademicPeriod.objects.values_list("slug", flat=True)) == ["michaelmas"]
    assert bring({"periods": [gone]}) == []
    entry = AuditEntry.objects.filter(action="deleted").get()
    assert (entry.subject_id, entry.details["from_file"]) == ("autumn", True)


@pytest.mark.parametrize(
    "said",
    [
        {"slug": "autumn", "removed": False},
        {"slug": "autumn", "removed": "yes"},
        {**AUTUMN, "removed": True},
        {"kind": "term", "first_day": "2026-09-21", "removed": True},
        {"removed": True},
    ],
)
def test_a_removal_that_says_anything_else_is_refused(db: None, said: dict[str, Any]) -> None:
    bring({"periods": [AUTUMN]})
    assert wrong({"periods": [said]})
    with pytest.raises(FileRefused):
        bring({"periods": [said]})
    assert AcademicPeriod.objects.filter(slug="autumn").exists()
    assert wrong({"groups": [{"slug": "x", "removed": True}]})
