"""The files and settings that the documentation names exist."""

import re
from pathlib import Path

import pytest

from tests.architecture.test_house import ROOT, tracked

PAGES = [*tracked("docs/*.md"), ROOT / "README.md"]
DECISIONS = [page for page in tracked("docs/decisions/*.md") if page.name != "README.md"]
FILE = re.compile(r"`((?:[\w-]+/)+[\w.-]+\.(?:py|html|md|yaml|txt|toml))(?=[:`])")


@pytest.mark.parametrize("document", PAGES, ids=lambda each: each.name)
def test_every_file_that_a_page_names_is_there(document: Path) -> None:
    """Paths are relative to the project's root, or to the app's folder or `tests/` if the page is about one of them."""
    there = [f"/{path.relative_to(ROOT)}" for path in tracked("*")]
    named = sorted({found[1] for found in FILE.finditer(document.read_text())})
    assert [name for name in named if not any(path.endswith(f"/{name}") for path in there)] == []


LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("document", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda each: each.name)
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    links = LINK.findall(document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_page_is_reached_from_the_readme() -> None:
    """Step by step, by links alone."""
    reached, ahead = set(), [ROOT / "README.md"]
    while ahead:
        page = ahead.pop().resolve()
        if page.suffix == ".md" and page not in reached:
            reached.add(page)
            ahead += [page.parent / link for link in LINK.findall(page.read_text())]
    assert [page.name for page in tracked("docs/*.md") if page not in reached] == []


@pytest.mark.parametrize("document", DECISIONS, ids=lambda each: each.name)
def test_a_decision_has_its_three_parts_and_is_listed_by_its_title(document: Path) -> None:
    text = document.read_text()
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    number, title = re.findall(r"^# (\d+)\. (.+)$", text, re.MULTILINE)[0]
    assert f"| [{number}]({document.name}) | {title} |" in (document.parent / "README.md").read_text()


READ_FROM_ENVIRONMENT = re.compile(r"""env\.\w+\(\s*["']([A-Z][A-Z0-9_]+)["']""")


def test_every_setting_that_is_read_from_the_environment_is_documented() -> None:
    read = {name for path in tracked("*.py") for name in READ_FROM_ENVIRONMENT.findall(path.read_text())}
    documented = (ROOT / "docs" / "installation.md").read_text()
    assert len(read) > 30
    assert sorted(name for name in read if name not in documented) == []


FIGURES = re.compile(r"^\| ([^|]+) \| ([\d,]+) \| ([\d.]+) ms", re.MULTILINE)


def test_figures_of_scaling_are_those_of_the_benchmark() -> None:
    measured = {row.split(" | ")[0]: row.split(" | ") for row in (ROOT / "docs/bench.md").read_text().split("\n| ")}
    said = FIGURES.findall((ROOT / "docs/scaling.md").read_text())
    assert len(said) == 4
    for what, a_second, cpu in said:
        row = next(row for name, row in measured.items() if name.startswith(what))
        assert {a_second, cpu} <= {row[3], row[5]}, what
