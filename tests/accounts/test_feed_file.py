"""The file itself: encodings, delimiters, quoting, and every way in which a row can be wrong."""

from __future__ import annotations

import io
import unicodedata
from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.feed.columns import COLUMNS, REQUIRED
from accounts.feed.operations import files, runs
from accounts.feed.reading import FeedReader, FileUnreadable
from accounts.feed.rows import BadCell, day, usable_id
from accounts.feed.writing import example_file
from accounts.models import FeedState, User
from foundation.outcomes.refusals import Refused
from foundation.values.csv_files import harmless
from tests.accounts.feed_files import (
    NAMES,
    bad_rows,
    check,
    everything,
    feed,
    file_of,
    numbers,
    person,
    reasons,
    send_in,
    someone,
)

pytestmark = pytest.mark.django_db
TOMORROW = str(timezone.localdate() + timedelta(days=1))


MISSING = ", ".join(name for name in REQUIRED if name != "email") + "."


def lines(body: bytes) -> list[tuple[int, list[str]]]:
    return [(line.number, line.cells) for line in FeedReader(io.BytesIO(body))]


class TestReadingFeeds:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    @pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
    def test_the_usual_spellings_of_csv(self, delimiter: str, end: str, mark: bytes) -> None:
        body = mark + file_of(person(1, family_name="O'Neill,\tJr; of\nCork"), person(2), delimiter=delimiter, end=end)
        run = send_in(body)
        assert numbers(run) == (2, 0, 0, 0, 0)
        assert someone(1).family_name == "O'Neill, Jr; of Cork"
        assert run.report["delimiter"] == delimiter

    def test_line_numbers_are_those_of_the_file(self) -> None:
        body = (
            file_of(person(1, school="School\nof\nLaw"), person(2), end="\n") + b"\n\n" + file_of(person(3), end="\n")
        )
        found = [number for number, _ in lines(body)]
        assert found == [2, 5, 8, 9]

    def test_any_order_any_case_and_unknown_columns(self) -> None:
        names = ["Shoe size", *reversed(NAMES)]
        body = file_of({**person(1), "Shoe size": "39"}, names=names)
        body = body.replace(b"university_id", b"University ID").replace(b"given_name", b" Given-Name ")
        run = send_in(body)
        assert run.report["unknown_columns"] == ["Shoe size"]
        assert someone(1).given_name == "Amara"

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            (b"\n\n", "empty: its first line"),
            (b"name,email\nx,y\n", "Columns that must be there are missing: " + MISSING),
            (file_of(person(1)).decode().encode("utf-16"), "UTF-16"),
            (file_of(person(1)).replace(b"given_name", b"given_name,gr\xf6\xdfe"), "header of this file is not UTF-8"),
            (file_of(person(1), names=[*NAMES, "email"]), "Columns stand twice: email"),
            (file_of(person(1)) + b'S2,"Ben,Person2\nS3,Cleo\n', "From line 3 on this file cannot be read"),
            (file_of(), "not one row"),
        ],
    )  # fmt: skip
    def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(self, body: bytes, words: str) -> None:
        run = check(body)
        assert run.state == FeedState.REFUSED
        assert words in run.problem
        assert not User.objects.exists()

    def test_too_large_or_empty_is_refused_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with pytest.raises(Refused, match="empty"):
            check(b"")
        monkeypatch.setattr(files, "LARGEST", 100)
        monkeypatch.setattr(runs, "LARGEST", 100 * 1024 * 1024)
        with pytest.raises(Refused, match="larger than"):
            check(file_of(person(1)))

    def test_the_example_file_is_good(self) -> None:
        assert numbers(send_in(example_file())) == (1, 0, 0, 0, 0)
        assert User.objects.get().enrolments.count() == 2

    def test_a_name_in_one_of_its_spellings_is_the_same_name(self) -> None:
        apart = unicodedata.normalize("NFD", "Nguyễn")
        feed(person(1, family_name=apart), person(2, family_name="Шевченко"))
        assert (someone(1).family_name, someone(2).family_name) == ("Nguyễn", "Шевченко")
        assert numbers(feed(person(1, family_name="Nguyễn"), person(2, family_name="Шевченко")))[2] == 2


