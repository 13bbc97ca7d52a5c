"""A state that needs a time has one, and a time has the state it belongs to, whatever writes the row."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import models, transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from accounts.models import FeedRun
from eligibility.models import Hold, StrikeReview
from foundation.outcomes.refusals import refusal_for
from queries.models import Query
from retention.models import Package, PurgeRun, RightsRequest
from security.models import CaseReport, DataBreach, Lead, SecurityCase
from tests.cast import Cast
from tests.factories import stored_booking
from wellbeing.models import Concern

NOW = timezone.now()


def booking(cast: Cast) -> models.Model:
    return stored_booking(cast.student, cast.adviser, cast.type, cast.room, cast.starts())


def attended(cast: Cast) -> models.Model:
    return stored_booking(cast.student, cast.adviser, cast.type, cast.room, cast.starts(), status="attended")


def review(cast: Cast) -> models.Model:
    return StrikeReview.objects.create(
        student=cast.student, rule="appointment", step="review", strikes=3, opened_at=NOW
    )


def hold(cast: Cast) -> Hold:
    return Hold.objects.create(
        student=cast.student, during=("2026-01-01", "2026-02-01"), reason="Missed three.", message="You missed three.",
        decided_by=cast.manager,
    )  # fmt: skip


def query(cast: Cast) -> models.Model:
    return Query.objects.create(
        person=cast.student, subject="A question", opened_at=NOW, last_at=NOW, due_on=NOW.date()
    )


def concern(cast: Cast) -> models.Model:
    return Concern.objects.create(
        student=cast.student, raised_by=cast.adviser, raised_at=NOW, facts="Tired.", seriousness="worried",
        next_on=NOW.date(),
    )  # fmt: skip


def case(cast: Cast) -> SecurityCase:
    return SecurityCase.objects.create(
        person=cast.student, treated_as="graduate", summary="Shared.", opened_at=NOW, opened_by=cast.manager
    )


def breach(cast: Cast) -> models.Model:
    return DataBreach.objects.create(case=case(cast), known_at=NOW, marked_at=NOW, marked_by=cast.manager)


def report(cast: Cast) -> models.Model:
    return CaseReport.objects.create(
        case=case(cast), to="governance", address="governance@example.ac.uk", subject="A case", text="A case."
    )


def lead(cast: Cast) -> models.Model:
    return Lead.objects.create(person=cast.student, kind="many_devices", opened_at=NOW, last_seen_at=NOW)


def request(cast: Cast) -> RightsRequest:
    return RightsRequest.objects.create(
        person=cast.student, kind="restriction", received_on=NOW.date(), due_on=NOW.date()
    )


def package(cast: Cast) -> models.Model:
    return Package.objects.create(request=request(cast), asked_at=NOW)


def run(cast: Cast) -> models.Model:
    return PurgeRun.objects.create(night=NOW.date())


def feed_run(cast: Cast) -> models.Model:
    return FeedRun.objects.create(source="page", file_hash="h", file_size=1)


Make = Callable[[Cast], models.Model]
PERSON: Any = object()
"""Stands for a member of staff."""

FORBIDDEN: list[tuple[Make, dict[str, Any], str]] = [
    (booking, {"status": "cancelled"}, "booking_over_says_when"),
    (booking, {"status": "missed"}, "booking_over_says_when"),
    (booking, {"ended_at": NOW}, "booking_over_says_when"),
    (attended, {"ended_at": None}, "booking_over_says_when"),
    (booking, {"ended_by": PERSON}, "booking_ended_by_somebody_says_when"),
    (booking, {"status": "arrived"}, "booking_arrived_says_when"),
    (booking, {"arrived_at": NOW}, "booking_without_arrival_has_no_time_of_it"),
    (attended, {"status": "missed", "arrived_at": NOW}, "booking_without_arrival_has_no_time_of_it"),
    (booking, {"minutes_late": 5}, "booking_lateness_is_of_attendance"),
    (attended, {"status": "missed", "minutes_late": 0}, "booking_lateness_is_of_attendance"),
    (attended, {"minutes_late": 0}, "booking_lateness_is_of_attendance"),
    (attended, {"minutes_late": 466}, "booking_lateness_is_within_it"),
    (booking, {"seat": 0}, "booking_seat_is_at_least_one"),
    (hold, {"lifted_at": NOW}, "hold_is_lifted_by_somebody_for_a_reason"),
    (query, {"state": "resolved"}, "query_runs_its_two_months_from_its_resolution"),
    (query, {"resolved_at": NOW}, "query_runs_its_two_months_from_its_resolution"),
    (concern, {"state": "closed"}, "concern_is_closed_at_a_time"),
    (concern, {"closed_at": NOW}, "concern_is_closed_at_a_time"),
    (case, {"state": "closed", "closed_at": NOW, "ending": "no_breach"}, "closed_case_says_how_it_ended"),
    (case, {"closed_by": PERSON}, "closed_case_says_how_it_ended"),
    (case, {"termination_proposed_by": PERSON}, "termination_proposed_says_when_and_why"),
    (case, {"termination_proposed_at": NOW}, "termination_proposed_says_when_and_why"),
    (case, {"termination_reason": "Sold."}, "termination_proposed_says_when_and_why"),
    (breach, {"decision": "not_needed", "because": "No data."}, "breach_decided_says_when_and_by_whom"),
    (breach, {"decided_at": NOW}, "breach_decided_says_when_and_by_whom"),
    (breach, {"decided_by": PERSON}, "breach_decided_says_when_and_by_whom"),
    (report, {"sent_by": PERSON}, "report_sent_says_where_and_what"),
    (report, {"message": "m00000000001"}, "report_sent_says_where_and_what"),
    (lead, {"judged_by": PERSON}, "lead_judged_by_somebody_says_when"),
    (request, {"closed_by": PERSON}, "request_closed_by_somebody_says_when"),
    (request, {"restricted_at": NOW}, "request_restricting_is_an_agreed_restriction"),
    (request, {"lifted_at": NOW}, "request_lifted_was_restricting"),
    (package, {"state": "ready"}, "package_ready_says_since_when"),
    (package, {"downloaded_at": NOW}, "package_downloaded_was_released"),
    (run, {"state": "stopped"}, "run_over_says_when"),
    (run, {"ended_at": NOW}, "run_over_says_when"),
    (run, {"approved_by": PERSON}, "run_approved_says_when"),
    (feed_run, {"state": "applied"}, "feed_run_applied_says_when"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("make", "changes", "constraint"), FORBIDDEN, ids=[f"{row[2]}-{'-'.join(row[1])}" for row in FORBIDDEN]
)
def test_the_database_refuses_a_state_without_its_time_and_says_why(
    cast: Cast, make: Make, changes: dict[str, Any], constraint: str
) -> None:
    row = make(cast)
    written = {name: cast.manager if value is PERSON else value for name, value in changes.items()}
    with pytest.raises(IntegrityError, match=f'"{constraint}"') as refusal, transaction.atomic():
        type(row)._base_manager.filter(pk=row.pk).update(**written)
    refused = refusal_for(refusal.value)
    assert refused is not None
    assert refused.code
    assert refused.message


@pytest.mark.django_db
def test_a_merged_query_is_resolved(cast: Cast) -> None:
    into, merged = query(cast), query(cast)
    with pytest.raises(IntegrityError, match="query_merged_is_resolved"), transaction.atomic():
        Query.objects.filter(pk=merged.pk).update(merged_into=into)
    Query.objects.filter(pk=merged.pk).update(merged_into=into, state="resolved", resolved_at=NOW)


@pytest.mark.django_db
def test_a_review_names_a_hold_only_where_it_led_to_one(cast: Cast) -> None:
    mine, row = hold(cast), review(cast)
    with pytest.raises(IntegrityError, match="review_with_a_hold_says_so"), transaction.atomic():
        StrikeReview.objects.filter(pk=row.pk).update(hold=mine)


@pytest.mark.django_db
def test_a_real_sequence_of_states_is_accepted(cast: Cast) -> None:
    """Arrived, held while the account was suspended, then cancelled: the time of arrival is kept."""
    row = booking(cast)
    came = cast.starts() - timedelta(minutes=5)
    mine = type(row)._base_manager.filter(pk=row.pk)
    assert mine.update(status="arrived", arrived_at=came) == 1
    assert mine.update(status="held") == 1
    assert mine.update(status="cancelled_by_service", ended_at=NOW) == 1
