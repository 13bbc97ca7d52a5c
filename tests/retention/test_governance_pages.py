"""Information governance's pages: nightly runs and their evidence, holds, names, people without an end date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Proposal, Role, Status, User
from appointments.models import BookingNote
from foundation.outcomes.refusals import Refused
from retention.models import LegalHold, PurgeRun, RunState, Statistic, TextMention
from retention.operations.legal_holds import place_legal_hold
from retention.operations.review_mentions import review_mention
from retention.operations.work import work_on_runs
from security.models import CaseEntry
from tests.cast import Cast
from tests.factories import StudentFactory, UserFactory, stored_booking
from tests.page_parts import empty_states, refusals
from tests.retention.everything import PAST, canary_person, give_everything
from tests.retention.nights import completed_night, leaver, on, run_night, stayers
from tests.retention.people import as_

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-4")]

NIGHT = date(2026, 8, 1)


def test_a_night_its_numbers_and_its_certificate(cast: Cast, officer: User) -> None:
    person = leaver(date(2023, 6, 10))
    stored_booking(person, cast.adviser, cast.type, cast.room, PAST, status="attended")
    stayers()
    run = completed_night(NIGHT)
    client = as_(officer)
    assert "Saturday 1 August 2026" in client.get(reverse("retention_overview")).content.decode()
    page = client.get(reverse("purge_run_detail", args=[run.public_id])).content.decode()
    assert run.digest in page
    assert "Appointments" in page
    certificate = client.get(reverse("certificate_download", args=[run.public_id]))
    said = certificate.content.decode()
    assert certificate["Content-Disposition"].startswith("attachment")
    assert f"Digest         {run.digest}" in said
    assert "1 due of 11: 1 deleted, 0 held, 0 failed" in " ".join(said.split())
    assert person.name not in said


def test_a_night_waiting_for_approval_is_approved_or_stopped(officer: User) -> None:
    leaver(date(2023, 6, 10))
    run = run_night(NIGHT)
    client = as_(officer)
    overview = client.get(reverse("retention_overview")).content.decode()
    assert 'id="asking"' in overview
    empty = client.post(reverse("purge_run_stop", args=[run.public_id]), {"because": ""})
    assert empty.status_code == 422
    client.post(reverse("purge_run_approve", args=[run.public_id]))
    twice = client.post(reverse("purge_run_approve", args=[run.public_id]))
    assert twice.status_code == 409
    confirm = reverse("proposal_confirm", args=[Proposal.objects.get().public_id])
    assert client.post(confirm).status_code == 403
    other = UserFactory(roles=[Role.INFORMATION_GOVERNANCE])
    assert as_(other).post(confirm).status_code == 302
    with on(NIGHT):
        work_on_runs()
    run.refresh_from_db()
    assert (run.state, run.approved_by, run.people_done) == (RunState.COMPLETED, other, 1)


def test_a_dry_run_by_a_button(officer: User) -> None:
    leaver(date(2020, 6, 10))
    client = as_(officer)
    answer = client.post(reverse("dry_run_start"))
    work_on_runs()
    page = client.get(answer["Location"]).content.decode()
    assert "Counted" in page
    assert "Numbers" in page
    assert User.objects.filter(roles=["graduate"]).count() == 1


def test_a_broken_chain_and_a_missing_night_are_said_first(officer: User) -> None:
    stayers()
    completed_night(NIGHT)
    PurgeRun.objects.update(people_done=9)
    page = as_(officer).get(reverse("retention_overview")).content.decode()
    assert page.count("alert tone-error") == 2


def test_a_legal_hold_from_its_placing_to_its_lifting(cast: Cast, officer: User) -> None:
    client, later = as_(officer), timezone.localdate() + timedelta(days=40)
    found = client.get(reverse("legal_hold_create"), {"who": cast.student.email})
    assert cast.student.name in found.content.decode()
    said = {"person": cast.student.public_id, "classes": ["notes"], "reason": "A claim", "expires_on": str(later)}
    wrong = client.post(reverse("legal_hold_create"), said | {"expires_on": "2020-01-01"})
    assert wrong.status_code == 409
    assert refusals(wrong) == ["hold_dates"]
    client.post(reverse("legal_hold_create"), said)
    hold = LegalHold.objects.get()
    assert (hold.owner, hold.classes) == (officer, ["notes"])
    here = reverse("legal_hold_detail", args=[hold.public_id])
    assert "Notes of appointments" in client.get(here).content.decode()
    sooner = client.post(reverse("legal_hold_extend", args=[hold.public_id]), {"expires_on": str(later)})
    assert sooner.status_code == 422
    client.post(reverse("legal_hold_extend", args=[hold.public_id]), {"expires_on": str(later + timedelta(days=9))})
    client.post(reverse("legal_hold_lift", args=[hold.public_id]), {"because": "Settled."})
    confirm = reverse("proposal_confirm", args=[Proposal.objects.get().public_id])
    assert client.post(confirm).status_code == 403
    assert client.post(reverse("legal_hold_lift", args=[hold.public_id]), {"because": "x"}).status_code == 409
    other = UserFactory(roles=[Role.INFORMATION_GOVERNANCE])
    assert as_(other).post(confirm).status_code == 302
    hold.refresh_from_db()
    assert (hold.lifted_by, hold.lifted_because) == (other, "Settled.")
    assert client.post(reverse("legal_hold_lift", args=[hold.public_id]), {"because": "x"}).status_code == 409
    assert "Lifted" in client.get(reverse("legal_hold_list")).content.decode()


def test_nobody_places_a_hold_on_themselves(officer: User) -> None:
    later = timezone.localdate() + timedelta(days=9)
    with pytest.raises(Refused) as refused:
        place_legal_hold(person=officer, classes=[], reason="Mine", expires_on=later, by=officer)
    assert refused.value.code == "own_hold"


def mention_in_a_note(cast: Cast, words: str) -> TextMention:
    booking = stored_booking(StudentFactory(), cast.adviser, cast.type, cast.room, PAST, status="attended")
    note = BookingNote.objects.create(booking=booking, text=f"Came with {words} today.", by=cast.adviser)
    return TextMention.objects.create(
        model="appointments.BookingNote", row=note.pk, field="text", start=10, length=len(words), found_at=PAST
    )


def test_a_name_is_blacked_out_letter_for_letter(cast: Cast, officer: User) -> None:
    mention = mention_in_a_note(cast, "Ann Smith")
    client = as_(officer)
    assert "<mark>Ann Smith</mark>" in client.get(reverse("mention_list")).content.decode()
    client.post(reverse("mention_review", args=[mention.public_id]), {"decision": "black_out"})
    assert BookingNote.objects.get(pk=mention.row).text == "Came with █████████ today."
    mention.refresh_from_db()
    assert (mention.blacked_out, mention.reviewed_by) == (True, officer)
    assert empty_states(client.get(reverse("mention_list"))) == 1


def test_another_persons_name_is_not_blacked_out(cast: Cast, officer: User) -> None:
    mention = mention_in_a_note(cast, "Ann Smith")
    as_(officer).post(reverse("mention_review", args=[mention.public_id]), {"decision": "leave"})
    assert "Ann Smith" in BookingNote.objects.get(pk=mention.row).text


def test_a_place_in_a_cases_log_and_one_that_is_gone(cast: Cast, officer: User) -> None:
    person = canary_person()
    give_everything(person, cast)
    entry = CaseEntry.objects.get()
    where = {"model": "security.CaseEntry", "field": "words", "start": 0, "length": 3, "found_at": PAST}
    review_mention(mention=TextMention.objects.create(row=entry.pk, **where), black_out=True, by=officer)
    entry.refresh_from_db()
    assert entry.words.startswith("███")
    gone = TextMention.objects.create(row=987_654, **where)
    page = as_(officer).get(reverse("mention_list")).content.decode()
    assert "data-text-gone" in page
    assert "<mark>" not in page
    review_mention(mention=gone, black_out=True, by=officer)


@pytest.mark.parametrize("number", [1, 3])
def test_list_pages_have_a_fixed_number_of_queries(
    cast: Cast, officer: User, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    later = timezone.localdate() + timedelta(days=9)
    for _ in range(number):
        place_legal_hold(person=StudentFactory(), classes=[], reason="A claim", expires_on=later, by=officer)
        mention_in_a_note(cast, "Ann Smith")
        StudentFactory(course={"status": Status.WITHDRAWN})
        Statistic.objects.create(what="appointments", academic_year=str(2000 + Statistic.objects.count()), count=3)
        PurgeRun.objects.create(night=NIGHT, is_dry=True, state="completed", digest="x", ended_at=timezone.now())
    client = as_(officer)
    for page, queries in (
        ("retention_overview", 16),
        ("legal_hold_list", 5),
        ("mention_list", 8),
        ("unclocked_list", 6),
        ("schedule_list", 3),
        ("statistic_list", 4),
    ):
        with django_assert_num_queries(queries):
            client.get(reverse(page))
