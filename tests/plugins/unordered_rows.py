"""Gives unordered rows to the portal's code in reverse, so that no test passes by PostgreSQL's habit.

PostgreSQL promises no order without ORDER BY, but small tables usually come in the order of insertion. Reversed, not
shuffled, so that a test with two rows always fails. Rows that tests read themselves are not reversed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
from django.db.models import QuerySet

ROOT = str(Path(__file__).resolve().parents[2]) + "/"
NOT_THE_PORTALS = tuple(f"{ROOT}{place}/" for place in ("tests", "bench", ".venv"))
DJANGO = str(Path(django.__file__).parent) + "/"

fetch_all, iterator = QuerySet._fetch_all, QuerySet.iterator


def fetch_back_to_front(rows: QuerySet[Any]) -> None:
    is_new = rows._result_cache is None
    fetch_all(rows)
    if is_new and len(rows._result_cache) > 1 and not rows.ordered and _is_asked_by_the_portal():
        rows._result_cache.reverse()


def iterate_back_to_front(rows: QuerySet[Any], *args: Any, **kwargs: Any) -> Iterator[Any]:
    """Handles `iterator()`, which the choices of a form use."""
    found = iterator(rows, *args, **kwargs)
    return found if rows.ordered or not _is_asked_by_the_portal() else iter(list(found)[::-1])


def _is_asked_by_the_portal() -> bool:
    """Is the nearest caller outside Django the portal? This includes loops in templates rendered by its views."""
    frame = sys._getframe(2)
    while frame.f_back is not None and frame.f_code.co_filename.startswith((DJANGO, __file__)):
        frame = frame.f_back
    name = frame.f_code.co_filename
    return name.startswith(ROOT) and not name.startswith(NOT_THE_PORTALS)


QuerySet._fetch_all, QuerySet.iterator = fetch_back_to_front, iterate_back_to_front
