"""`make check` refuses the forms that docs/words.md bans, wherever people read them, and says what to write."""

import pytest

from tools.banned_words import WORDS, banned_in, forms_in
from tools.places import ROOT

FORMS = forms_in(
    "# Words\n\n| whoever | anywhere | not this table |\n\n## Do not write\n\n"
    "| do not write | where | write instead |\n|---|---|---|\n"
    "| e-mail | anywhere | email |\n| those who | anywhere | people who |\n| Keep | on its own | Save |\n"
    "| This field is required. | anywhere | the field |\n"
)


def places(name: str, source: str) -> list[str]:
    return [line.partition(": write")[0] for line in banned_in(name, source, FORMS)]


def test_only_the_table_under_its_heading_is_read() -> None:
    assert [form.said for form in FORMS] == ["e-mail", "those who", "Keep", "This field is required."]


def test_a_page_without_the_table_is_an_error() -> None:
    with pytest.raises(ValueError, match="Do not write"):
        forms_in("# Words\n\n| e-mail | anywhere | email |\n")


def test_the_real_table_has_both_kinds_of_row() -> None:
    said = {form.said for form in forms_in((ROOT / WORDS).read_text())}
    assert {"e-mail", "This field is required.", "Keep"} <= said


def test_a_finding_names_place_form_and_what_to_write() -> None:
    assert list(banned_in("docs/a.md", "A\nan E-mail", FORMS)) == ["docs/a.md:2: “e-mail”: write email"]


@pytest.mark.parametrize(
    ("name", "source", "line"),
    [
        ("templates/a.html", "<p>\n  for those\n  who come</p>", 2),
        ("templates/a.html", '{# e-mail\n#}\n{% alert body="An e-mail" %}', 3),
        ("templates/a.txt", "Those who come", 1),
        ("queries/a.py", 'X = 1\nY = f"An {X} e-mail"\n', 2),
        ("queries/a.py", 'Y = (\n    "those "\n    "who"\n)\n', 2),
        ("static/src/a.js", 'show("Your e-mail")', 1),
        ("docs/a.md", "```\ncode\n```\nthose who", 4),
        ("docs/access.yaml", "# those who", 1),
        ("tests/wording/snapshots/a.txt", "# Page\nthose who", 2),
        ("tests/wording/snapshots/a.txt", "# Page\nName: This field is required.", 2),
    ],
)
def test_a_form_is_found_in_every_kind_of_place(name: str, source: str, line: int) -> None:
    assert [place.split(":")[1] for place in places(name, source)] == [str(line)]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("templates/a.html", "{# those who #}{% comment %}those who{% endcomment %}<!-- those who -->"),
        ("queries/a.py", '"""Those who."""\n\nX = 1\n"""Those who."""\n# those who\n'),
        ("static/src/a.js", "// those who\nf(); /* those who */"),
        ("docs/a.md", "`those who`\n```\nthose who\n```\n"),
        ("docs/a.md", "those whose e-mailing non-e-mail"),
    ],
)
def test_what_people_do_not_read_is_left_alone(name: str, source: str) -> None:
    assert places(name, source) == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("templates/a.html", "<button>\n  Keep\n</button>"),
        ("templates/a.html", '{% form_actions label="Keep" %}'),
        ("templates/a.html", "<b>Keep</b>"),
        ("queries/a.py", 'label = "Keep"'),
        ("docs/a.md", "Press “Keep”."),
        ("tests/wording/snapshots/a.txt", "A page\nKeep\nCancel"),
        ("tests/wording/snapshots/a.ambr", "    'Keep',"),
    ],
)
def test_a_label_is_found_on_its_own(name: str, source: str) -> None:
    assert [place.split(": ")[1] for place in places(name, source)] == ["“Keep”"]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("templates/a.html", "<p>Keep your documents</p>"),
        ("queries/a.py", 'code = "keep"'),
        ("templates/a.html", "Keep{# a comment #} your documents"),
        ("docs/a.md", "`a` Keep `b`"),
    ],
)
def test_a_word_in_a_sentence_is_no_label(name: str, source: str) -> None:
    assert places(name, source) == []