LATIN = "Müller".encode("latin-1")


class TestBadRows:
    @pytest.mark.policy("DATA-3")
    @pytest.mark.parametrize(
        ("said", "reason"),
        [
            ({"university_id": ""}, "university_id is empty"),
            ({"university_id": "has space"}, "university_id is empty, too long"),
            ({"university_id": "x" * 41}, "university_id is empty, too long"),
            ({"given_name": " "}, "The given_name is empty."),
            ({"given_name": "x" * 81}, "The given_name is longer than 80 characters."),
            ({"email": ""}, "The email is empty."),
            ({"email": "nobody"}, "The email is not an email address."),
            ({"email": "x" * 250 + "@example.ac.uk"}, "longer than 254"),
            ({"email": "é@example.ac.uk"}, "not an email address"),
            ({"family_name": "a\x00b"}, "NUL byte"),
            ({"family_name": "a\x1bb"}, "control characters"),
            ({"school": "x" * 121}, "The school is longer"),
            ({"programme_code": "two words"}, "programme code is made of"),
            ({"programme_name": ""}, "The programme_name is empty."),
            ({"level": "school"}, "The level is not one of undergraduate"),
            ({"level": ""}, "The level is empty."),
            ({"mode": "sometimes"}, "The mode is not one of"),
            ({"status": "asleep"}, "The status is not one of"),
            ({"fee_status": "mars"}, "The fee_status is not one of"),
            ({"year_of_study": "0"}, "year_of_study"),
            ({"year_of_study": "²"}, "year_of_study"),
            ({"start": ""}, "The start is empty."),
            ({"start": "2025-02-30"}, "The start is not a day"),
            ({"start": "09/15/2025"}, "The start is not a day"),
            ({"start": "1066-10-14"}, "The start is not between"),
            ({"start": "2999-10-14"}, "The start is not between"),
            ({"expected_end": "2024-01-01"}, "expected_end is before the start"),
            ({"expected_end": "2099-01-01"}, "more than 15 years"),
            ({"status": "completed"}, "the completion is empty"),
            ({"completion": "2026-07-08"}, "but the status is not completed"),
            ({"status": "completed", "completion": "2020-07-08"}, "completion is before the start"),
            ({"status": "completed", "completion": TOMORROW}, "still to come"),
            ({"placement_year": "perhaps"}, "neither yes nor no"),
        ],
    )
    def test_a_bad_row_has_its_reason(self, said: dict[str, str], reason: str) -> None:
        run = feed(person(1, **said), person(2))
        assert numbers(run)[0] == 1
        (row,) = bad_rows(run)
        assert reason in row["reason"]
        assert row["line"] == "2"
        kept = [value for value in said.values() if len(value) > 9 and value.strip()]
        assert not [value for value in kept if value in row["reason"]]
        assert not User.objects.exclude(university_id="F0000002").exists()

    def test_one_bad_row_holds_back_the_whole_person(self) -> None:
        feed(person(1), person(2))
        before = everything()
        rows = [
            person(1, family_name="New"),
            person(2),
            person(1, programme_code="MA", start="soon", family_name="New"),
        ]
        run = feed(*rows)
        assert everything() == before
        assert reasons(run) == {
            "2": "Another row of this person, line 4: The start is not a day: write 2026-09-15 or 15/09/2026.",
            "4": "The start is not a day: write 2026-09-15 or 15/09/2026.",
        }
        assert [row["family_name"] for row in bad_rows(run)] == ["New", "New"]

    @pytest.mark.parametrize(
        ("rows", "reason"),
        [
            ([person(1), person(1)], "The same course stands twice"),
            ([person(1), person(1, programme_code="MA", email="z@example.ac.uk")], "differ in email"),
            ([person(1), person(1, programme_code="MA", family_name="Z")], "differ in family_name"),
            ([person(1), person(2, email="P1@example.ac.uk")], "Somebody else in this file has the same email"),
        ],
    )
    def test_rows_that_contradict_each_other(self, rows: list[dict[str, str]], reason: str) -> None:
        run = feed(*rows, person(9))
        assert numbers(run)[0] == 1
        assert len(bad_rows(run)) == 2
        assert all(reason in each for each in reasons(run).values())

    def test_broken_bytes_and_widths_and_quotes_cost_only_their_row(self) -> None:
        good, short, quote = file_of(person(1), person(2)), b"S3,Ben\r\n", b'S4,"Be"n,x\r\n'
        latin = file_of(person(5, family_name="@@")).split(b"\r\n")[1].replace(b"@@", LATIN) + b"\r\n"
        run = send_in(good + short + quote + latin)
        assert numbers(run) == (2, 0, 0, 0, 2)
        found = reasons(run)
        assert found["4"] == f"This row has 2 cells where the header has {len(COLUMNS)}."
        assert "quotation marks" in found["5"]
        assert found["6"] == "The family_name is not UTF-8."
        assert bad_rows(run)[2]["family_name"] == "M\ufffdller"

    def test_formulas_in_the_file_that_people_open_are_harmless(self) -> None:
        cell = '=HYPERLINK("http://evil.example","x")'
        run = feed(person(1, school=cell, status="asleep"), person(2))
        assert bad_rows(run)[0]["school"] == "'" + cell
        assert [harmless(each)[0] for each in ("=1", "+44", "-1", "@x", "\tx", "\rx", "  =1")] == ["'"] * 7
        assert harmless("A=1") == "A=1"

    def test_the_file_of_refused_rows_can_be_put_right_and_sent_in(self) -> None:
        run = feed(person(1, phone="+447700900124", status="asleep"), person(2))
        body = b"".join(files.stored_pieces(run, "bad_rows"))
        again = send_in(body.replace(b"asleep", b"current") + file_of(person(2)).split(b"\r\n")[1] + b",,\r\n")
        assert numbers(again) == (1, 0, 1, 0, 0)
        assert again.report["unknown_columns"] == []
        assert someone(1).phone == "+447700900124"


