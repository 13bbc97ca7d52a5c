"""What officers see of a large night, and that approving it takes two of them (DATA-4, DATA-6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Proposal, Role, User
from accounts.operations.two_people import confirm_proposal, end_proposal
from foundation.outcomes.refusals import Refused
from messaging.models import OutboxMessage
from retention.models import LegalHold, PurgeRun, RightsRequest, RunState
from retention.operations.nights import ask_to_approve, start_dry_run, start_nightly_run, stop_run
from retention.operations.work import work_on_runs
from retention.selectors.due_people import NightList, NightSummary, due_rows, night_of, night_people, night_summary
from retention.selectors.holds import Why
from security.models import SecurityCase
from tests.factories import UserFactory
from tests.page_parts import empty_states, refusals
from tests.retention.everything import PAST
from tests.retention.nights import is_here, leaver, on, run_night, tell_in_time
from tests.retention.people import as_
from wellbeing.models import Concern

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-4")]

NIGHT = date(2026, 8, 1)


@pytest.fixture
def other(db: None) -> User:
    return UserFactory(given_name="Idris", roles=[Role.INFORMATION_GOVERNANCE])


@pytest.fixture
def people(officer: User) -> dict[str, User]:
    """One leaver for each reason, and one who has not been told."""
    found = {name: leaver(date(2023, 6, 10), given_name=name.title()) for name in
             ("going", "hold", "request", "restriction", "case", "concern", "both")}  # fmt: skip
    tell_in_time(NIGHT)
    found["untold"] = leaver(date(2023, 6, 9))
    said = {"reason": "A claim", "owner": officer, "placed_by": officer, "placed_at": PAST, "placed_on": PAST.date()}
    for name in ("hold", "both"):
        LegalHold.objects.create(person=found[name], classes=["notes"], expires_on=NIGHT, **said)
    RightsRequest.objects.create(person=found["request"], kind="access", received_on=NIGHT, due_on=NIGHT)
    RightsRequest.objects.create(
        person=found["restriction"], kind="restriction", received_on=NIGHT, due_on=NIGHT, state="closed",
        outcome="done", outcome_words="Agreed.", closed_at=PAST, restricted_at=PAST,
    )  # fmt: skip
    SecurityCase.objects.create(
        person=found["case"], opened_by=officer, opened_at=PAST, summary="Shared?", treated_as="student"
    )  # fmt: skip
    for name in ("concern", "both"):
        Concern.objects.create(
            student=found[name], raised_by=officer, raised_at=PAST, facts="Thin.", seriousness="worried",
            next_on=date(2030, 1, 1),
        )  # fmt: skip
    return found


@pytest.fixture
def dry(officer: User) -> PurgeRun:
    with on(NIGHT):
        run = start_dry_run(by=officer)
        work_on_runs()
    return run


def listed(run: PurgeRun, shown: NightList, reader: User) -> list[User]:
    return list(night_people(night_of(run), shown, reader))


def test_each_person_is_listed_with_why_since_when_and_what_stays(
    people: dict[str, User], dry: PurgeRun, officer: User
) -> None:
    assert listed(dry, NightList.GOING, officer) == [people["going"]]
    kept = listed(dry, NightList.KEPT, officer)
    assert kept == [people[name] for name in ("hold", "request", "restriction", "case", "both")]
    assert listed(dry, NightList.UNTOLD, officer) == [people["untold"]]
    rows = {row.person: row for row in due_rows([*kept, people["going"], people["untold"]], night_of(dry), officer)}
    assert {row.due_on for row in rows.values() if row.person != people["untold"]} == {NIGHT}
    assert (rows[people["going"]].ended_on, rows[people["untold"]].due_on) == (date(2023, 6, 10), None)
    assert [rows[person].reasons for person in kept] == [
        [Why.HOLD], [Why.REQUEST], [Why.RESTRICTION], [Why.CASE], [Why.HOLD],
    ]  # fmt: skip
    assert [rows[person].all_stays for person in kept] == [False, True, True, False, False]
    assert len(rows[people["hold"]].stays) == 5
    assert (rows[people["going"]].stays, rows[people["going"]].reasons) == ([], [])


@pytest.mark.policy("DATA-6")
def test_nobody_reads_from_the_list_for_whom_there_is_a_concern(
    people: dict[str, User], dry: PurgeRun, officer: User, other: User
) -> None:
    reasons = [(Why.HOLD, 2), (Why.REQUEST, 1), (Why.RESTRICTION, 1), (Why.CASE, 1)]
    assert night_summary(night_of(dry), officer) == NightSummary(1, 5, 1, 1, reasons)
    named = [person for shown in NightList for person in listed(dry, shown, officer)]
    assert people["concern"] not in named
    client = as_(officer)
    for shown in NightList:
        page = client.get(reverse("night_person_list", args=[dry.public_id]), {"show": shown}).content.decode()
        assert people["concern"].name not in page
        assert Why.CONCERN.value not in page
    other.roles = [Role.INFORMATION_GOVERNANCE, Role.WELLBEING_LEAD]
    other.save()
    assert night_summary(night_of(dry), other) == NightSummary(1, 6, 1, 0, [*reasons, (Why.CONCERN, 2)])
    rows = {row.person: row.reasons for row in due_rows(listed(dry, NightList.KEPT, other), night_of(dry), other)}
    assert (rows[people["concern"]], rows[people["both"]]) == ([Why.CONCERN], [Why.HOLD, Why.CONCERN])


def test_reading_the_list_is_recorded_and_others_do_not_see_it(
    people: dict[str, User], dry: PurgeRun, officer: User
) -> None:
    page = reverse("night_person_list", args=[dry.public_id])
    assert people["going"].name in as_(officer).get(page).content.decode()
    entry = AuditEntry.objects.get(action="purge_list_read")
    assert (entry.actor, entry.subject_id, entry.details) == (officer, dry.public_id, {"count": 1})
    for role in (Role.ADMINISTRATOR, Role.WELLBEING_LEAD, Role.CAREERS_MANAGER):
        assert as_(UserFactory(roles=[role])).get(page).status_code == 404
    assert AuditEntry.objects.filter(action="purge_list_read").count() == 1


def test_a_night_that_is_over_names_nobody(officer: User) -> None:
    run = PurgeRun.objects.create(night=NIGHT, state="stopped", ended_at=PAST)
    assert as_(officer).get(reverse("night_person_list", args=[run.public_id])).status_code == 404
    assert "summary" not in as_(officer).get(reverse("purge_run_detail", args=[run.public_id])).context
    empty = PurgeRun.objects.create(night=NIGHT, is_dry=True)
    assert empty_states(as_(officer).get(reverse("night_person_list", args=[empty.public_id]), {"show": "x"})) == 1


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_has_a_fixed_number_of_queries(
    officer: User, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(number):
        leaver(date(2023, 6, 10))
    tell_in_time(NIGHT)
    run = PurgeRun.objects.create(night=NIGHT, is_dry=True, state="completed", digest="x", ended_at=PAST)
    client = as_(officer)
    with django_assert_num_queries(18):
        client.get(reverse("night_person_list", args=[run.public_id]))
    with django_assert_num_queries(15):
        client.get(reverse("purge_run_detail", args=[run.public_id]))


# Approval


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.code


def test_no_officer_approves_a_large_night_alone(officer: User, other: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "messaging.mail_backend.backend.OutboxBackend"
    person = leaver(date(2023, 6, 10))
    run = run_night(NIGHT)
    assert run.state == RunState.ASKING
    proposal = ask_to_approve(run=run, by=officer)
    assert refusal(lambda: ask_to_approve(run=run, by=other)) == "proposed_already"
    assert refusal(lambda: confirm_proposal(proposal=proposal, by=officer)) == "second_person_needed"
    administrator = UserFactory(roles=[Role.ADMINISTRATOR])
    assert refusal(lambda: confirm_proposal(proposal=proposal, by=administrator)) == "not_yours"
    run.refresh_from_db()
    assert (run.state, is_here(person)) == (RunState.ASKING, True)
    shown = as_(other).get(reverse("proposal_detail", args=[proposal.public_id])).context["shown"]
    assert (len(shown.effect), shown.may_confirm) == (2, True)
    assert person.name in as_(other).get(shown.page).content.decode()
    confirm_proposal(proposal=proposal, by=other)
    approved = AuditEntry.objects.get(action="purge_approved")
    assert (approved.actor, approved.details) == (other, {"people": 1, "asked_by": officer.public_id})
    said = " ".join(OutboxMessage.objects.values_list("body_text", flat=True))
    assert said
    assert person.family_name not in said
    with on(NIGHT):
        work_on_runs()
    assert not is_here(person)


def test_what_waits_ends_with_the_night(officer: User, other: User) -> None:
    leaver(date(2023, 6, 10))
    run = run_night(NIGHT)
    stopped = ask_to_approve(run=run, by=officer)
    stop_run(run=run, because="A wrong file.", by=other)
    again = run_night(NIGHT + timedelta(days=1))
    overtaken = ask_to_approve(run=again, by=officer)
    with on(NIGHT + timedelta(days=2)):
        start_nightly_run()
    for proposal, state in ((stopped, "declined"), (overtaken, "expired")):
        proposal.refresh_from_db()
        assert proposal.state == state
        assert refusal(lambda: confirm_proposal(proposal=proposal, by=other)) == "proposal_over"  # noqa: B023
    assert AuditEntry.objects.filter(action__in=["night_declined", "night_expired"]).count() == 2


def test_a_declined_night_can_be_asked_for_again(officer: User, other: User) -> None:
    leaver(date(2023, 6, 10))
    run = run_night(NIGHT)
    end_proposal(proposal=ask_to_approve(run=run, by=officer), by=other)
    assert as_(officer).post(reverse("purge_run_approve", args=[run.public_id])).status_code == 302
    page = as_(other).get(reverse("purge_run_detail", args=[run.public_id]))
    assert page.context["approval"] == Proposal.objects.get(state="waiting")


def test_a_night_that_does_not_ask_is_not_approved(officer: User) -> None:
    run = PurgeRun.objects.create(night=NIGHT, state="running")
    answer = as_(officer).post(reverse("purge_run_approve", args=[run.public_id]))
    assert (answer.status_code, refusals(answer)) == (409, ["run_not_waiting"])
    assert not Proposal.objects.exists()
