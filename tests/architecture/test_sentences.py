"""Few tests repeat a sentence of the product, and no more than today."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.asserted_sentences import Repeated, repeated, repeated_in_source

MOST = 112
"""What journeys press, fill and read by its text. Only ever lower this number."""

SENTENCE = "How the careers service works: the rules in force today."


def test_tests_repeat_few_sentences() -> None:
    found = repeated()
    assert len(found) <= MOST, "\n".join(map(str, found))


def test_no_sentence_is_repeated_outside_journeys() -> None:
    assert [str(each) for each in repeated() if "journeys" not in each.path.parts] == []


def found_in(source: str) -> list[Repeated]:
    return list(repeated_in_source(Path("test_x.py"), f"def test_x(page, answer):\n    {source}\n"))


@pytest.mark.parametrize(
    "source",
    [
        f"assert '{SENTENCE}' in page",
        f"assert page.startswith('{SENTENCE[:30]}')",
        f"page.get_by_text('{SENTENCE}').click()",
        f"page.get_by_role('link', name='{SENTENCE}')",
        f"expect(page).to_contain_text('{SENTENCE}')",
        f"with pytest.raises(ValueError, match='{SENTENCE}'): answer()",
    ],
)
def test_a_repeated_sentence_is_found(source: str) -> None:
    assert [each.test for each in found_in(source)] == ["test_x"]


@pytest.mark.parametrize(
    "source",
    [
        "assert answer.status_code == 422",
        "assert 'What nobody ever writes on pages' in page",
        f"answer.send('{SENTENCE}')",
        f"assert page, '{SENTENCE}'",
        "page.get_by_role('button', name='Save')",
    ],
)
def test_what_is_no_repeated_sentence(source: str) -> None:
    assert found_in(source) == []