def test_days_and_ids() -> None:
    assert day("start", "5/9/2025") == day("start", "2025-09-05") == date(2025, 9, 5)
    assert day("start", "2025-09-05T00:00:00") == date(2025, 9, 5)
    for wrong in ("2025-9-5", "٢٠٢٥-٠٩-٠٥", "05.09.2025", "2025-09-05x"):
        with pytest.raises(BadCell):
            day("start", wrong)
    assert (usable_id(" S1 "), usable_id("S 1"), usable_id("S1\n")) == ("S1", "", "S1")


def test_a_header_of_nothing_we_know() -> None:
    with pytest.raises(FileUnreadable, match="missing"):
        FeedReader(io.BytesIO(b'"a""b,c\n'))


PEOPLE = st.integers(1, 5)
ROW = st.builds(
    lambda number, email, **said: person(number, email=f"p{email}@example.ac.uk", **said),
    PEOPLE,
    PEOPLE,
    programme_code=st.sampled_from(["A", "B"]),
    programme_name=st.sampled_from(["BA A", "BA B"]),
    school=st.sampled_from(["Law", "Arts"]),
    start=st.sampled_from(["2024-09-16", "2025-09-15", "never"]),
    status=st.sampled_from(["current", "interrupted", "withdrawn"]),
    year_of_study=st.sampled_from(["", "1", "2"]),
    phone=st.sampled_from(["", "07700 900123", "?"]),
    preferred_name=st.sampled_from(["", "Ama"]),
    placement_year=st.sampled_from(["", "yes", "no"]),
)
FILE = st.lists(ROW, min_size=1, max_size=7)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=FILE, second=FILE)
def test_applying_twice_equals_once(first: list[dict[str, str]], second: list[dict[str, str]]) -> None:
    """Whatever stood there before, whoever swaps addresses with whom, whatever is wrong with the rows."""
    feed(*first)
    once = feed(*second)
    state = everything()
    twice = feed(*second)
    assert everything() == state
    assert numbers(twice)[0] == numbers(twice)[1] == numbers(twice)[3] == 0
    assert numbers(twice)[4] == numbers(once)[4]
    assert reasons(twice) == reasons(once) if numbers(twice)[4] else True
