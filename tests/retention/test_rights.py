"""Requests under data protection law, handled by the system (DATA-2): their steps, and erasure."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from syrupy.assertion import SnapshotAssertion

from accounts.models import AuditEntry, User
from appointments.models import BookingNote
from documents.models import StoredFile
from foundation.outcomes.refusals import Refused
from messaging.models import ContactPermission, OutboxMessage, ProviderCopy
from messaging.operations.contact_permissions import say_permissions
from messaging.operations.deliver import deliver_due
from retention.models import RightsRequest, Tombstones
from retention.operations import requests
from retention.operations.erase import erase
from retention.operations.watch import watch
from retention.operations.work import clear_away
from retention.selectors.erasure import erasure_of
from security.models import SecurityCase
from tests.cast import Cast
from tests.factories import StudentFactory
from tests.retention.everything import MARK, canary_person, give_everything, tables_saying
from tests.retention.nights import completed_night, on, stayers
from tests.retention.people import as_, told
from tests.retention.test_canary import files_saying
from wellbeing.models import Concern

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-2")]


class TestSteps:
    def test_the_clock_runs_from_the_day_it_was_received(self, officer: User) -> None:
        person = StudentFactory()
        with on(date(2026, 9, 20)):
            made = requests.ask(
                person=person,
                kind="rectification",
                words="My name",
                by=officer,
                received_on=date(2026, 9, 3),
                how="email",
            )
        assert (made.due_on, made.recorded_by) == (date(2026, 10, 5), officer)
        assert told("retention.request", person) == ["received"]
        assert told("retention.officer", officer) == ["new"]

    def test_a_request_cannot_be_received_in_the_future(self, officer: User) -> None:
        with pytest.raises(Refused) as refused:
            requests.ask(
                person=StudentFactory(), kind="access", by=officer, received_on=timezone.localdate() + timedelta(days=1)
            )
        assert refused.value.code == "received_later"

    def test_stopping_the_clock_moves_the_day(self, officer: User) -> None:
        person = StudentFactory()
        with on(date(2026, 9, 1)):
            made = requests.ask(person=person, kind="rectification", words="It", by=person)
        with on(date(2026, 9, 10)):
            requests.pause(request=made, words="Which of them?", by=officer)
            with pytest.raises(Refused):
                requests.pause(request=made, words="Which?", by=officer)
        with on(date(2026, 9, 17)):
            requests.answer_back(request=made, words="The second.", by=person)
        made.refresh_from_db()
        assert (made.state, made.days_paused, made.due_on) == ("open", 7, date(2026, 10, 8))
        assert told("retention.request", person) == ["received", "paused"]

    def test_two_further_months_are_told_within_the_first(self, officer: User) -> None:
        person = StudentFactory()
        with on(date(2026, 9, 1)):
            first = requests.ask(person=person, kind="rectification", words="It", by=person)
            second = requests.ask(person=person, kind="objection", words="It", by=person)
        with on(date(2026, 10, 1)):
            requests.extend(request=first, words="Three systems have to be asked.", by=officer)
        with on(date(2026, 10, 2)), pytest.raises(Refused) as refused:
            requests.extend(request=second, words="Late", by=officer)
        first.refresh_from_db()
        assert (first.due_on, refused.value.code) == (date(2026, 12, 1), "extension_late")

    def test_a_complaint_is_acknowledged_and_then_answered(self, officer: User) -> None:
        person = StudentFactory()
        with on(date(2026, 9, 1)):
            made = requests.ask(person=person, kind="complaint", words="Too long", by=person)
        assert made.due_on == date(2026, 10, 1)
        with on(date(2026, 9, 20)):
            requests.acknowledge(request=made, by=officer)
            requests.close(request=made, outcome="done", words="We have apologised.", by=officer)
        made.refresh_from_db()
        assert (made.acknowledged_on, made.outcome) == (date(2026, 9, 20), "done")
        assert told("retention.request", person) == ["received", "acknowledged", "closed"]

    def test_nobody_answers_their_own(self, officer: User) -> None:
        made = requests.ask(person=officer, kind="rectification", words="It", by=officer)
        for step in (requests.pause, requests.close):
            more = {"outcome": "done"} if step is requests.close else {}
            with pytest.raises(Refused) as refused:
                step(request=made, words="Mine", by=officer, **more)
            assert refused.value.code == "own_request"
        assert RightsRequest.objects.answered_by(officer).count() == 0

    def test_an_objection_to_a_purpose_is_met_at_once(self, officer: User) -> None:
        person = StudentFactory()
        said = {("marketing", "email"): True, ("alumni", "email"): True}
        say_permissions(person=person, said=said, by=person, where="page")
        requests.ask(person=person, kind="objection", by=person, purposes=["marketing"])
        held = {(each.purpose, each.given) for each in ContactPermission.objects.filter(person=person).in_force()}
        assert held == {("marketing", False), ("alumni", True)}

    def test_a_restriction_holds_until_it_is_lifted(self, officer: User) -> None:
        person = StudentFactory()
        made = requests.ask(person=person, kind="restriction", words="While you check", by=person)
        requests.restrict(request=made, words="Agreed.", by=officer)
        assert RightsRequest.objects.restricting().filter(person=person).exists()
        requests.lift(request=made, words="It is right now.", by=officer)
        assert not RightsRequest.objects.restricting().exists()
        assert told("retention.request", person) == ["received", "restricted", "lifted"]

    def test_every_step_is_composed_and_sent(self, officer: User) -> None:
        person = StudentFactory()
        made = requests.ask(person=person, kind="rectification", words="It", by=person)
        requests.pause(request=made, words="Which of them do you mean?", by=officer)
        requests.resume(request=made, by=officer)
        requests.extend(request=made, words="Three systems.", by=officer)
        requests.close(request=made, outcome="partly", words="Two of three are right now.", by=officer)
        deliver_due(seconds=20)
        sent = OutboxMessage.objects.filter(kind="retention.request").order_by("pk")
        assert [message.state for message in sent] == ["sent"] * 5
        assert "Which of them do you mean?" in sent[1].body_text
        assert "Two of three are right now." in sent[4].body_html
        letters = OutboxMessage.objects.filter(kind="retention.officer")
        assert {letter.state for letter in letters} == {"sent"}
        assert person.name not in "".join(letter.body_text for letter in letters)

    def test_officers_are_reminded_before_and_after_the_day(self, officer: User) -> None:
        stayers(1)
        with on(date(2026, 9, 1)):
            requests.ask(person=StudentFactory(), kind="rectification", words="It", by=officer)
        completed_night(date(2026, 9, 23))
        with on(date(2026, 9, 23)):
            assert watch() == 0
        completed_night(date(2026, 9, 24))
        with on(date(2026, 9, 24)):
            assert (watch(), watch()) == (1, 0)
        for day in (date(2026, 10, 2), date(2026, 10, 3)):
            completed_night(day)
            with on(day):
                assert (watch(), watch()) == (1, 0)
        assert told("retention.officer", officer)[1:] == ["due_soon", "late_request", "late_request"]


class TestErasure:
    def test_everything_is_deleted_at_once(self, cast: Cast, officer: User) -> None:
        person = canary_person(date(2026, 6, 10))
        give_everything(person, cast)
        address = person.contact_email
        request = requests.ask(person=person, kind="erasure", by=person)
        gone = erase(request=request, words="", by=officer)
        assert gone > 20
        assert not User.objects.filter(pk=person.pk).exists()
        assert Tombstones.objects.count() == 1
        assert set(tables_saying()) <= {
            "eligibility_activity",
            "messaging_outboxmessage",
            "accounts_feedfile",
            "messaging_providercopy",
        }
        left = OutboxMessage.objects.get(kind="retention.erased")
        assert (left.to_address, left.recipient) == (address, None)
        deliver_due(seconds=20)
        left.refresh_from_db()
        assert left.state == "sent"
        clear_away()
        assert ProviderCopy.objects.count() == 0
        assert files_saying(MARK) == []
        assert not StoredFile.objects.filter(discarded=True).exists()
        entry = AuditEntry.objects.get(action="person_erased")
        assert (entry.actor, entry.subject_id) == (officer, person.public_id)

    def test_what_has_to_stay_is_named_with_why(self, cast: Cast, officer: User, snapshot: SnapshotAssertion) -> None:
        person = canary_person()
        give_everything(person, cast)
        SecurityCase.objects.filter(person=person).update(state="open", ending="", closed_at=None, closed_by=None)
        request = requests.ask(person=person, kind="erasure", by=person)
        erasure = erasure_of(request, timezone.localdate())
        staying = {each.key for each, _ in erasure.staying}
        assert staying == {"security", "rights", "people", "courses"}
        assert erasure.reasons == snapshot
        erase(request=request, words="A case about your account is open.", by=officer)
        request.refresh_from_db()
        assert (request.outcome, request.state) == ("partly", "closed")
        assert told("retention.request", person) == ["closed"]  # earlier messages were deleted; this one is sent
        assert not BookingNote.objects.filter(booking__student=person).exists()
        assert User.objects.filter(pk=person.pk).exists()

    def test_an_open_concern_is_not_given_away(self, cast: Cast, officer: User, snapshot: SnapshotAssertion) -> None:
        person = canary_person()
        give_everything(person, cast)
        Concern.objects.filter(student=person).update(state="open", closed_at=None)
        request = requests.ask(person=person, kind="erasure", by=person)
        erasure = erasure_of(request, timezone.localdate())
        assert "wellbeing" not in {each.key for each, _ in [*erasure.going, *erasure.staying]}
        page = as_(officer).get(reverse("rights_request_detail", args=[request.public_id])).content.decode()
        assert "oncerns for your" not in page
        assert erasure.reasons == snapshot
        assert all(reason in page for reason in erasure.reasons)

    def test_officers_cannot_erase_themselves(self, officer: User) -> None:
        request = requests.ask(person=officer, kind="erasure", by=officer)
        with pytest.raises(Refused) as refused:
            erase(request=request, words="", by=officer)
        assert (refused.value.code, refused.value.status) == ("own_request", 403)

    def test_an_officer_is_warned_first(self, cast: Cast, officer: User) -> None:
        User.objects.filter(pk=cast.student.pk).update(in_feed_since=date(2025, 9, 1))
        request = requests.ask(person=cast.student, kind="erasure", by=cast.student)
        request.refresh_from_db()
        warnings = erasure_of(request, timezone.localdate()).warnings
        assert len(warnings) == 2
        assert "student feed" in warnings[1]
