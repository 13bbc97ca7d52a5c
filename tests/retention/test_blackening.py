"""Names are blacked out in place, in any script and case."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retention.schedule.free_texts import DASHES
from retention.selectors.redactor import Redactor

LETTERS = st.one_of(st.sampled_from("ßẞsSİiıfﬁΐkKå"), st.characters(exclude_characters=DASHES))


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("ß Lee called", "Lee", f"ß {DASHES * 3} called"),
        ("ßßßßßßß Lee", "Lee", f"ßßßßßßß {DASHES * 3}"),
        ("Mr STRASSE wrote", "Straße", f"Mr {DASHES * 7} wrote"),
        ("Herr Straße wrote", "STRASSE", f"Herr {DASHES * 6} wrote"),
        ("Ann Lee Jones", "Lee Jones", f"Ann {DASHES * 9}"),
    ],
)
def test_a_word_is_blacked_out_at_its_own_place(text: str, words: str, shown: str) -> None:
    assert Redactor([words])(text) == shown


def test_names_that_overlap_are_both_blacked_out() -> None:
    assert Redactor(["Ann Lee", "Lee Jones"])("Ann Lee Jones") == DASHES * 13


@given(
    before=st.text(LETTERS, max_size=12), words=st.text(LETTERS, min_size=1, max_size=4),
    after=st.text(LETTERS, max_size=12),
)  # fmt: skip
@settings(max_examples=400)
def test_no_word_is_left_and_no_other_letter_is_lost(before: str, words: str, after: str) -> None:
    text = f"{before}{words}{after}"
    shown = Redactor([words])(text)
    assert words.casefold() not in shown.casefold()
    assert shown[len(before) : len(before) + len(words)] == DASHES * len(words)
    assert len(shown) == len(text)
    assert all(new in (old, DASHES) for old, new in zip(text, shown, strict=True))
