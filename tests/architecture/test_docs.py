"""The files and settings that the documentation names exist."""

import re
from pathlib import Path

import pytest

from tests.architecture.test_house import ROOT, tracked

PAGES = [*tracked("docs/*.md"), ROOT / "README.md"]
FILE = re.compile(r"`((?:[\w-]+/)+[\w.-]+\.(?:py|html|md|yaml|txt|toml))(?=[:`])")


@pytest.mark.parametrize("document", PAGES, ids=lambda each: each.name)
def test_every_file_that_a_page_names_is_there(document: Path) -> None:
    """Paths are relative to the project's root, or to the app's folder or `tests/` if the page is about one of them."""
    there = [f"/{path.relative_to(ROOT)}" for path in tracked("*")]
    named = sorted({found[1] for found in FILE.finditer(document.read_text())})
    assert [name for name in named if not any(path.endswith(f"/{name}") for path in there)] == []


READ_FROM_ENVIRONMENT = re.compile(r"""env\.\w+\(\s*["']([A-Z][A-Z0-9_]+)["']""")


def test_every_setting_that_is_read_from_the_environment_is_documented() -> None:
    read = {name for path in tracked("*.py") for name in READ_FROM_ENVIRONMENT.findall(path.read_text())}
    documented = (ROOT / "docs" / "installation.md").read_text()
    assert len(read) > 30
    assert sorted(name for name in read if name not in documented) == []
