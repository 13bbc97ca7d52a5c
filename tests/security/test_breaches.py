"""The clock of a personal-data breach runs for 72 elapsed hours from when it became known, also when the clocks
change."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now, institution_zone, local
from security.forms import BreachForm
from security.models import CaseEnding, DataBreach
from security.operations.breaches import mark_breach, record_not_needed, record_notification
from security.operations.case_steps import close_case
from security.operations.end_suspension import confirm_termination, propose_termination, reinstate
from security.selectors.breach_clock import breach_clock
from security.selectors.register import open_cases
from tests.clock import stop_database_clock
from tests.security.conftest import Office

pytestmark = [pytest.mark.django_db, pytest.mark.policy("SEC-3")]

CHANGES = [
    # known and due in local time: the repeated hour, the skipped hour, an ordinary night
    ("2026-10-23T09:00", "2026-10-26T08:00"),
    ("2026-10-24T23:30", "2026-10-27T22:30"),
    ("2027-03-26T09:00", "2027-03-29T10:00"),
    ("2027-03-27T23:30", "2027-03-31T00:30"),
    ("2026-06-01T09:00", "2026-06-04T09:00"),
]


@pytest.mark.parametrize(("known", "due"), CHANGES)
def test_the_clock_counts_72_elapsed_hours(office: Office, known: str, due: str) -> None:
    form = BreachForm({"known_at": known})
    assert form.is_valid()
    known_at = form.cleaned_data["known_at"]
    stop_database_clock(known_at + timedelta(hours=1))
    breach = mark_breach(case=office.case(), known_at=known_at, by=office.officer)
    breach.refresh_from_db()
    assert f"{local(breach.due_at):%Y-%m-%dT%H:%M}" == due
    assert breach.due_at - breach.known_at == timedelta(hours=72)
    in_london = DataBreach(known_at=breach.known_at.astimezone(institution_zone()))
    assert in_london.due_at == breach.due_at
    clock = breach_clock(breach, breach.due_at - timedelta(minutes=1))
    assert clock is not None
    assert (clock.words, clock.is_overdue) == ("1 minute left", False)


def test_a_repeated_hour_means_the_first(office: Office) -> None:
    form = BreachForm({"known_at": "2026-10-25T01:30"})
    assert form.is_valid()
    assert form.cleaned_data["known_at"] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "words", "overdue"),
    [
        (timedelta(hours=71, minutes=59), "71 hours left", False),
        (timedelta(hours=1), "1 hour left", False),
        (timedelta(minutes=40), "40 minutes left", False),
        (timedelta(0), "0 minutes left", False),
        (timedelta(minutes=-1), "overdue by 1 minute", True),
        (timedelta(hours=-5, minutes=-10), "overdue by 5 hours", True),
    ],
)
def test_the_words_of_the_clock(left: timedelta, words: str, overdue: bool) -> None:
    breach = DataBreach(known_at=datetime(2026, 10, 23, 8, 0, tzinfo=UTC))
    clock = breach_clock(breach, breach.due_at - left)
    assert clock is not None
    assert (clock.words, clock.is_overdue) == (words, overdue)


def test_a_clock_cannot_start_in_the_future_or_twice(office: Office) -> None:
    case, now = office.case(), database_now()
    with pytest.raises(Refused, check=lambda refused: refused.code == "in_the_future"):
        mark_breach(case=case, known_at=now + timedelta(minutes=5), by=office.officer)
    mark_breach(case=case, known_at=now - timedelta(days=9), by=office.officer)
    with pytest.raises(Refused) as refused:
        mark_breach(case=case, known_at=now, by=office.officer)
    assert refused.value.code == "already_marked"


def test_the_notification_is_recorded_once_and_a_late_one_says_why(office: Office) -> None:
    case, now = office.case(), database_now()
    breach = mark_breach(case=case, known_at=now - timedelta(hours=80), by=office.officer)
    said: dict[str, Any] = {"case": case, "reference": "IC-123", "by": office.officer}
    for notified_at, more, code in (
        (now - timedelta(hours=81), {}, "notified_when"),
        (now + timedelta(hours=1), {}, "notified_when"),
        (now - timedelta(hours=2), {}, "late_because"),
        (now - timedelta(hours=70), {"reference": " "}, "reference_needed"),
    ):
        with pytest.raises(Refused) as refused:
            record_notification(**{**said, **more}, notified_at=notified_at)
        assert refused.value.code == code
    record_notification(**said, notified_at=now - timedelta(hours=2), late_because="It was a weekend.")
    breach.refresh_from_db()
    assert (breach.reference, breach.decided_by, breach.because) == ("IC-123", office.officer, "It was a weekend.")
    assert breach_clock(breach, now) is None
    for again in (
        lambda: record_notification(**said, notified_at=now - timedelta(hours=1), late_because="x"),
        lambda: record_not_needed(case=case, because="x", by=office.second),
    ):
        with pytest.raises(Refused) as refused:
            again()
        assert refused.value.code == "already_decided"


def test_the_database_wants_the_whole_decision(office: Office) -> None:
    breach = mark_breach(case=office.case(), known_at=database_now(), by=office.officer)
    by = {"decided_at": database_now(), "decided_by": office.officer}
    for wrong in ({"decision": "notified", **by}, {"decision": "not_needed", **by}, {"notified_at": database_now()}):
        with pytest.raises(IntegrityError, match="breach_decision_is_complete"), transaction.atomic():
            DataBreach.objects.filter(pk=breach.pk).update(**wrong)


def test_no_case_is_closed_over_a_running_clock(office: Office) -> None:
    graduate, student = office.case(), office.case(office.student)
    for case in (graduate, student):
        mark_breach(case=case, known_at=database_now(), by=office.officer)
    propose_termination(case=graduate, reason="Sold", by=office.officer)
    for close in (
        lambda: reinstate(case=graduate, reason="x", by=office.officer),
        lambda: confirm_termination(case=graduate, by=office.second),
        lambda: close_case(case=student, ending=CaseEnding.NO_BREACH, words="x", by=office.officer),
    ):
        with pytest.raises(Refused) as refused:
            close()
        assert refused.value.code == "breach_undecided"
    record_not_needed(case=graduate, because="No risk to anybody", by=office.second)
    reinstate(case=graduate, reason="x", by=office.officer)


def test_the_most_urgent_clock_is_first_in_the_register(office: Office) -> None:
    now = database_now()
    first, pressing = office.case(), office.case(office.student)
    late = office.case(office.second)
    mark_breach(case=pressing, known_at=now - timedelta(hours=60), by=office.officer)
    mark_breach(case=late, known_at=now - timedelta(hours=75), by=office.officer)
    assert [row.case.pk for row in open_cases(office.officer, now)] == [late.pk, pressing.pk, first.pk]
