from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from messaging.notices.colours import hex_colour
from messaging.notices.wording import compose_email, compose_text


@pytest.fixture(autouse=True)
def _templates(settings: Any, tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "hello.txt").write_text(
        '{% extends "messaging/layout.txt" %}\n{% block content %}Dear {{ name }},\n\n\n\nwelcome.\n{% endblock %}'
    )
    (folder / "hello.html").write_text(
        '{% extends "messaging/layout.html" %}{% block content %}<p>Dear {{ name }}</p>{% endblock %}'
    )
    (folder / "hello_text.txt").write_text("Dear {{ name }},\n  welcome to {{ brand.name }}.\n")
    templates = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}]
    settings.TEMPLATES = templates


def test_plain_text_is_not_escaped_and_html_is() -> None:
    composed = compose_email("letters/hello", "Hello", {"name": "O'Brien & <Co>"})
    assert "Dear O'Brien & <Co>," in composed.text
    assert "Dear O&#x27;Brien &amp; &lt;Co&gt;" in composed.html


def test_the_layout_says_who_writes_and_why(settings: Any) -> None:
    settings.BRAND = {**settings.BRAND, "name": "Careers Here", "primary": "#123456"}
    composed = compose_email(
        "letters/hello", "Hello", {"name": "Rea", "action_url": "https://a.example/x", "action_words": "Open it"}
    )
    for words in (composed.text, composed.html):
        assert "Careers Here" in words
        assert "https://a.example/x" in words
        assert "Open it" in words
        assert "service message" in words
    assert "#123456" in composed.html
    assert '<html lang="en-GB">' in composed.html
    assert composed.html.count("<h1") == 1
    assert "<script" not in composed.html


def test_no_run_of_empty_lines_is_left() -> None:
    assert "\n\n\n" not in compose_email("letters/hello", "Hello", {"name": "Rea"}).text


def test_the_signature_is_set_off_as_mail_programs_expect() -> None:
    assert "\n-- \n" in compose_email("letters/hello", "Hello", {"name": "Rea"}).text


def test_a_text_message_is_one_line() -> None:
    composed = compose_text("letters/hello_text.txt", {"name": "O'Brien"})
    assert composed.text == "Dear O'Brien, welcome to CareerConnect."


@pytest.mark.parametrize(
    ("colour", "as_hex"),
    [
        ("#A1B2C3", "#a1b2c3"),
        ("oklch(100% 0 0)", "#ffffff"),
        ("oklch(0% 0 0)", "#000000"),
        ("oklch(62.796% 0.25768 29.234)", "#ff0000"),
        ("rebeccapurple", "#3b2063"),
    ],
)
def test_brand_colours_become_what_mail_programs_know(colour: str, as_hex: str) -> None:
    assert hex_colour(colour) == as_hex
