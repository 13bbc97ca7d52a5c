"""One word, one meaning: docs/words.md."""

import ast
import re
from collections import defaultdict

from tests.architecture.test_house import ROOT, tracked

REPLACED = {
    "Ground": "LockedContext",
    "Beside": "ExtraColumn",
    "ApiDoor": "BaseAPIView",
    "FreshSignIn": "RecentAuthenticationRequired",
    "Letter": "OutboxEmail",
    "PageVerbs": "AllowedMethodsMiddleware",
    "Nudger": "TaskNudge",
    "one_at_a_time": "advisory_lock",
    "Wish": "TimeFilter",
    "Chosen": "ResolvedTime",
    "Named": "BookingTargets",
    "NOBODYS": "ALWAYS_SERVED",
    "opens_again": "was_active",
    "Blackener": "Redactor",
    "Night": "PurgeDate",
    "office_log": "admin_log",
    "Standing": "AccountStatus or AllocationBalance",
    "Sorry": "LauncherError",
}
"""Names that a newcomer could not look up, and the standard terms that replace them."""

METAPHORS = re.compile(r"\blay_\w+|\b(?:says|inside|errands|hints|keeping)\.py\b")
NAMES_OF_MIGRATIONS = {"Migration", "Command"}


def test_no_class_name_is_used_twice() -> None:
    found = defaultdict(list)
    for path in tracked("*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and node.name not in NAMES_OF_MIGRATIONS:
                found[node.name].append(str(path.relative_to(ROOT)))
    assert {name: paths for name, paths in found.items() if len(paths) > 1} == {}


def is_replaced(name: str) -> bool:
    return name in REPLACED or METAPHORS.fullmatch(name) is not None or "office_log" in name


def test_replaced_names_stay_away() -> None:
    """Checks names in code; sentences may still use these words."""
    back = []
    for path in tracked("*.py"):
        if "migrations" in path.parts or path.name == "test_names.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = [str(getattr(node, part, "")) for part in ("id", "attr", "name", "arg")]
            back += [f"{path.name}: {name}" for name in names if is_replaced(name)]
    assert back == []
    assert [path.name for path in tracked("*.py") if METAPHORS.search(path.name)] == []
