"""The file of a feed: encodings, delimiters, quoting, and every way in which a row can be wrong."""

from __future__ import annotations

import io
import unicodedata
from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from accounts.feed.columns import REQUIRED
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
        "body",
        [
            b"\n\n",
            b"name,email\nx,y\n",
            file_of(person(1)).decode().encode("utf-16"),
            file_of(person(1)).replace(b"given_name", b"given_name,gr\xf6\xdfe"),
            file_of(person(1), names=[*NAMES, "email"]),
            file_of(person(1)) + b'S2,"Ben,Person2\nS3,Cleo\n',
            file_of(),
        ],
    )  # fmt: skip
    def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(
        self, body: bytes, snapshot: SnapshotAssertion
    ) -> None:
        run = check(body)
        assert run.state == FeedState.REFUSED
        assert run.problem == snapshot
        assert not User.objects.exists()

    def test_too_large_or_empty_is_refused_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with pytest.raises(Refused, check=lambda refused: refused.code == "feed_empty"):
            check(b"")
        monkeypatch.setattr(files, "LARGEST", 100)
        monkeypatch.setattr(runs, "LARGEST", 100 * 1024 * 1024)
        with pytest.raises(Refused, check=lambda refused: refused.code == "feed_too_large"):
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
        "said",
        [
            {"university_id": ""},
            {"university_id": "has space"},
            {"university_id": "x" * 41},
            {"given_name": " "},
            {"given_name": "x" * 81},
            {"email": ""},
            {"email": "nobody"},
            {"email": "x" * 250 + "@example.ac.uk"},
            {"email": "é@example.ac.uk"},
            {"family_name": "a\x00b"},
            {"family_name": "a\x1bb"},
            {"school": "x" * 121},
            {"programme_code": "two words"},
            {"programme_name": ""},
            {"level": "school"},
            {"level": ""},
            {"mode": "sometimes"},
            {"status": "asleep"},
            {"fee_status": "mars"},
            {"year_of_study": "0"},
            {"year_of_study": "²"},
            {"start": ""},
            {"start": "2025-02-30"},
            {"start": "09/15/2025"},
            {"start": "1066-10-14"},
            {"start": "2999-10-14"},
            {"expected_end": "2024-01-01"},
            {"expected_end": "2099-01-01"},
            {"status": "completed"},
            {"completion": "2026-07-08"},
            {"status": "completed", "completion": "2020-07-08"},
            {"status": "completed", "completion": TOMORROW},
            {"placement_year": "perhaps"},
        ],
    )
    def test_a_bad_row_has_its_reason(self, said: dict[str, str], snapshot: SnapshotAssertion) -> None:
        run = feed(person(1, **said), person(2))
        assert numbers(run)[0] == 1
        (row,) = bad_rows(run)
        assert row["reason"].replace(str(timezone.localdate().year + 2), "[in two years]") == snapshot
        assert row["line"] == "2"
        kept = [value for value in said.values() if len(value) > 9 and value.strip()]
        assert not [value for value in kept if value in row["reason"]]
        assert not User.objects.exclude(university_id="F0000002").exists()

    def test_one_bad_row_holds_back_the_whole_person(self, snapshot: SnapshotAssertion) -> None:
        feed(person(1), person(2))
        before = everything()
        rows = [
            person(1, family_name="New"),
            person(2),
            person(1, programme_code="MA", start="soon", family_name="New"),
        ]
        run = feed(*rows)
        assert everything() == before
        found = reasons(run)
        assert found == snapshot
        assert found["2"].endswith(found["4"])
        assert [row["family_name"] for row in bad_rows(run)] == ["New", "New"]

    @pytest.mark.parametrize(
        "rows",
        [
            [person(1), person(1)],
            [person(1), person(1, programme_code="MA", email="z@example.ac.uk")],
            [person(1), person(1, programme_code="MA", family_name="Z")],
            [person(1), person(2, email="P1@example.ac.uk")],
        ],
    )
    def test_rows_that_contradict_each_other(self, rows: list[dict[str, str]], snapshot: SnapshotAssertion) -> None:
        run = feed(*rows, person(9))
        assert numbers(run)[0] == 1
        assert len(bad_rows(run)) == 2
        assert reasons(run) == snapshot

    def test_broken_bytes_and_widths_cost_only_their_row(self, snapshot: SnapshotAssertion) -> None:
        good, short = file_of(person(1), person(2)), b"S3,Ben\r\n"
        latin = file_of(person(5, family_name="@@")).split(b"\r\n")[1].replace(b"@@", LATIN) + b"\r\n"
        run = send_in(good + short + latin)
        assert numbers(run) == (2, 0, 0, 0, 2)
        found = reasons(run)
        assert found == snapshot
        assert bad_rows(run)[1]["family_name"] == "M\ufffdller"

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


@settings(max_examples=15)
@given(first=FILE, second=FILE)
def test_applying_twice_equals_once(first: list[dict[str, str]], second: list[dict[str, str]]) -> None:
    """For any previous data, people who swap addresses, and rows with errors."""
    feed(person(99), *first)
    once = feed(person(99), *second)
    state = everything()
    twice = feed(person(99), *second)
    assert everything() == state
    assert numbers(twice)[0] == numbers(twice)[1] == numbers(twice)[3] == 0
    assert numbers(twice)[4] == numbers(once)[4]
    assert reasons(twice) == reasons(once) if numbers(twice)[4] else True
