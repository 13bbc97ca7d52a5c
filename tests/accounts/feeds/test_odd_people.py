"""Rows that may be somebody we know: nobody is added, changed or left behind on a guess."""

from __future__ import annotations

import pytest

from accounts.models import Enrolment, Programme, School, User
from tests.accounts.feed_files import bad_rows, check, everything, feed, file_of, numbers, person, someone
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-3")]
LAW = {"programme_code": "0150", "programme_name": "LLB Law", "school": "School of Law"}


def known() -> list[dict[str, str]]:
    """Persons 0 to 9 are held, with numbers for ids. Person 1 reads Law."""
    rows = [person(n, university_id=f"00{n}", **(LAW if n == 1 else {})) for n in range(10)]
    feed(*rows)
    return rows


class TestIds:
    @pytest.mark.parametrize(
        ("held", "sent"), [("001", "1"), ("S1", "s1"), ("s1a", "S1A"), ("0012", "12.0"), ("12", "0012"), ("0", "000")]
    )
    @pytest.mark.parametrize("email", ["p1@example.ac.uk", "other@example.ac.uk"])
    def test_other_capitals_or_zeros_are_a_question(self, held: str, sent: str, email: str) -> None:
        feed(person(1, university_id=held), person(2))
        before = everything()
        run = feed(person(1, university_id=sent, email=email), person(2))
        assert (numbers(run), everything()) == ((0, 0, 1, 0, 1), before)
        assert run.is_large_change, "half of this file was refused"

    def test_an_account_by_hand_is_the_answer(self) -> None:
        feed(person(1, university_id="001"))
        UserFactory(university_id="1", email="other@example.ac.uk")
        run = feed(person(1, university_id="001"), person(2, university_id="1", email="other@example.ac.uk"))
        assert numbers(run) == (0, 1, 1, 0, 0)
        assert numbers(feed(person(1, university_id="001"), person(9)))[3] == 1, "and each may leave"

    def test_two_in_one_file(self) -> None:
        run = feed(person(1, university_id="S7"), person(2, university_id="s7"), person(3))
        assert (numbers(run), len(bad_rows(run))) == ((1, 0, 0, 0, 2), 2)

    def test_one_known_and_one_new(self) -> None:
        feed(person(1, university_id="S7"), person(3))
        run = feed(person(1, university_id="S7", year_of_study="3"), person(2, university_id="s7"), person(3))
        assert numbers(run) == (0, 1, 1, 0, 1), "the known one is no question"

    def test_a_file_whose_zeros_are_all_gone_changes_nobody(self) -> None:
        rows = known()
        before = everything()
        run = check(file_of(*({**row, "university_id": row["university_id"].lstrip("0") or "0"} for row in rows)))
        assert (run.state, run.counts["leavers"], everything()) == ("refused", 0, before)

    def test_a_refused_row_with_other_capitals_is_its_person(self) -> None:
        feed(person(1, university_id="S7"), person(2))
        run = feed(person(1, university_id="s7", level="?"), person(2))
        assert numbers(run) == (0, 0, 1, 0, 1)

    def test_a_refused_row_with_their_address_may_be_them(self) -> None:
        feed(person(1), person(2))
        run = feed(person(7, email="P1@example.ac.uk"), person(2))
        assert numbers(run) == (0, 0, 1, 0, 1)
        assert someone(1).left_feed_on is None


class TestProgrammeCodes:
    @pytest.mark.parametrize("code", ["150", "150.0", "00150"])
    def test_zeros_of_a_code_are_a_question(self, code: str) -> None:
        rows = known()
        before = everything()
        rows[1]["programme_code"] = code
        run = feed(*rows)
        assert (numbers(run), everything()) == ((0, 0, 9, 0, 1), before)

    def test_capitals_of_a_code_are_a_question(self) -> None:
        feed(person(1), person(2))
        assert numbers(feed(person(1, programme_code="ba-hist"), person(2))) == (0, 0, 1, 0, 1)
        assert Programme.objects.get().code == "BA-HIST"
        Programme.objects.create(code="ba-hist", name="Another", school=School.objects.get())
        assert numbers(feed(person(1, programme_code="ba-hist"), person(2))) == (0, 1, 1, 0, 0)

    def test_two_in_one_file(self) -> None:
        run = feed(person(1, programme_code="a1"), person(2, programme_code="A1"), person(3))
        assert numbers(run) == (1, 0, 0, 0, 2)


class TestSchools:
    @pytest.mark.parametrize(
        "school",
        [
            "school of humanities",
            "SCHOOL OF HUMANITIES",
            " School  of Humanities ",
            "School of Human\u200bities",
            "School\u00a0of\u2003Humanities",
            "Ｓchool of Humanities",
            "School ofHumanities",
        ],
    )
    def test_another_spelling_is_the_same_school(self, school: str) -> None:
        feed(person(1), person(2))
        before = everything()
        run = feed(person(1, school=school), person(2), person(3, school=school, faculty="faculty OF arts"))
        assert numbers(run) == (1, 0, 2, 0, 0)
        assert [line for line in everything() if "F0000003" not in line] == before
        assert list(School.objects.values_list("name", "faculty")) == [("School of Humanities", "Faculty of Arts")]
        assert (run.report["new_schools"], run.report["changed_schools"]) == ([], [])
        assert any("Faculty of Arts" in said for said in run.report["other_spellings"]), "and it is said"

    def test_of_spellings_that_are_all_new_the_most_frequent_is_taken(self) -> None:
        run = feed(person(1, school="st george’s"), *(person(n, school="St George's") for n in (2, 3)))
        assert School.objects.get().name == "St George's"
        assert run.report["described_in_two_ways"] == []

    def test_two_schools_that_we_hold_stay_two(self) -> None:
        for name in ("LAW", "Law"):
            School.objects.create(name=name, faculty="Faculty of Arts")
        feed(person(1, school="Law", programme_code="A"), person(2, school="LAW", programme_code="B"))
        assert set(Enrolment.objects.values_list("programme__school__name", flat=True)) == {"LAW", "Law"}

    def test_another_school_is_another_school(self) -> None:
        run = feed(person(1), person(2, school="School of Humanity", programme_code="X"))
        assert (School.objects.count(), run.report["other_spellings"]) == (2, [])


class TestDays:
    def test_a_file_that_writes_the_month_first_in_one_row_is_believed_in_none_that_reads_both_ways(self) -> None:
        feed(*(person(n) for n in range(30)))
        before = everything()
        rows = [person(n) for n in range(30)]
        rows[3]["expected_end"], rows[20]["expected_end"] = "08/07/2028", "07/28/2028"
        run = feed(*rows)
        assert (numbers(run), run.is_large_change, everything()) == ((0, 0, 28, 0, 2), False, before)
        assert "22" in {row["line"]: row["reason"] for row in bad_rows(run)}["5"], "the line that shows it"

    def test_without_one_the_day_comes_first(self) -> None:
        feed(person(1, expected_end="08/07/2028"))
        assert str(someone(1).enrolments.get().expected_end_on) == "2028-07-08"

    def test_many_other_last_days_ask(self) -> None:
        feed(*(person(n) for n in range(10)))
        run = check(file_of(*(person(n, expected_end="2028-08-07") for n in range(10))))
        assert (run.is_large_change, run.counts["touched"]) == (True, 10)


def test_nobody_is_added_for_a_row_that_was_refused() -> None:
    feed(
        person(1), person(2, university_id="NULL"), person(3, family_name="M\ufffdller"), person(4, start="01/13/2026")
    )
    assert set(User.objects.values_list("university_id", flat=True)) == {"F0000001"}
