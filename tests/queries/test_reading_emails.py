"""What emails of real programs and strangers say; and reading any of them takes linear time (MAIL-1)."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.emails import MOST_TIMES, WORST, EmailFigures, took_ms
from queries.rules.charsets import clean, decode
from queries.rules.emails import MOST_TEXT, read_email, words_of_email
from queries.rules.markup import words_of
from queries.rules.mime import END_UNREAD
from queries.rules.quoting import parted
from tests.queries.odd_emails import ODD, multipart, part, text

pytestmark = [pytest.mark.policy("MAIL-1")]

SIZE = 125_000


def all_words(raw: bytes) -> str:
    said = read_email(raw)
    return words_of_email(said, len(raw), is_whole=len(raw) < 5_000_000) + "\n" + said.quoted


def can_be_saved(words: str) -> bool:
    """PostgreSQL accepts no NUL and no lone surrogate."""
    return "\0" not in words and not any("\ud800" <= sign <= "\udfff" for sign in words)


@pytest.mark.parametrize("name", ODD)
def test_the_text_is_extracted(name: str) -> None:
    raw, wanted = ODD[name]
    words = all_words(raw)
    assert [each for each in wanted if each not in words] == [], words[:500]
    assert can_be_saved(words)


@pytest.mark.parametrize("kind", WORST)
def test_twice_the_size_takes_about_twice_as_long(kind: str) -> None:
    made = WORST[kind]
    tries = []
    for _ in range(3):  # a slow moment of the machine is not a bug
        found = EmailFigures(kind, SIZE, (took_ms(made(SIZE)), took_ms(made(2 * SIZE)), took_ms(made(4 * SIZE))))
        tries.append(found)
        if found.times <= MOST_TIMES and found.ms[2] < 1000:
            return
    pytest.fail(f"{kind}: {[each.ms for each in tries]} ms")


@given(st.sampled_from(sorted(ODD)), st.integers(0, 2**32), st.integers(1, 40))
@settings(max_examples=400, deadline=None)
def test_mutated_emails_are_read_and_can_be_saved(name: str, seed: int, changes: int) -> None:
    said = read_email(mutated(ODD[name][0][:20_000], random.Random(seed), changes))
    kept = [said.message_id, said.sender, said.subject, said.text, said.quoted, *said.to, *said.attached, *said.unread]
    assert all(can_be_saved(each) for each in kept)
    assert len(said.message_id) <= 300
    assert len(said.sender) <= 254
    assert 0 < len(said.subject) <= 160


PIECES = (
    b"\0", b"\r\n", b"\n\n", b"--frontier\n", b"--frontier--", b"\xff\xfe", b"\xed\xa0\x80", b"=?utf-8?b?AA==?=",
    b"Content-Type: multipart/mixed; boundary=frontier\n", b"Content-Type: message/rfc822\n\n", b"; charset=utf-7",
    b"; charset=unicode_escape", b"\\ud800", b"<!--", b"<a '", b"&#0;", b"&#xd800;", b"(((", b'"', b"<", b">", b":",
    b"Content-Transfer-Encoding: base64\n", b"=?", b"\x1b$B", b"*0*=", b"%00", b"=00",
)  # fmt: skip


def mutated(raw: bytes, dice: random.Random, changes: int) -> bytes:
    """Changes, removes or doubles some bytes, and inserts pieces that confuse parsers."""
    found = bytearray(raw)
    for _ in range(changes):
        place = dice.randrange(len(found) + 1)
        match dice.randrange(4):
            case 0 if place < len(found):
                found[place] = dice.randrange(256)
            case 1:
                del found[place : place + dice.randrange(1, 60)]
            case 2:
                found[place:place] = found[place : place + dice.randrange(1, 200)]
            case _:
                found[place:place] = dice.choice(PIECES)
    return bytes(found)


class TestCharsets:
    @given(st.binary(max_size=300), st.sampled_from(["", "utf-8", "gbk", "utf-16", "iso-2022-jp", "utf-7", "zlib"]))
    @settings(max_examples=300, deadline=None)
    def test_any_bytes_by_any_label_become_words_that_can_be_saved(self, body: bytes, label: str) -> None:
        assert can_be_saved(clean(decode(body, label)))

    @pytest.mark.parametrize("label", ["unicode_escape", "raw_unicode_escape", "utf-7", "rot13", "zlib", "idna", "hex"])
    def test_pythons_other_codecs_are_not_charsets(self, label: str) -> None:
        assert decode(rb"a\x41 +AGE- uryyb", label) == r"a\x41 +AGE- uryyb"

    def test_joiners_stay_and_direction_characters_are_removed(self) -> None:
        assert clean("👩‍👧 می‌خواهم") == "👩‍👧 می‌خواهم"
        assert clean("a\u200e\u200f\u061c\u202a\u202e\u2066\u2069\ufeff\u200bb") == "ab"
        assert decode(b"Hello", "utf-8\udcff") == "Hello"
        assert clean("\ud83d\ude00 \ud83d \0\x07\u2028x") == "😀 � \nx"


class TestMarkup:
    @pytest.mark.parametrize(
        ("markup", "words"),
        [
            ("a < b and c > d", "a < b and c > d"),
            ("<p title='a > b'>Hello</p>", "Hello"),
            ("<p title=it's>Hello isn't</p>", "Hello isn't"),
            ("<div>One</div><div>Two<br></div><div><br></div><div>Three</div>", "One\nTwo\n\nThree"),
            ("<pre>a  b\nc</pre>d", "a  b\nc\n\nd"),
            ("<td>a</td><td>b</td>", "a b"),
            ("<SCRIPT>x</Script>Hello<style>y</style>", "Hello"),
            ("<script>Hello", "Hello"),
            ("<!-- x > y -->Hello", "Hello"),
            ("<!-- Hello", "<!-- Hello"),
            ("Hello <b", "Hello <b"),
            ("&lt;b&gt; &#65; &#x42; &#0; &#99999999999; &nope;", "<b> A B � � &nope;"),
            ("<img alt='A &amp; B'><img alt=''>", "A & B"),
        ],
    )
    def test_the_text_of_markup(self, markup: str, words: str) -> None:
        assert words_of(markup) == (words, False)

    def test_too_many_tags_are_cut_and_noted(self) -> None:
        words = all_words(text("tags", b"").replace(b"plain", b"html") + b"<b>x" * 210_000)
        assert END_UNREAD in words
        assert words.count("x") < 210_000
        assert END_UNREAD not in all_words(text("tags", b"").replace(b"plain", b"html") + b"<b>x" * 21)


class TestQuoting:
    @pytest.mark.parametrize(
        ("said", "quoted"),
        [
            ("Yes.", "On Monday Ann wrote:\n> Well?"),
            ("Yes.", "On Mon, 1 Jan 2026 at 10:00, Ann <\na@b.example> wrote:\n\n> Well?"),
            ("Ja.", "Am 01.01.2026 um 10:00 schrieb Ann:\n> Gut?"),
            ("Oui.", "Le 1 janvier 2026 à 10:00, Ann a écrit :\n> Bien ?"),
            ("Yes.", "-----Original Message-----\nFrom: Ann"),
            ("Yes.", "From: Ann\nSent: Monday\nTo: Ben\nSubject: Well?\n\nWell?"),
            ("Yes.", "> Well?\n\n> Well?"),
            ("Yes.\n> one\nNo.\n> two\nBye.", ""),
            ("From: here\nit looks good", ""),
            ("", "> all of it"),
            ("是的。", "在 2026年1月1日 10:00，Ann 写道：\n> 好吗？"),
            ("はい。", "2026年1月1日(木) 10:00 Ann <a@b.example>のメール:\n> いいですか"),
            ("Ja.", "-----Ursprüngliche Nachricht-----\nVon: Ann"),
            ("Ja.", "Von: Ann\nGesendet: Montag\nAn: Ben\nBetreff: Gut?\n\nGut?"),
            ("Sí.", "El 1 ene 2026, a las 10:00, Ann escribió:\n> ¿Bien?"),
            ("Sì.", "Il giorno 1 gen 2026, Ann ha scritto:\n> Bene?"),
            ("Ja.", "Op 1 jan. 2026 om 10:00 schreef Ann:\n> Goed?"),
            ("Yes.", "________________________________\nFrom: Ann"),
            ("On Monday I wrote to you.\nNo answer yet.", ""),
            ("Hello\n-- \nZoë\n07700 900123", ""),
            ("> you asked\nYes.\n\nI can come at 10.", ""),
            ("Two lines:\n\nfrom: Leeds\nto: York", ""),
            ("Yes, at 10.\n\nSent from my iPhone", ""),
        ],
    )
    def test_where_the_quotation_begins(self, said: str, quoted: str) -> None:
        assert parted(f"{said}\n\n{quoted}") == (said, quoted)


class TestWhatIsCut:
    def test_a_long_text_and_a_long_quotation_are_cut_and_noted(self) -> None:
        said = read_email(text("cut", b"a" * 30_000 + b"\n\nOn Monday Ann wrote:\n" + b"> b\n" * 20_000))
        for each in (said.text, said.quoted):
            assert MOST_TEXT < len(each) < MOST_TEXT + 100
            assert "Cut after 20,000 characters" in each

    def test_too_many_and_too_deep_parts_are_noted(self) -> None:
        many = multipart("many", "mixed", *[part("text/plain", b"x")] * 400)
        deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(50))
        for raw in (many, b"From: a@b.example\n" + deep + b"\n\nx"):
            assert len(read_email(raw).unread) == 1

    def test_the_last_of_many_recipients_counts_too(self) -> None:
        raw = b"From: a@b.example\nTo: " + b"somebody@example.net, " * 3000 + b"last@example.net\n\nx"
        assert "last@example.net" in read_email(raw).to

    def test_the_same_words_in_another_wrapping_are_the_same_content(self) -> None:
        one = multipart("same", "mixed", part("text/plain", b"Hello"), part("application/pdf", b"x"))
        assert read_email(one).content == read_email(one.replace(b"frontier", b"other")).content
        assert read_email(one).content != read_email(one.replace(b"\nx", b"\ny")).content
