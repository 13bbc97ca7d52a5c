"""People are searched for in one way: `accounts.selectors.finding`. Nobody else asks names, numbers or addresses."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.contrib.admin import ModelAdmin, site

from accounts.admin.finding import FindsPeople
from accounts.models import User
from tests.architecture.test_house import tracked
from tools.places import PACKAGES, ROOT

THE_ONE = {"accounts/selectors/finding.py", "accounts/models/user.py"}
PERSONAL = "given_name|family_name|preferred_name|university_id|phone|email|personal_email|search_text"
INEXACT = (
    "icontains|contains|istartswith|startswith|iendswith|endswith|iexact|iregex|regex|search|trigram_\\w+|unaccent\\w*"
)
LOOKUP = re.compile(rf"(?:\w+__)?(?:{PERSONAL})__(?:{INEXACT})")
IN_SQL = re.compile(rf"\b(?:{PERSONAL})\b\W+(?:ILIKE|LIKE|SIMILAR|~)", re.IGNORECASE)


def lookups(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        name = node.arg if isinstance(node, ast.keyword) else node.value if isinstance(node, ast.Constant) else None
        if isinstance(name, str) and (LOOKUP.fullmatch(name) or IN_SQL.search(name)):
            yield f"{path.relative_to(ROOT)}:{node.lineno}: {name[:60]}"


def test_nobody_else_searches_for_people() -> None:
    files = [path for app in PACKAGES for path in tracked(f"{app}/*.py") if "migrations" not in path.parts]
    others = [path for path in files if str(path.relative_to(ROOT)) not in THE_ONE]
    assert [found for path in others for found in lookups(path)] == []


def test_the_search_boxes_of_the_admin_ask_there_too() -> None:
    """Whatever box of the admin names a field of people; and every other admin of people or rows about them."""
    by_names = [
        admin
        for admin in site._registry.values()
        if isinstance(admin, ModelAdmin) and re.search(rf"\b(?:\w+__)?(?:{PERSONAL})\b", " ".join(admin.search_fields))
    ]
    assert [type(admin).__name__ for admin in by_names if not isinstance(admin, FindsPeople)] == []
    assert isinstance(site._registry[User], FindsPeople)
    assert len(by_names) >= 4
