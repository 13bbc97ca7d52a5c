"""The published policy and the tests that prove it.

`pytest --policy ELIG-2` runs the tests of one statement; `pytest --policy-gaps` lists statements without a test. The
statements are in the mission; their ids are repeated here because tests need all of them.
"""

from __future__ import annotations

from collections import Counter

import pytest

STATEMENTS = (
    *(f"SEC-{n}" for n in range(1, 5)),
    *(f"DATA-{n}" for n in range(1, 7)),
    *(f"ELIG-{n}" for n in range(1, 4)),
    *(f"APPT-{n}" for n in range(1, 6)),
    "TEL-1",
    "MAIL-1",
    "CHAT-1",
    *(f"WEB-{n}" for n in range(1, 4)),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("policy")
    group.addoption("--policy", action="append", default=[], metavar="ID", help="only tests proving this statement")
    group.addoption("--policy-gaps", action="store_true", help="list the statements no test proves yet, and stop")


def statements_of(item: pytest.Item) -> set[str]:
    return {str(each) for marker in item.iter_markers("policy") for each in marker.args}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    unknown = {each for item in items for each in statements_of(item)} | set(config.getoption("policy"))
    unknown -= set(STATEMENTS)
    if unknown:
        raise pytest.UsageError(f"The policy has no statement {', '.join(sorted(unknown))}.")
    wanted = set(config.getoption("policy"))
    if wanted:
        kept = [item for item in items if statements_of(item) & wanted]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


def pytest_collection_finish(session: pytest.Session) -> None:
    if not session.config.getoption("policy_gaps"):
        return
    counted = Counter(each for item in session.items for each in statements_of(item))
    gaps = [each for each in STATEMENTS if not counted[each]]
    print(f"Policy statements with tests: {len(STATEMENTS) - len(gaps)} of {len(STATEMENTS)}.")
    print(f"Without a test yet: {', '.join(gaps) if gaps else 'none'}.")
    pytest.exit("listed", returncode=0)
