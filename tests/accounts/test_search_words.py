"""`search_words`, the SQL function through which the names that are stored and the words that are typed both go."""

import unicodedata

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

ALPHABETS = [
    sign
    for sign in map(chr, range(0x21, 0x3000))
    if unicodedata.category(sign)[0] == "L" and unicodedata.category(sign) != "Lm"
]


def spelled(text: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_words(%s)", [text])
        return str(cursor.fetchone()[0])


def test_every_letter_of_every_alphabet_leaves_something_to_search_by() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sign FROM unnest(%s) sign WHERE search_words(sign) = ''", [ALPHABETS])
        assert cursor.fetchall() == []


def test_no_sign_that_means_something_to_a_search_is_left() -> None:
    assert spelled("".join(map(chr, range(1, 0x30)))) == ""
    assert spelled(r"100% _ \ a") == "100 a"


def test_capitals_accents_and_composition_make_no_difference() -> None:
    with connection.cursor() as cursor:
        for change in (str.upper, lambda sign: unicodedata.normalize("NFD", sign)):
            signs = [sign for sign in ALPHABETS if change(sign).casefold() == sign.casefold() or change(sign) != sign]
            pairs = [[sign, change(sign)] for sign in signs if sign.upper().lower() == sign]
            cursor.execute(
                "SELECT a, b FROM unnest(%s, %s) pair (a, b) WHERE search_words(a) <> search_words(b)",
                [[a for a, _ in pairs], [b for _, b in pairs]],
            )
            assert cursor.fetchall() == []
