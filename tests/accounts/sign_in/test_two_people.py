"""Roles that open concerns, cases, the trail, retention or requests take two people (SEC-1)."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import GUARDED, AuditEntry, Proposal, Role, User
from accounts.operations.add_colleague import NewColleague, add_colleague
from accounts.operations.record_audit import record_audit
from accounts.operations.roles import give_role, take_role
from accounts.operations.two_people import confirm_proposal, end_proposal
from accounts.rules.policy import policy_in_force
from accounts.selectors.roles import role_review
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now, local_day, months_after
from messaging.models import OutboxMessage
from retention.operations.watch import watch
from tests.accounts.feed_files import feed, person
from tests.accounts.sign_in.test_limits import set_policy
from tests.appointments.racing import race
from tests.factories import PASSWORD, UserFactory
from tests.retention.nights import on

pytestmark = [pytest.mark.django_db, pytest.mark.policy("SEC-1")]

LEAD, GOVERNANCE, ADMINISTRATOR = Role.WELLBEING_LEAD, Role.INFORMATION_GOVERNANCE, Role.ADMINISTRATOR


@pytest.fixture(autouse=True)
def begin(db: None, outbox: None) -> None:
    """Sends emails to the outbox."""


@pytest.fixture
def office() -> dict[str, User]:
    return {
        "asker": UserFactory(roles=[ADMINISTRATOR]),
        "administrator": UserFactory(roles=[ADMINISTRATOR]),
        "lead": UserFactory(roles=[LEAD]),
        "officer": UserFactory(roles=[GOVERNANCE]),
        "adviser": UserFactory(roles=[Role.ADVISER]),
        "former": UserFactory(roles=[LEAD, GOVERNANCE, ADMINISTRATOR], is_active=False),
        "person": UserFactory(given_name="Sam", roles=[Role.ADVISER]),
    }


def told(since: int = 0) -> set[str]:
    return set(OutboxMessage.objects.filter(pk__gt=since).values_list("to_address", flat=True))


def latest_message() -> int:
    return OutboxMessage.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def said(action: str) -> tuple[Any, ...]:
    entry = AuditEntry.objects.filter(action=action).latest("pk")
    return entry.actor, entry.subject_id, entry.details


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.code


def ask(office: dict[str, User], role: str = LEAD) -> Proposal:
    proposal = give_role(person=office["person"], role=role, by=office["asker"])
    assert proposal
    return proposal


def roles_of(person: User) -> list[str]:
    return User.objects.get(pk=person.pk).roles


MATRIX = {
    (LEAD, "asker"): "second_person_needed",
    (LEAD, "administrator"): "",
    (LEAD, "lead"): "",
    (LEAD, "officer"): "not_yours",
    (LEAD, "adviser"): "not_yours",
    (LEAD, "former"): "not_yours",
    (LEAD, "person"): "about_yourself",
    (GOVERNANCE, "asker"): "second_person_needed",
    (GOVERNANCE, "administrator"): "",
    (GOVERNANCE, "lead"): "not_yours",
    (GOVERNANCE, "officer"): "",
    (GOVERNANCE, "person"): "about_yourself",
    (ADMINISTRATOR, "asker"): "second_person_needed",
    (ADMINISTRATOR, "administrator"): "",
    (ADMINISTRATOR, "lead"): "not_yours",
    (ADMINISTRATOR, "officer"): "not_yours",
}
"""Who may confirm a role that an administrator has asked for; otherwise the code of the refusal."""


@pytest.mark.parametrize(("role", "who"), MATRIX)
def test_who_may_confirm(office: dict[str, User], role: str, who: str) -> None:
    proposal, code = ask(office, role), MATRIX[role, who]
    assert roles_of(office["person"]) == [Role.ADVISER]
    confirm = partial(confirm_proposal, proposal=proposal, by=office[who])
    if code:
        assert refusal(confirm) == code
        assert roles_of(office["person"]) == [Role.ADVISER]
        return
    confirm()
    assert roles_of(office["person"]) == [Role.ADVISER, role]
    assert User.objects.get(pk=office["person"].pk).invited_at is None
    details = {"role": role, "before": "adviser", "after": f"adviser, {role}", "asked_by": office["asker"].public_id}
    assert said("role_given") == (office[who], office["person"].public_id, details)


def test_who_is_told(office: dict[str, User]) -> None:
    User.objects.filter(pk=office["person"].pk).update(last_login=database_now())
    others = {office[who].email for who in ("administrator", "lead", "officer")}
    proposal = ask(office)
    assert told() == others
    assert said("role_asked")[2] == {"proposal": proposal.public_id, "what": LEAD}
    seen = latest_message()
    confirm_proposal(proposal=proposal, by=office["lead"])
    assert told(seen) == {office[who].email for who in ("asker", "administrator", "officer", "person")}
    seen = latest_message()
    take_role(person=office["person"], role=LEAD, by=office["asker"])
    assert told(seen) == others
    assert said("role_taken")[2] | {"asked_by": None} == {
        "role": LEAD, "before": f"adviser, {LEAD}", "after": "adviser", "asked_by": None,
    }  # fmt: skip


def test_whoever_gives_an_ordinary_role_needs_nobody(office: dict[str, User]) -> None:
    assert give_role(person=office["person"], role=Role.EDITOR, by=office["asker"]) is None
    assert roles_of(office["person"]) == [Role.ADVISER, Role.EDITOR]
    assert not told()
    assert refusal(lambda: give_role(person=office["person"], role=Role.EDITOR, by=office["asker"])) == "role_held"


@pytest.mark.parametrize("role", sorted(GUARDED))
def test_nobody_asks_for_a_role_of_their_own(office: dict[str, User], role: str) -> None:
    """A self-promotion: refused, told to the others, and in the trail."""
    person = office["asker"] if role != ADMINISTRATOR else office["lead"]
    assert refusal(lambda: give_role(person=person, role=role, by=person)) == "about_yourself"
    assert role not in roles_of(person)
    assert not Proposal.objects.exists()
    assert said("refused") == (person, person.public_id, {"why": "about_yourself"})
    assert {office["officer"].email, office["administrator"].email} <= told()


@pytest.mark.parametrize(("who", "code"), [("asker", "second_person_needed"), ("person", "about_yourself")])
def test_confirming_alone_is_recorded_and_told(office: dict[str, User], who: str, code: str) -> None:
    proposal, seen = ask(office), latest_message()
    refusal(lambda: confirm_proposal(proposal=proposal, by=office[who]))
    assert said("refused") == (office[who], office["person"].public_id, {"why": code})
    assert {office["lead"].email, office["officer"].email} <= told(seen)
    assert Proposal.objects.get().state == "waiting"


def test_it_waits_for_the_days_of_the_setting(office: dict[str, User]) -> None:
    proposal, lead = ask(office), office["lead"]
    assert refusal(lambda: ask(office)) == "proposed_already"
    Proposal.objects.update(expires_at=database_now())
    assert refusal(lambda: confirm_proposal(proposal=proposal, by=lead)) == "proposal_over"
    set_policy(second_person_days=2)
    again = ask(office)
    assert again.expires_at - again.asked_at == timedelta(days=2)
    assert list(Proposal.objects.order_by("pk").values_list("state", flat=True)) == ["expired", "waiting"]


@pytest.mark.parametrize(("who", "state"), [("asker", "withdrawn"), ("lead", "declined"), ("officer", "")])
def test_it_is_withdrawn_or_declined(office: dict[str, User], who: str, state: str) -> None:
    proposal = ask(office)
    if not state:
        assert refusal(lambda: end_proposal(proposal=proposal, by=office[who])) == "not_yours"
        return
    assert end_proposal(proposal=proposal, by=office[who]) == state
    assert said(f"role_{state}")[2] == {"proposal": proposal.public_id, "what": LEAD}
    assert refusal(lambda: confirm_proposal(proposal=proposal, by=office["administrator"])) == "proposal_over"
    assert refusal(lambda: end_proposal(proposal=proposal, by=office[who])) == "proposal_over"


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_give_one_role(office: dict[str, User]) -> None:
    proposal = ask(office)
    outcome = race([partial(confirm_proposal, proposal=proposal, by=office[who]) for who in ("lead", "administrator")])
    assert (len(outcome.done), [each.code for each in outcome.refused]) == (1, ["proposal_over"])
    assert AuditEntry.objects.filter(action="role_given", details__asked_by=office["asker"].public_id).count() == 1


def test_the_last_administrator_stays(office: dict[str, User]) -> None:
    take_role(person=office["administrator"], role=ADMINISTRATOR, by=office["asker"])
    assert refusal(lambda: take_role(person=office["asker"], role=ADMINISTRATOR, by=office["asker"])) == (
        "last_administrator"
    )
    assert refusal(lambda: take_role(person=office["administrator"], role=LEAD, by=office["asker"])) == "role_not_held"


# Ways round: invitations, the admin, commands, the student feed


def test_an_invitation_gives_no_guarded_role(office: dict[str, User]) -> None:
    asked = NewColleague("Ada", "New", "ada.new@example.ac.uk", [Role.ADVISER, LEAD])
    ada = add_colleague(colleague=asked, by=office["asker"])
    assert (ada.roles, ada.invited_at is not None) == ([Role.ADVISER], True)
    assert (Proposal.objects.get().person, Proposal.objects.get().subject) == (ada, LEAD)


def test_who_gets_nothing_else_is_invited_when_it_is_confirmed(office: dict[str, User]) -> None:
    asked = NewColleague("Ada", "New", "ada.new@example.ac.uk", [LEAD])
    ada = add_colleague(colleague=asked, by=office["asker"])
    assert (ada.roles, "ada.new@example.ac.uk" in told()) == ([], False)
    confirm_proposal(proposal=Proposal.objects.get(), by=office["administrator"])
    ada.refresh_from_db()
    assert (ada.roles, OutboxMessage.objects.filter(to_address=ada.email).count()) == ([LEAD], 1)


@pytest.fixture
def admin(office: dict[str, User]) -> Client:
    browser = Client()
    browser.force_login(office["asker"])
    return browser


def change(admin: Client, person: User, **fields: Any) -> dict[str, list[str]]:
    data = {"given_name": person.given_name, "family_name": person.family_name, "email": person.email,
            "university_id": person.university_id or "", "roles": person.roles, "is_active": "on" * person.is_active,
            "enrolments-TOTAL_FORMS": 0, "enrolments-INITIAL_FORMS": 0, **fields}  # fmt: skip
    answer = admin.post(reverse("admin:accounts_user_change", args=[person.pk]), data)
    if answer.status_code == 302:
        return {}
    found = answer.context["adminform"].form.errors.as_data()
    return {field: [each.code for each in errors] for field, errors in found.items()}


@pytest.mark.parametrize("role", sorted(GUARDED))
def test_the_admin_gives_and_takes_no_guarded_role(office: dict[str, User], admin: Client, role: str) -> None:
    person = office["person"]
    assert change(admin, person, roles=[Role.ADVISER, role]) == {"roles": ["second_person_needed"]}
    assert said("refused") == (office["asker"], person.public_id, {"why": "second_person_needed"})
    assert office["officer"].email in told()
    data = {"given_name": "Ada", "email": "ada.new@example.ac.uk", "roles": [role], "is_active": "on",
            "enrolments-TOTAL_FORMS": "0", "enrolments-INITIAL_FORMS": "0"}  # fmt: skip
    assert admin.post(reverse("admin:accounts_user_add"), data).status_code == 200
    assert not User.objects.filter(email="ada.new@example.ac.uk").exists()
    assert change(admin, office["lead"], roles=[Role.EDITOR]) == {"roles": ["second_person_needed"]}


def test_the_admin_gives_ordinary_roles_and_records_them(office: dict[str, User], admin: Client) -> None:
    assert change(admin, office["person"], roles=[Role.EDITOR]) == {}
    assert [said("role_given")[2]["role"], said("role_taken")[2]["role"]] == [Role.EDITOR, Role.ADVISER]
    assert change(admin, office["lead"], roles=[LEAD, Role.EDITOR]) == {}


@pytest.mark.parametrize(
    ("who", "fields"),
    [
        ("lead", {"email": "mine@example.ac.uk"}),
        ("lead", {"university_id": "E99"}),
        ("former", {"is_active": "on"}),
    ],
)
def test_an_account_with_such_a_role_is_not_led_elsewhere(
    office: dict[str, User], admin: Client, who: str, fields: dict[str, str]
) -> None:
    """Otherwise an administrator would reset the password of an officer at an address of their own."""
    assert change(admin, office[who], **fields) == {name: ["guarded_account"] for name in fields}
    if who == "lead":
        seen = latest_message()
        assert change(admin, office[who], is_active="") == {}
        assert told(seen) == {office[each].email for each in ("administrator", "officer")}


def test_the_feed_does_not_change_such_an_address(office: dict[str, User]) -> None:
    User.objects.filter(pk=office["lead"].pk).update(university_id="F0000001")
    User.objects.filter(pk=office["person"].pk).update(university_id="F0000002")
    feed(person(1), person(2))
    assert User.objects.get(pk=office["lead"].pk).email == office["lead"].email
    assert User.objects.get(pk=office["person"].pk).email == person(2)["email"]


def test_djangos_command_makes_no_administrator() -> None:
    with pytest.raises(CommandError, match="first_administrator"):
        call_command("createsuperuser", stdout=StringIO())
    assert not User.objects.exists()


def first(email: str) -> None:
    call_command("first_administrator", "--name", "Moira Campbell", "--email", email, stdout=StringIO())


def test_the_command_adds_administrators_until_one_can_confirm_for_the_other() -> None:
    joined = partial(UserFactory, roles=[ADMINISTRATOR], last_login=database_now())
    moira = joined()
    first("second@example.ac.uk")
    assert AuditEntry.objects.get(action="role_given").actor is None
    assert moira.email in told()
    joined()
    with pytest.raises(CommandError, match="administrator"):
        first("third@example.ac.uk")


# Pages


def signed_in(person: User) -> Client:
    browser = Client()
    browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    return browser


def test_from_asking_to_confirming_on_the_pages(office: dict[str, User]) -> None:
    asker, lead, sam = signed_in(office["asker"]), signed_in(office["lead"]), office["person"]
    roles = reverse("colleague_roles", args=[sam.public_id])
    assert asker.post(roles, {"role": LEAD}).status_code == 302
    proposal = Proposal.objects.get()
    page = reverse("proposal_detail", args=[proposal.public_id])
    own, others = asker.get(page).context["shown"], lead.get(page).context["shown"]
    assert (own.may_confirm, own.may_end, own.is_own) == (False, True, True)
    assert (others.may_confirm, others.may_end) == (True, True)
    confirm = reverse("proposal_confirm", args=[proposal.public_id])
    assert asker.post(confirm).status_code == 403
    assert lead.post(confirm).status_code == 302
    assert lead.post(confirm).status_code == 403
    assert roles_of(sam) == [Role.ADVISER, LEAD]
    row = next(row for row in asker.get(reverse("role_list")).context["rows"] if (row.person, row.role) == (sam, LEAD))
    assert (row.given_by, row.asked_by, row.since is None) == (office["lead"].name, office["asker"].name, False)
    assert asker.post(reverse("colleague_role_take", args=[sam.public_id]), {"role": LEAD}).status_code == 302
    assert roles_of(sam) == [Role.ADVISER]


def test_information_governance_reviews_the_list(office: dict[str, User]) -> None:
    officer, page = signed_in(office["officer"]), reverse("role_list")
    seen = officer.get(page).context
    assert (seen["review"].at, seen["review"].is_due) == (None, False)
    give_role(person=office["person"], role=Role.EDITOR, by=office["asker"])
    officer.post(reverse("role_review_create"), {"seal": seen["seal"]})
    assert not AuditEntry.objects.filter(action="roles_reviewed").exists()
    officer.post(reverse("role_review_create"), {"seal": officer.get(page).context["seal"]})
    review = officer.get(page).context["review"]
    assert (review.is_due, review.by) == (False, office["officer"].name)
    set_policy(role_review_months=1)
    assert policy_in_force().role_review_months == 1
    assert officer.get(page).context["review"].due_on < review.due_on


def test_an_overdue_review_is_said(office: dict[str, User]) -> None:
    record_audit(actor=None, action="added", on=office["person"])
    today = local_day(database_now())
    due = months_after(today, 6)
    assert [role_review(day, 6).is_due for day in (today, due - timedelta(days=1), due)] == [False, False, True]
    with on(due):
        assert watch() == watch() > 0
    reminders = OutboxMessage.objects.filter(kind="retention.officer", dedupe_key__contains=":review:")
    assert [each.recipient for each in reminders] == [office["officer"]]


def test_the_lists_ask_as_much_for_one_as_for_three(
    office: dict[str, User], django_assert_num_queries: Any
) -> None:  # fmt: skip
    browser = signed_in(office["officer"])
    for number in (1, 2):
        for _ in range(number):
            give_role(person=UserFactory(roles=[Role.ADVISER]), role=LEAD, by=office["asker"])
            confirmed = give_role(person=UserFactory(roles=[Role.ADVISER]), role=LEAD, by=office["asker"])
            assert confirmed
            confirm_proposal(proposal=confirmed, by=office["lead"])
        for page, queries in (("role_list", 9), ("proposal_list", 6)):
            browser.get(reverse(page))
            with django_assert_num_queries(queries):
                browser.get(reverse(page))


# The constraint alone


@pytest.mark.parametrize("who", ["asker", "person"])
def test_the_constraint(office: dict[str, User], who: str) -> None:
    proposal = ask(office)
    with pytest.raises(IntegrityError, match="proposal_takes_two_people"), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(
            state="confirmed", ended_by=office[who], ended_at=database_now()
        )  # fmt: skip
