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
from queries.rules.quoting import parted, reading
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
@settings(max_examples=400)
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
    @settings(max_examples=300)
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
            ("<tr><td>a<td>b<tr><th>c<th>d", "a b\nc d"),
            ("<label>Name</label><button>Ann</button><option>a<option>b", "Name Ann\na\nb"),
            ("<blockquote type=cite><p>a</p><pre>b\nc</pre></blockquote>d", "> a\n\n> b\n> c\n\nd"),
            ("<blockquote class='gmail_quote'>a<blockquote>b</blockquote>c</blockquote>d", "> a\n\n> b\n\n> c\n\nd"),
            ("<blockquote style='margin:0 0 0 40px'>a</blockquote></blockquote>b", "a\n\nb"),
        ],
    )
    def test_the_text_of_markup(self, markup: str, words: str) -> None:
        assert words_of(markup) == (words, False)

    def test_too_many_tags_are_cut_and_noted(self) -> None:
        words = all_words(text("tags", b"").replace(b"plain", b"html") + b"<b>x" * 210_000)
        assert END_UNREAD in words
        assert words.count("x") < 210_000
        assert END_UNREAD not in all_words(text("tags", b"").replace(b"plain", b"html") + b"<b>x" * 21)


LINES = (
    "", "> quoted", ">> deeper", "Yes, Tuesday.", "On Monday my tutor wrote:", "-- ", "Sent from my iPhone",
    "On 26/11/2026 09:12, Careers wrote:", "On Thu, 26 Nov 2026 at 09:12, Careers <", "careers@example.ac.uk> wrote:",
    "From: Careers", "Sent: Monday", "To: Ann", "Subject: CV", "-----Original Message-----", "The advert says:",
    "---------- Forwarded message ---------", "__________",
)  # fmt: skip


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
            ("On Monday my tutor wrote:\ntalk to Careers.\n\nMay I?", ""),
            ("On Monday my tutor wrote:\n> Talk to Careers.\n\nMay I?", ""),
            ("The advert closes at 17:00 and says:\n> £30,000", ""),
            ("Name:\n____________\nfor my referee", ""),
            ("From: Monday\nDate: not fixed\n\nI am away.", ""),
            ("My train:\n\nFrom: Leeds\nTo: York\nDate: 4 December\n\nCan I claim it?", ""),
        ],
    )
    def test_where_the_quotation_begins(self, said: str, quoted: str) -> None:
        assert parted(f"{said}\n\n{quoted}") == (said, quoted)

    def test_an_answer_below_is_shown_and_what_it_answers_is_the_rest(self) -> None:
        quoted = "On 26/11/2026 09:12, Careers wrote:\n> Which day?"
        assert parted(f"{quoted}\n\nTuesday.") == ("Tuesday.", quoted)
        assert parted(f"Hello\n\n{quoted}\nTuesday.") == (f"Hello\n\n{quoted}\nTuesday.", "")
        assert parted(f"{quoted}\nTuesday.\n> Where?\nOnline.") == (f"{quoted}\nTuesday.\n> Where?\nOnline.", "")

    @pytest.mark.parametrize("said", ["", "Sent from my iPhone", "-- \nAnn Example\nYear 3", "Get Outlook for iOS"])
    def test_where_nothing_would_be_left_everything_is_shown(self, said: str) -> None:
        whole = f"{said}\n\nOn 26/11/2026 09:12, Careers wrote:\n> Which day? TUESDAY".strip()
        assert reading([whole]) == (whole, "")

    def test_very_many_answers_between_quoted_lines_are_all_shown(self) -> None:
        whole = "> Which?\nThis.\n" * 3000 + "> Regards"
        assert parted(whole) == (whole, "")

    def test_a_forwarded_email_is_shown(self) -> None:
        old = "From: Acme\nSent: Monday\nTo: Ann\nSubject: Offer\n\nSend £50."
        assert reading([f"Genuine?\n\n{old}"]) == ("Genuine?", old)
        assert reading([f"Genuine?\n\n{old}"], is_forward=True) == (f"Genuine?\n\n{old}", "")

    @given(st.lists(st.sampled_from(LINES), max_size=14))
    @settings(max_examples=500)
    def test_every_line_is_either_shown_or_in_the_rest(self, lines: list[str]) -> None:
        """Nothing is lost, doubled or put into another order."""
        text = "\n".join(lines)
        for said, rest in (parted(text), reading([text])):
            found = sorted(line.strip() for line in f"{said}\n{rest}".split("\n") if line.strip())
            assert found == sorted(line.strip() for line in lines if line.strip())
        assert bool(reading([text])[0]) == bool(text.strip())


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
