"""Files that look whole and are not: nobody may change, leave or appear who is not in the file as it was written."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.feed.reading import FeedReader, FileUnreadable
from accounts.feed.words import ENDS_WITHIN_A_ROW, difference_lines
from accounts.models import Enrolment, FeedState, PolicySetting, User
from eligibility.operations.read_result_file import import_results
from tests.accounts.feed_files import bad_rows, check, everything, feed, file_of, numbers, person, send_in, someone

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-3")]


def known(ids: range) -> list[dict[str, str]]:
    return [person(n) for n in ids]


class TestCutShort:
    def test_at_every_byte_of_the_last_rows_nothing_is_stored_that_the_file_does_not_hold(self) -> None:
        """Reads only: which rows are believed does not depend on the database."""
        rows = known(range(6))
        body = file_of(*rows)
        whole = [line.cells for line in FeedReader(io.BytesIO(body))]
        begins = len(file_of(*rows[:3]))
        for end in range(begins, len(body)):
            lines = list(FeedReader(io.BytesIO(body[:end])))
            good = [line.cells for line in lines if not line.problem]
            assert good == whole[: len(good)], end
            assert len(lines) - len(good) <= 1

    @pytest.mark.parametrize("cut", [2, 20, 40, 80])
    def test_the_row_in_which_it_ends_is_refused_and_nobody_leaves(self, cut: int) -> None:
        feed(*known(range(30)))
        before = everything()
        run = check(file_of(*known(range(29)))[:-cut])
        assert (run.state, run.is_large_change) == (FeedState.CHECKED, True), "somebody is missing: asks"
        assert (numbers(run)[3], run.counts["rows_of_nobody"], run.counts["unlisted"]) == (0, 1, 2)
        assert ENDS_WITHIN_A_ROW in difference_lines(run.counts, run.report), "what to do"
        send_in(file_of(*known(range(29)))[:-cut])
        assert everything() == before

    def test_a_course_in_the_row_that_was_cut_is_not_gone_and_decides_nothing(self) -> None:
        done = {"status": "completed", "completion": "2026-07-08", "start": "2023-09-18", "expected_end": "2026-07-08"}
        rows = [person(1, **done), person(1, programme_code="MA", level="PGT", start="2026-09-14", expected_end="")]
        feed(person(2), *rows)
        send_in(file_of(person(2), *rows)[:-9])
        assert someone(1).roles == ["student"]
        assert Enrolment.objects.get(programme__code="MA").left_feed_on is None

    def test_a_result_that_was_cut_is_refused(self) -> None:
        body = b"university_id,activity,count\r\nF0000001,sessions,2\r\nF0000002,sessions,1"
        read = import_results(file=io.BytesIO(body), by=None, dry_run=True)
        assert read.reasons[3] != read.reasons[2], "refused because it was cut, not for its id"


class TestQuotationMarks:
    @pytest.mark.parametrize("row", range(10))
    def test_one_lost_at_any_cell_stores_nothing_that_the_file_does_not_hold(self, row: int) -> None:
        text = io.StringIO()
        rows = [person(n, school="School of Law, Arts and Letters", family_name=f"Per“son{n}") for n in range(12)]
        writer = csv.DictWriter(text, list(rows[0]), quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
        lines = text.getvalue().split("\r\n")
        whole = [list(each.values()) for each in rows]
        marks = [place for place, sign in enumerate(lines[row + 1]) if sign == '"']
        for place in marks:
            broken = lines[row + 1][:place] + lines[row + 1][place + 1 :]
            body = "\r\n".join([*lines[: row + 1], broken, *lines[row + 2 :]]).encode()
            try:
                good = [line.cells for line in FeedReader(io.BytesIO(body)) if not line.problem]
            except FileUnreadable:
                continue
            assert all(cells in whole for cells in good), f"row {row}, byte {place}"

    def test_nothing_behind_a_broken_one_is_read(self) -> None:
        body = file_of(person(1)) + b'F0000002,"Be"n,x\r\n' + file_of(person(3)).split(b"\r\n")[1] + b"\r\n"
        run = check(body)
        assert (run.state, "From line 3" in run.problem) == (FeedState.REFUSED, True)
        assert not User.objects.exists()

    def test_a_row_inside_a_cell_is_no_row(self) -> None:
        inside = file_of(person(7)).split(b"\r\n")[1].decode()
        run = check(file_of(person(1), person(2, school=f"School\r\n{inside}")))
        assert (run.state, "From line 3" in run.problem) == (FeedState.REFUSED, True)

    def test_a_cell_with_a_line_break_is_a_cell(self) -> None:
        assert numbers(feed(person(1, school="School\nof Law"), person(2)))[0] == 2


class TestOtherFiles:
    @pytest.mark.parametrize(
        ("begins", "name"),
        [
            (b"PK\x03\x04\x14\0", "Excel"),
            (b"\x1f\x8b\x08\0", "gzip"),
            (b"\xd0\xcf\x11\xe0\xa1", "Excel"),
            (b"%PDF-1.7", "PDF"),
        ],
    )
    def test_they_are_called_by_their_names(self, begins: bytes, name: str) -> None:
        run = check(begins + b"\nuniversity_id,given_name\n")
        assert (run.state, name in run.problem) == (FeedState.REFUSED, True), run.problem


class TestRefusals:
    def test_a_file_of_refused_rows_alone_is_refused(self, tmp_path: Path) -> None:
        feed(person(1))
        body = file_of(person(1, status="asleep"), person(2, status="asleep"))
        run = check(body)
        assert (run.state, len(bad_rows(run))) == (FeedState.REFUSED, 2)
        file = tmp_path / "feed.csv"
        file.write_bytes(body)
        with pytest.raises(CommandError) as stopped:
            call_command("import_people", file)
        assert stopped.value.returncode == 4

    def test_a_share_of_refused_people_asks(self) -> None:
        feed(*known(range(20)))
        few = [person(n, status="asleep" if n < 2 else "current") for n in range(20)]
        many = [person(n, status="asleep" if n < 3 else "current") for n in range(20)]
        assert not check(file_of(*few)).is_large_change
        assert check(file_of(*many)).is_large_change

    def test_a_refused_row_without_an_id_may_be_anybody_so_nobody_leaves(self) -> None:
        feed(*known(range(20)))
        lost = file_of(*known(range(20))).replace(b"F0000004", b"F00 00004")
        run = send_in(lost)
        assert (numbers(run)[3], someone(4).left_feed_on) == (0, None)


class TestLargeChanges:
    @pytest.mark.parametrize(
        "said",
        [
            {"phone": "+447700900999"},
            {"level": "postgraduate_taught"},
            {"status": "withdrawn"},
            {"fee_status": "overseas"},
            {"programme_code": "MA-OTHER"},
            {"status": "completed", "completion": "2026-07-08"},
        ],
        ids=lambda said: "-".join(said),
    )
    def test_any_change_that_a_right_file_makes_for_few(self, said: dict[str, str]) -> None:
        feed(*known(range(10)))
        changed = [
            person(n, **{k: f"new{n}@example.ac.uk" if v == "@" else v for k, v in said.items()}) for n in (1, 2)
        ]
        rest = [person(n) for n in range(10) if n not in (1, 2)]
        assert check(file_of(*changed, *rest)).is_large_change

    def test_many_small_ones_in_a_few_days_ask(self) -> None:
        feed(*known(range(25)))
        assert not send_in(file_of(*known(range(24)))).is_large_change
        assert not send_in(file_of(*known(range(23)))).is_large_change
        third = check(file_of(*known(range(22))))
        assert third.is_large_change, "3 of 24 in a few days"

    def test_what_somebody_decided_is_not_counted_again(self) -> None:
        feed(*known(range(25)))
        assert send_in(file_of(*known(range(20)))).is_large_change
        assert not check(file_of(*known(range(19)))).is_large_change

    def test_each_run_by_itself_if_the_policy_says_so(self) -> None:
        PolicySetting.objects.create(key="feed_large_change_days", value=0, effective_from="2020-01-01")
        feed(*known(range(25)))
        for left in (24, 23, 22):
            assert not send_in(file_of(*known(range(left)))).is_large_change
