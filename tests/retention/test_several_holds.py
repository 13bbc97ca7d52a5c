"""Legal holds on several people at once, and lifting several with a second officer (DATA-4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Proposal, Role, User
from accounts.operations.two_people import confirm_proposal
from foundation.outcomes.refusals import Refused
from messaging.models import OutboxMessage
from retention.models import LegalHold
from retention.operations.legal_holds import ask_to_lift, ask_to_lift_holds, place_legal_hold, place_legal_holds
from tests.factories import StudentFactory, UserFactory
from tests.page_parts import empty_states, tree_of
from tests.retention.nights import leaver
from tests.retention.people import as_

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-4")]


@pytest.fixture
def other(db: None) -> User:
    return UserFactory(given_name="Idris", roles=[Role.INFORMATION_GOVERNANCE])


@pytest.fixture
def people(db: None) -> list[User]:
    return [
        StudentFactory(given_name="Ada", family_name="Bell"),
        leaver(date(2020, 6, 10), given_name="Ben", family_name="Cole"),
        StudentFactory(given_name="Cleo", family_name="Dean"),
    ]


def later() -> date:
    return timezone.localdate() + timedelta(days=60)


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.code


def holds_of(people: list[User], by: User) -> list[LegalHold]:
    place_legal_holds(people=people, classes=[], reason="A claim", expires_on=later(), by=by)
    return list(LegalHold.objects.order_by("pk"))


def test_pasted_people_are_shown_first_and_each_gets_a_hold(officer: User, people: list[User]) -> None:
    for _ in range(2):
        StudentFactory(given_name="Dan", family_name="Evans")
    place_legal_hold(person=people[0], classes=[], reason="Before", expires_on=later(), by=officer)
    client, page = as_(officer), reverse("legal_holds_create")
    ada, ben, _ = people
    lines = [
        f" {str(ada.university_id).lower()} ",
        ben.email.upper(),
        "Cleo Dean",
        "",
        "Dan Evans",
        "Nobody Here",
        ada.email,
    ]
    said = {
        "who": "\n".join(lines),
        "classes": ["notes", "documents"], "reason": "A claim, LEG-9", "expires_on": str(later()),
    }  # fmt: skip
    shown = client.post(page, said)
    assert (shown.status_code, LegalHold.objects.count()) == (200, 1)
    assert shown.context["found"].people == people
    assert shown.context["found"].unclear == ["Dan Evans", "Nobody Here"]
    assert len(shown.context["effect"]) == 3
    form = tree_of(shown).xpath("//section[@aria-labelledby='effect']//form")[0]
    sent: dict[str, list[str]] = {}
    for field in form.xpath(".//input"):
        sent.setdefault(field.get("name"), []).append(field.get("value"))
    sent.pop("csrfmiddlewaretoken", None)
    assert sent["people"] == [",".join(each.public_id for each in people)]
    assert client.post(page, sent).status_code == 302
    assert client.post(page, sent).status_code == 302, "sent twice is once"
    made = LegalHold.objects.filter(reason="A claim, LEG-9")
    assert {hold.person for hold in made} == set(people)
    assert made.count() == 3
    assert {tuple(hold.classes) for hold in made} == {("notes", "documents")}
    entries = AuditEntry.objects.filter(action="legal_hold_placed", subject_id__in=made.values("public_id"))
    assert {each.student for each in entries} == set(people)


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(officer: User, people: list[User]) -> None:
    client, page = as_(officer), reverse("legal_holds_create")
    said = {"who": "\n".join(f"S{number}" for number in range(101)), "reason": "", "expires_on": str(later())}
    answer = client.post(page, said)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"who", "reason"})
    assert answer.context["form"]["who"].value() == said["who"]
    past = {"who": "x", "people": people[0].public_id, "reason": "A", "expires_on": "2020-01-01"}
    assert client.post(page, past).status_code == 409
    assert not LegalHold.objects.exists()


def test_nobody_is_among_those_they_place_a_hold_on(officer: User, people: list[User]) -> None:
    def place() -> None:
        place_legal_holds(people=[people[0], officer], classes=[], reason="A", expires_on=later(), by=officer)

    assert refusal(place) == "own_hold"
    assert not LegalHold.objects.exists(), "all or none"


def test_several_are_lifted_by_two_officers(officer: User, other: User, people: list[User], settings: Any) -> None:
    settings.EMAIL_BACKEND = "messaging.mail_backend.backend.OutboxBackend"
    holds = holds_of(people, officer)
    client = as_(officer)
    said = {"holds": [hold.public_id for hold in holds[:2]], "because": "Settled"}
    assert client.post(reverse("legal_holds_lift"), {"because": "x"}).status_code == 422
    assert client.post(reverse("legal_holds_lift"), said).status_code == 302
    proposal = Proposal.objects.get()
    assert refusal(lambda: confirm_proposal(proposal=proposal, by=officer)) == "second_person_needed"
    assert client.post(reverse("legal_holds_lift"), said).status_code == 409
    assert refusal(lambda: ask_to_lift(hold=holds[0], because="Again", by=other)) == "proposed_already"
    page = client.get(reverse("legal_hold_detail", args=[holds[1].public_id]))
    assert page.context["lifting"] == proposal
    effect = as_(other).get(reverse("proposal_detail", args=[proposal.public_id])).context["shown"].effect
    assert len(effect) == 3
    assert people[0].name in effect[0]
    confirm_proposal(proposal=proposal, by=other)
    assert [hold.lifted_by for hold in LegalHold.objects.order_by("pk")] == [other, other, None]
    entries = AuditEntry.objects.filter(action="legal_hold_lifted")
    assert {(each.student, each.details["asked_by"]) for each in entries} == {
        (person, officer.public_id) for person in people[:2]
    }
    sent = " ".join(OutboxMessage.objects.values_list("body_text", flat=True))
    assert sent
    assert not any(person.family_name in sent for person in people)


def test_nobody_sees_or_confirms_that_a_hold_on_them_is_lifted_among_others(
    officer: User, other: User, people: list[User]
) -> None:
    holds = holds_of([people[0], other], officer)
    proposal = ask_to_lift_holds(holds=holds, because="Settled", by=officer)
    assert refusal(lambda: confirm_proposal(proposal=proposal, by=other)) == "not_yours"
    assert not Proposal.objects.visible_to(other).exists()
    assert Proposal.objects.visible_to(officer).exists()
    assert OutboxMessage.objects.filter(to_address=other.email).count() == 0
    third = UserFactory(roles=[Role.INFORMATION_GOVERNANCE])
    assert Proposal.objects.visible_to(third).get() == proposal
    confirm_proposal(proposal=proposal, by=third)


def test_one_that_ended_meanwhile_stops_all(officer: User, other: User, people: list[User]) -> None:
    holds = holds_of(people, officer)
    proposal = ask_to_lift_holds(holds=holds, because="Settled", by=officer)
    LegalHold.objects.filter(pk=holds[0].pk).update(placed_on=date(2020, 1, 1), expires_on=date(2020, 1, 2))
    assert refusal(lambda: confirm_proposal(proposal=proposal, by=other)) == "hold_over"
    assert not LegalHold.objects.filter(lifted_at__isnull=False).exists()


def test_the_page_to_lift_has_a_fixed_number_of_queries(
    officer: User, people: list[User], django_assert_num_queries: Callable[[int], Any]
) -> None:
    client, page = as_(officer), reverse("legal_holds_lift")
    assert empty_states(client.get(page)) == 1
    for person in people[:1], people[1:]:
        place_legal_holds(people=person, classes=[], reason="A", expires_on=later(), by=officer)
        with django_assert_num_queries(5):
            client.get(page)
