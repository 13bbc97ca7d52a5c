"""A number of the policy is written once, in its setting or rule. No sentence that people read says it as a literal."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.test_house import ROOT, tracked
from tools.places import PACKAGES

NUMBER = r"\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|thirty"
UNIT = r"(?:working )?(?:minute|hour|day|week|month|year)s?|MB|devices?|documents?|appointments? count"
SAID = re.compile(rf"\b(?:{NUMBER}) (?:{UNIT})\b", re.IGNORECASE)
CODE = re.compile(r"{{.*?}}|{#.*?#}", re.DOTALL)
"""Tags stay, because their arguments are sentences."""

DEMONSTRATION = {"demo"}
"""Configuration of an invented institution, whose names of rules say their numbers."""

LAW = "set by law"
ALLOWED = {
    ("templates/retention/rights_request_detail.html", "two months"): LAW,
    ("retention/rules/clock.py", "two months"): LAW,
    ("retention/selectors/notice.py", "30 days"): LAW,
    ("templates/security/parts/breach.html", "72 hours"): LAW,
    ("security/operations/breaches.py", "72 hours"): LAW,
    ("security/forms.py", "72 hours"): LAW,
    ("templates/account/email/keep_access_message.txt", "two minutes"): "an estimate",
    ("portal/selectors/situations.py", "two minutes"): "an estimate",
    ("templates/accounts/keep_access.html", "two minutes"): "an estimate",
    ("accounts/policy/registry.py", "24 hours"): "the name of a setting",
    ("accounts/policy/registry.py", "five minutes"): "the name of a setting",
    ("accounts/policy/registry.py", "ten minutes"): "the name of a setting",
    ("accounts/models/sign_in.py", "five minutes"): "how often a time is written",
    ("accounts/operations/count_requests.py", "1 minute"): "SQL",
    ("appointments/selectors/changes.py", "24 hours"): "SQL; the day of the setting `booking_changes_a_day`",
    ("appointments/api/staff.py", "seven days"): "what the address shows",
    ("appointments/forms/staff.py", "one day"): "what the form does",
    ("appointments/serializers.py", "14 days"): "an example",
    ("appointments/management/commands/cancel_passed_holds.py", "five minutes"): "the schedule of a task",
    ("appointments/management/commands/tell_who_must_move.py", "five minutes"): "the schedule of a task",
    ("templates/appointments/block_create.html", "one day"): "what the page does",
    ("templates/appointments/staff_times.html", "two weeks"): "what the page shows",
    ("appointments/views/staff_book.py", "two weeks"): "what the page shows",
    ("appointments/models/appointment_type.py", "5 minutes"): "a constraint of the database",
    ("appointments/models/appointment_type.py", "8 hours"): "a constraint of the database",
    ("appointments/models/booking.py", "1 minute"): "a constraint of the database",
}


def sentences() -> Iterator[tuple[str, str]]:
    """Every literal that may be said: text of templates, and strings of the packages without docstrings."""
    for path in tracked("templates/*"):
        yield str(path.relative_to(ROOT)), CODE.sub(" ", path.read_text())
    for path in tracked("*.py"):
        name = path.relative_to(ROOT)
        if name.parts[0] in set(PACKAGES) - DEMONSTRATION and "migrations" not in name.parts:
            yield from ((str(name), text) for text in strings(path))


def strings(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text())
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node.value


def found() -> set[tuple[str, str]]:
    return {(name, hit.lower()) for name, text in sentences() for hit in SAID.findall(text)}


def test_no_sentence_has_a_number_of_its_own() -> None:
    assert found() - set(ALLOWED) == set()


def test_what_is_allowed_is_said() -> None:
    assert set(ALLOWED) - found() == set()


@pytest.mark.parametrize("text", ["within 14 days", "two years", "at most 5 MB", "3 working days"])
def test_a_literal_is_noticed(text: str) -> None:
    assert SAID.search(text)
