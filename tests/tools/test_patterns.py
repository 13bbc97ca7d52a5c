"""`make check` finds regular expressions that take more than linear time, including two we once had."""

from pathlib import Path

import pytest

from tools.patterns import Pattern, patterns_in, slow_text

SEARCHED = frozenset({"search", "sub"})
SLOW = (
    r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+",  # an address in a log: each letter starts another attempt
    r"(?<=[\w/])\?[^\s'\"<>)\]]+=[^\s'\"<>)\]]*",
    rb"\bstream\r?\n.*?endstream",
    rb"<w:attachedTemplate\b[^>]*(/>|>\s*</w:attachedTemplate>)",
    r"(a+)+b",
    r"\s*\s*$",
)
LINEAR = (
    r"[\w.+'-]{0,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}",
    r"(?<=[\w/])\?[^\s'\"<>)\]]+",
    r"\+\d[\d ]{7,16}\d",
    r"[abc]+",
)


@pytest.mark.parametrize("said", SLOW)
def test_a_slow_pattern_is_found(said: str | bytes) -> None:
    flags = said if isinstance(said, str) else b"(?s)" + said
    assert slow_text(Pattern(1, flags, SEARCHED)) is not None


@pytest.mark.parametrize("said", LINEAR)
def test_a_linear_pattern_is_not(said: str) -> None:
    assert slow_text(Pattern(1, said, SEARCHED)) is None


def test_patterns_used_with_match_are_tried_from_the_start() -> None:
    assert slow_text(Pattern(1, r"\s*x", SEARCHED)) is not None
    assert slow_text(Pattern(1, r"\s*x", frozenset({"match"}))) is None


def test_every_kind_of_call_is_read(tmp_path: Path) -> None:
    source = tmp_path / "source.py"
    source.write_text(
        "import re\nA = re.compile('a')\nB = re.compile('b')\nA.fullmatch('x')\nB.sub('', 'x')\n"
        "re.findall('c', 'x')\nRegexValidator('d')\nre_path('e', None)\nre.escape('f')\nother.compile('g')\n"
    )
    assert {(each.said, tuple(sorted(each.methods))) for each in patterns_in(source)} == {
        ("a", ("fullmatch",)),
        ("b", ("search", "sub")),
        ("c", ("search", "sub")),
        ("d", ("fullmatch",)),
        ("e", ("fullmatch",)),
    }
