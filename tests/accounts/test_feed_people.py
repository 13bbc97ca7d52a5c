"""How a feed changes people and their courses."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from syrupy.assertion import SnapshotAssertion

from accounts import tasks
from accounts.feed.operations.runs import approve_feed_run, start_nightly_run
from accounts.feed.operations.work import work_on_waiting_runs
from accounts.models import AuditEntry, Enrolment, FeedChange, FeedRun, FeedState, Programme, Role, Status, User
from accounts.operations.profile import update_profile
from accounts.operations.signals import course_completed
from careerconnect.celery import app
from foundation.outcomes.refusals import Refused
from tests.accounts.feed_files import (
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
from tests.factories import EnrolmentFactory, UserFactory

pytestmark = pytest.mark.django_db

DONE = {"status": "completed", "completion": "2026-07-08"}


class TestPeople:
    @pytest.mark.policy("DATA-3")
    def test_a_new_person_with_a_course(self) -> None:
        run = feed(person(1))
        assert numbers(run) == (1, 0, 0, 0, 0)
        who = someone(1)
        assert (who.email, who.given_name, who.family_name) == ("p1@example.ac.uk", "Amara", "Person1")
        assert (who.phone, who.roles, who.in_feed_since) == ("+447700900123", [Role.STUDENT], timezone.localdate())
        assert not who.has_usable_password()
        assert len(who.public_id) == 12
        course = who.enrolments.get()
        assert (course.programme.code, course.level, course.mode) == ("BA-HIST", "undergraduate", "full_time")
        assert (course.year_of_study, course.started_on) == (2, date(2025, 9, 15))
        assert course.programme.school.faculty == "Faculty of Arts"

    def test_the_same_file_twice_changes_nothing(self) -> None:
        rows = [person(1), person(1, programme_code="MA", **DONE), person(2, phone="what?"), person(3, email="x")]
        feed(*rows)
        before = everything()
        run = feed(*rows)
        assert numbers(run) == (0, 0, 2, 0, 1)
        assert everything() == before

    def test_a_run_records_only_the_names_of_changed_fields(self) -> None:
        feed(person(1), person(2))
        run = feed(person(1, family_name="Bello", year_of_study="3"), person(2))
        assert numbers(run) == (0, 1, 1, 0, 0)
        change = FeedChange.objects.get(run=run)
        assert (change.person, change.kind, change.fields) == (someone(1), "changed", ["family_name", "year_of_study"])
        assert change.applied_at is not None
        assert someone(1).family_name == "Bello"
        assert "Bello" not in str(AuditEntry.objects.values_list("details", flat=True))

    def test_people_are_matched_by_id_not_by_address(self) -> None:
        feed(person(1), person(2))
        one, two = someone(1), someone(2)
        feed(person(1, email="p2@example.ac.uk"), person(2, email="p1@example.ac.uk"))
        assert (someone(1).pk, someone(2).pk) == (one.pk, two.pk)
        assert (someone(1).email, someone(2).email) == (two.email, one.email)

    def test_addresses_move_along_a_chain(self) -> None:
        feed(person(1), person(2))
        rows = [person(1, email="fresh@example.ac.uk"), person(2, email="p1@example.ac.uk"), person(3)]
        rows[2]["email"] = "P2@example.ac.uk"
        assert numbers(feed(*rows)) == (1, 2, 0, 0, 0)
        assert numbers(feed(*rows)) == (0, 0, 3, 0, 0)

    def test_no_account_is_taken_over(self, snapshot: SnapshotAssertion) -> None:
        adviser = UserFactory(roles=[Role.ADVISER], email="Helen.Marsh@example.ac.uk")
        run = feed(person(1, email="helen.marsh@example.ac.uk"), person(2))
        assert numbers(run) == (1, 0, 0, 0, 1)
        (row,) = bad_rows(run)
        assert row["reason"] == snapshot
        adviser.refresh_from_db()
        assert (adviser.roles, adviser.university_id, adviser.given_name) == ([Role.ADVISER], None, "Robin")
        assert not User.objects.filter(university_id="F0000001").exists()

    def test_an_address_of_somebody_in_the_feed_is_not_taken_either(self) -> None:
        feed(person(1), person(2))
        run = feed(person(1), person(2, phone="bad", start="bad"), person(3, email="p2@example.ac.uk"))
        assert numbers(run) == (0, 0, 1, 0, 2)
        assert someone(2).email == "p2@example.ac.uk"

    def test_staff_who_study_keep_both(self) -> None:
        UserFactory(roles=[Role.FRONT_DESK], university_id="F0000001", email="p1@example.ac.uk")
        feed(person(1), person(2))
        assert set(someone(1).roles) == {Role.FRONT_DESK, Role.STUDENT}
        feed(person(1, **DONE), person(2))
        assert set(someone(1).roles) == {Role.FRONT_DESK, Role.GRADUATE}

    def test_values_entered_by_the_person_are_kept(self) -> None:
        feed(person(1, preferred_name="Ama", phone="07700 900111"))
        who = someone(1)
        update_profile(user=who, by=who, phone="+447700900999", access_needs="Step-free", preferred_name="Ama")
        feed(person(1, preferred_name="Amy", phone="07700 900222"))
        who = someone(1)
        assert (who.phone, who.needs.text, who.preferred_name) == ("+447700900999", "Step-free", "Amy")
        assert who.set_by_person == ["phone"]
        update_profile(user=who, by=who, phone="")
        feed(person(1, preferred_name="Amy", phone="07700 900222"))
        assert someone(1).phone == ""

    def test_an_address_that_the_person_chose_stays(self) -> None:
        feed(person(1, **DONE))
        User.objects.filter(pk=someone(1).pk).update(email="me@home.example", set_by_person=["email"])
        run = feed(person(1, **DONE), person(2, email="me@home.example"))
        assert numbers(run) == (0, 0, 1, 0, 1)
        assert someone(1).email == "me@home.example"

    def test_an_unusable_telephone_refuses_nobody_and_empties_nothing(self) -> None:
        feed(person(1))
        run = feed(person(1, phone="ask her mother"))
        assert numbers(run) == (0, 0, 1, 0, 0)
        assert run.report["unusable_phones"] == 1
        assert someone(1).phone == "+447700900123"

    def test_missing_columns_change_nothing(self) -> None:
        feed(person(1, fee_status="overseas", mode="part_time"))
        before = everything()
        names = [name for name in person(1) if name not in ("phone", "mode", "fee_status", "year_of_study", "faculty",
                 "expected_end", "completion", "preferred_name", "placement_year")]  # fmt: skip
        assert numbers(send_in(file_of(person(1), names=names))) == (0, 0, 1, 0, 0)
        assert everything() == before


class TestCourses:
    @pytest.mark.policy("ELIG-1")
    @pytest.mark.parametrize(
        ("statuses", "role"),
        [
            (["current"], Role.STUDENT),
            (["interrupted"], Role.STUDENT),
            (["completed"], Role.GRADUATE),
            (["completed", "current"], Role.STUDENT),
            (["completed", "withdrawn"], Role.GRADUATE),
            (["withdrawn"], Role.STUDENT),
        ],
    )
    def test_student_or_graduate_follows_from_the_courses(self, statuses: list[str], role: str) -> None:
        rows = [
            person(1, programme_code=f"P{n}", status=status, completion="2026-07-08" if status == "completed" else "")
            for n, status in enumerate(statuses)
        ]
        feed(*rows)
        assert someone(1).roles == [role]
        assert someone(1).enrolments.count() == len(statuses)

    @pytest.mark.policy("DATA-4")
    def test_completing_a_course_is_signalled_once_inside_the_transaction(
        self, django_capture_on_commit_callbacks: Any
    ) -> None:
        told: list[list[int]] = []

        def hear(person_ids: list[int], **said: Any) -> None:
            told.append(person_ids)
            assert Enrolment.objects.filter(student__in=person_ids, status=Status.COMPLETED).exists()

        course_completed.connect(hear)
        try:
            feed(person(1), person(2))
            assert told == []
            feed(person(1, **DONE), person(2))
            feed(person(1, **DONE), person(2))
        finally:
            course_completed.disconnect(hear)
        assert told == [[someone(1).pk]]
        course = someone(1).enrolments.get()
        assert (course.status, course.completed_on, someone(1).roles) == ("completed", date(2026, 7, 8), ["graduate"])

    def test_a_course_no_longer_listed_is_marked_and_can_return(self) -> None:
        feed(person(1), person(1, programme_code="BA-LAW"))
        run = feed(person(1))
        assert FeedChange.objects.get(run=run).fields == ["course_gone"]
        law = Enrolment.objects.get(programme__code="BA-LAW")
        assert (law.status, law.left_feed_on) == ("current", timezone.localdate())
        assert numbers(feed(person(1))) == (0, 0, 1, 0, 0)
        feed(person(1), person(1, programme_code="BA-LAW"))
        law.refresh_from_db()
        assert law.left_feed_on is None

    def test_a_course_completed_long_ago_need_not_be_listed(self) -> None:
        feed(person(1, programme_code="OLD", **DONE), person(1))
        assert numbers(feed(person(1))) == (0, 0, 1, 0, 0)
        assert numbers(feed(person(1, status="withdrawn"))) == (0, 1, 0, 0, 0)
        assert someone(1).roles == [Role.GRADUATE]

    def test_a_course_is_known_by_programme_and_start(self) -> None:
        feed(person(1))
        again = person(1, start="2026-09-14", year_of_study="1")
        feed(person(1), again)
        assert someone(1).enrolments.count() == 2
        first = someone(1).enrolments.last()
        with pytest.raises(Exception, match="course_is_listed_once"):
            EnrolmentFactory(student=someone(1), programme=first.programme, started_on=first.started_on)


class TestLeavers:
    @pytest.mark.policy("DATA-4")
    def test_people_no_longer_listed_are_marked_never_deleted(self) -> None:
        feed(person(1), person(2))
        run = feed(person(1))
        assert numbers(run) == (0, 0, 1, 1, 0)
        assert someone(2).left_feed_on == timezone.localdate()
        assert someone(2).enrolments.get().status == Status.CURRENT
        assert numbers(feed(person(1))) == (0, 0, 1, 0, 0)
        back = feed(person(1), person(2))
        assert numbers(back) == (0, 1, 1, 0, 0)
        assert someone(2).left_feed_on is None

    def test_a_person_whose_row_was_refused_is_no_leaver(self) -> None:
        feed(person(1), person(2))
        run = feed(person(1), person(2, level="school"))
        assert numbers(run) == (0, 0, 1, 0, 1)

    def test_people_never_in_a_feed_are_no_leavers(self) -> None:
        UserFactory(roles=[Role.STUDENT], university_id="S9")
        assert numbers(feed(person(1))) == (1, 0, 0, 0, 0)


class TestProgrammes:
    def test_new_renamed_and_moved(self, snapshot: SnapshotAssertion) -> None:
        feed(person(1))
        run = feed(
            person(1, programme_name="BA History and Memory", school="School of Memory", placement_year="yes"),
            person(2, programme_code="NEW", programme_name="BA New", school="School of Memory"),
        )
        assert run.report["new_programmes"] == ["BA New (NEW), School of Memory"]
        assert run.report["new_schools"] == ["School of Memory"]
        assert run.report["changed_programmes"] == snapshot
        programme = Programme.objects.get(code="BA-HIST")
        assert (programme.name, programme.school.name) == ("BA History and Memory", "School of Memory")
        assert programme.has_placement_year

    def test_a_programme_described_in_two_ways_is_not_changed(self) -> None:
        feed(person(1))
        run = feed(person(1), person(2, programme_name="Geschichte"))
        assert run.report["described_in_two_ways"] == ["BA-HIST"]
        assert Programme.objects.get(code="BA-HIST").name == "BA History"

    def test_a_run_may_refuse_unknown_programmes(self) -> None:
        feed(person(1))
        run = feed(person(1), person(2, programme_code="TYPO"), adds_programmes=False)
        assert numbers(run) == (0, 0, 1, 0, 1)
        assert "not known" in reasons(run)["3"]
        assert not Programme.objects.filter(code="TYPO").exists()


class TestLargeChange:
    def test_a_large_share_of_changes_needs_approval(self) -> None:
        feed(*(person(n) for n in range(10)))
        assert not check(file_of(*(person(n) for n in range(9)))).is_large_change
        run = check(file_of(*(person(n, family_name="X" if n == 8 else f"Person{n}") for n in range(9))))
        assert run.is_large_change
        with pytest.raises(Refused) as refused:
            approve_feed_run(run=run, by=None, accepts_large_change=False)
        assert refused.value.code == "feed_large_change"
        approve_feed_run(run=run, by=None, accepts_large_change=True)
        work_on_waiting_runs()
        run.refresh_from_db()
        assert (run.state, run.counts["leavers"], run.counts["changed"]) == (FeedState.APPLIED, 1, 1)

    def test_a_new_intake_and_a_new_year_are_ordinary(self) -> None:
        feed(*(person(n) for n in range(10)))
        run = check(file_of(*(person(n, year_of_study="3") for n in range(40))))
        assert (run.is_large_change, run.counts["new"], run.counts["changed"]) == (False, 30, 10)

    def test_changes_that_grew_since_the_check_need_approval_again(self) -> None:
        rows = [person(n) for n in range(10)]
        feed(*rows)
        run = check(file_of(*rows))
        User.objects.filter(university_id__in=["F0000001", "F0000002"]).update(family_name="Other")
        approve_feed_run(run=run, by=None, accepts_large_change=False)
        work_on_waiting_runs()
        run.refresh_from_db()
        assert (run.state, run.is_large_change, someone(1).family_name) == (FeedState.CHECKED, True, "Other")

    def test_a_file_checked_before_a_newer_run_is_refused(self) -> None:
        old = check(file_of(person(1)))
        feed(person(1), person(2))
        with pytest.raises(Refused) as refused:
            approve_feed_run(run=old, by=None, accepts_large_change=True)
        assert refused.value.code == "feed_overtaken"

    def test_an_empty_file_never_makes_everybody_a_leaver(self) -> None:
        feed(person(1))
        run = check(file_of())
        assert (run.state, "not one row" in run.problem) == (FeedState.REFUSED, True)


class TestNightly:
    def test_the_file_is_imported_when_it_has_changed(self, tmp_path: Any, settings: Any) -> None:
        assert start_nightly_run() is None
        settings.FEED_FILE = str(tmp_path / "feed.csv")
        assert start_nightly_run() is None
        (tmp_path / "feed.csv").write_bytes(file_of(*(person(n) for n in range(10))))
        run = start_nightly_run()
        work_on_waiting_runs()
        run.refresh_from_db()
        assert (run.state, run.counts["new"]) == (FeedState.APPLIED, 10)
        assert start_nightly_run() is None
        (tmp_path / "feed.csv").write_bytes(file_of(person(1)))
        large = start_nightly_run()
        work_on_waiting_runs()
        large.refresh_from_db()
        assert (large.state, large.is_large_change) == (FeedState.CHECKED, True)

    def test_scheduled_tasks(self, tmp_path: Any, settings: Any) -> None:
        """Beat's tasks exist, and each works when called twice."""
        app.loader.import_default_modules()
        named = {entry["task"] for entry in app.conf.beat_schedule.values()}
        assert {"accounts.work_on_feeds", "accounts.import_nightly_feed"} <= named
        assert named <= set(app.tasks)
        settings.FEED_FILE = str(tmp_path / "feed.csv")
        (tmp_path / "feed.csv").write_bytes(file_of(person(1)))
        for _ in range(2):
            tasks.import_nightly_feed()
            tasks.work_on_feeds()
        assert FeedRun.objects.get().state == FeedState.APPLIED
        assert someone(1).enrolments.count() == 1
