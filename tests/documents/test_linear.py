"""Everything that reads uploads takes about twice the time for twice the input."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.uploads import DOCX, MOST_RATIO, PDF, UploadFigure, measured, seconds, upload_goals
from documents.rules.names import display_name
from documents.rules.uploads import may_take

pytestmark = pytest.mark.policy("DATA-3")
TRIES = 3
"""Another process may be using the processor's cache."""


@pytest.mark.parametrize("name", [*PDF, *DOCX])
def test_twice_the_input_takes_about_twice_the_time(name: str) -> None:
    require_linear(lambda: measured(name))


def require_linear(measure: Callable[[], UploadFigure]) -> None:
    found = [measure()]
    while found[-1].ratio > MOST_RATIO and len(found) < TRIES:
        found.append(measure())
    assert found[-1].ratio <= MOST_RATIO, found


def test_the_first_look_costs_the_same_for_any_size() -> None:
    """The web server does this check."""
    for start in (b"%PDF-1.7\n", b"PK\x03\x04", b"x"):
        content = start + b"(stream\n" * 600_000
        assert seconds(lambda content: may_take(content, "cv.pdf", 5), content) < 0.002


def test_a_name_costs_no_more_than_its_length() -> None:
    names = [b"/\\. <" * (20_000 * times) for times in (1, 2, 4)]

    def measure() -> UploadFigure:
        first, second, third = (seconds(lambda name: display_name(name.decode()), name) for name in names)
        return UploadFigure("names", 1, (first, second, third))

    require_linear(measure)


def test_the_goals_notice_quadratic_time() -> None:
    goals = upload_goals(
        [UploadFigure("quadratic", 1, (0.01, 0.04, 0.16)), UploadFigure("linear", 1, (0.01, 0.02, 0.04))]
    )
    assert [goal.reached for goal in goals] == [False, True]
