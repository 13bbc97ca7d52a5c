"""Staff start with an invitation: one link, used once, for a few days (SEC-1)."""

import re
from datetime import timedelta
from functools import partial
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Role, User
from accounts.operations.account_status import suspend_account
from accounts.operations.add_colleague import NewColleague, add_colleague
from accounts.operations.invite import accept_invitation, invitation_url, invite
from accounts.rules.policy import policy_in_force
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now
from messaging.models import OutboxMessage
from tests.accounts.sign_in.conftest import signed_in_as
from tests.accounts.sign_in.test_limits import set_policy
from tests.appointments.racing import race
from tests.factories import PASSWORD, StudentFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.policy("SEC-1")]

EMAIL, NEW = "ada.new@example.ac.uk", "grey-otter-lantern-42"
SAID: dict[str, Any] = {
    "given_name": "Ada", "family_name": "New", "email": EMAIL, "university_id": "", "roles": ["adviser"],
}  # fmt: skip
TWICE = {"password1": NEW, "password2": NEW}


@pytest.fixture(autouse=True)
def begin(db: None, outbox: None) -> None:
    """Sends emails to the outbox."""


@pytest.fixture
def administrator() -> User:
    return UserFactory(roles=[Role.ADMINISTRATOR])


@pytest.fixture
def pages(administrator: User) -> Client:
    browser = Client()
    browser.post("/accounts/login/", {"login": administrator.email, "password": PASSWORD})
    return browser


@pytest.fixture
def colleague(administrator: User) -> User:
    return add_colleague(colleague=NewColleague(**SAID), by=administrator)


def letters(to: str = EMAIL) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(to_address=to).order_by("pk"))


def link_in(message: OutboxMessage) -> str:
    return re.findall(r"careers.example.ac.uk(/invitation/\S+)", message.body_text)[0]


def code_of(path: str) -> int:
    return Client().get(path).status_code


def accept(path: str, browser: Client | None = None) -> Any:
    return (browser or Client()).post(path, TWICE)


def test_an_administrator_adds_and_the_colleague_begins(pages: Client, settings: Any) -> None:
    assert pages.post(reverse("colleague_create"), SAID)["Location"] == reverse("colleague_list")
    person = User.objects.get(email=EMAIL)
    assert (person.roles, person.has_usable_password(), person.last_login) == (["adviser"], False, None)
    [message] = letters()
    path, browser = link_in(message), Client()
    assert browser.get(path).status_code == 200
    settings.STAFF_NEED_SECOND_FACTOR = True
    answer = accept(path, browser)
    assert (answer.status_code, signed_in_as(browser)) == (302, str(person.pk))
    assert browser.get("/")["Location"] == reverse("second_factor_enrol")
    assert browser.get(reverse("mfa_activate_totp")).status_code == 200
    acts = AuditEntry.objects.filter(subject_id=person.public_id).values_list("action", flat=True)
    assert {"added", "invited", "invitation_accepted", "password_chosen"} <= set(acts)


def test_a_second_factor_can_be_set_up_whatever_allauth_knows_of_the_address(settings: Any) -> None:
    """An unproven row of allauth's must not stand between staff and their second factor: nothing here proves it."""
    settings.STAFF_NEED_SECOND_FACTOR = True
    person = UserFactory(roles=[Role.ADVISER])
    EmailAddress.objects.create(user=person, email=person.email, verified=False, primary=True)
    browser = Client()
    browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert browser.get(reverse("mfa_activate_totp")).status_code == 200
    assert browser.get(reverse("mfa_add_webauthn")).status_code == 200


def test_opening_the_link_changes_nothing(colleague: User) -> None:
    path = link_in(letters()[0])
    assert [code_of(path), code_of(path)] == [200, 200]
    assert User.objects.get(pk=colleague.pk).sign_in_epoch == colleague.sign_in_epoch
    answer = Client().post(path, {"password1": NEW, "password2": "another"})
    assert answer.status_code == 422
    assert code_of(path) == 200


def test_the_link_works_once(colleague: User) -> None:
    path = link_in(letters()[0])
    accept(path)
    assert code_of(path) == 404
    assert accept(path).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_at_once_choose_one_password() -> None:
    colleague = add_colleague(colleague=NewColleague(**SAID), by=UserFactory(roles=[Role.ADMINISTRATOR]))
    token = link_in(letters()[0]).rstrip("/").rpartition("/")[2]

    outcome = race([partial(accept_invitation, token=token, password=f"{NEW}{number}") for number in range(4)])
    assert (len(outcome.done), [each.code for each in outcome.refused]) == (1, ["invitation_over"] * 3)
    assert User.objects.get(pk=colleague.pk).has_usable_password()


@pytest.mark.parametrize(("days", "code"), [(2.99, 200), (3, 404)])
def test_it_works_for_the_days_of_the_setting(colleague: User, days: float, code: int) -> None:
    set_policy(invitation_days=3)
    then = database_now() - timedelta(days=days)
    User.objects.filter(pk=colleague.pk).update(invited_at=then)
    assert code_of(urlsplit(invitation_url(colleague, then)).path) == code


def test_a_new_link_replaces_the_earlier_one(pages: Client, colleague: User) -> None:
    assert pages.post(reverse("colleague_invite", args=[colleague.public_id])).status_code == 302
    first, second = map(link_in, letters())
    assert [code_of(first), code_of(second)] == [404, 200]


def test_a_suspension_ends_it(colleague: User, administrator: User) -> None:
    path = link_in(letters()[0])
    suspend_account(person=colleague, by=administrator)
    assert code_of(path) == 404
    with pytest.raises(Refused) as refused:
        invite(person=colleague, by=administrator)
    assert refused.value.code == "account_closed"


def test_whoever_has_signed_in_is_not_invited(colleague: User, administrator: User) -> None:
    accept(link_in(letters()[0]))
    with pytest.raises(Refused) as refused:
        invite(person=colleague, by=administrator)
    assert refused.value.code == "joined_already"


def test_three_links_a_day(colleague: User, administrator: User) -> None:
    for _ in range(policy_in_force().unproven_letters_a_day - 1):
        invite(person=colleague, by=administrator)
    with pytest.raises(Refused) as refused:
        invite(person=colleague, by=administrator)
    assert refused.value.code == "too_many_letters"
    assert code_of(link_in(letters()[-1])) == 200


@pytest.mark.parametrize("token", ["x", "WyJ4Il0:1vP:zz", "a" * 900])
def test_a_forged_link_is_refused(token: str) -> None:
    assert code_of(reverse("invitation_accept", args=[token])) == 404


def test_the_form_sent_twice_adds_one(pages: Client) -> None:
    page = pages.get(reverse("colleague_create")).content.decode()
    [once] = re.findall(r'name="once" value="([^"]+)"', page)
    for _ in range(2):
        assert pages.post(reverse("colleague_create"), SAID | {"once": once}).status_code == 302
    assert len(letters()) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [({"email": "TAKEN@example.ac.uk"}, "email"), ({"university_id": "E7"}, "university_id"), ({"roles": []}, "roles")],
)
def test_what_cannot_be_is_said_at_its_field(pages: Client, change: dict[str, Any], field: str) -> None:
    StudentFactory(email="taken@example.ac.uk", university_id="E7")
    answer = pages.post(reverse("colleague_create"), SAID | change)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not letters()


def test_nobody_becomes_a_student_there(pages: Client) -> None:
    assert pages.post(reverse("colleague_create"), SAID | {"roles": ["student"]}).status_code == 422


def test_the_list_says_who_has_not_joined(pages: Client, colleague: User, administrator: User) -> None:
    answer = pages.get(reverse("colleague_list"))
    states = {row.person.email: row.state for row in answer.context["rows"]}
    assert states == {EMAIL: "invited", administrator.email: "joined"}
    accept(link_in(letters()[0]))
    states = {row.person.email: row.state for row in pages.get(reverse("colleague_list")).context["rows"]}
    assert states[EMAIL] == "joined"


def test_the_list_asks_as_much_for_one_as_for_three(
    pages: Client, administrator: User, django_assert_num_queries: Any
) -> None:
    counts = []
    for number in (0, 2):
        for each in range(number):
            add_colleague(colleague=NewColleague(**SAID | {"email": f"{number}{each}@example.ac.uk"}), by=administrator)
        pages.get(reverse("colleague_list"))
        with django_assert_num_queries(QUERIES) as asked:
            pages.get(reverse("colleague_list"))
        counts.append(len(asked))
    assert counts == [QUERIES, QUERIES]


QUERIES = 6
"""The session, the reader, the setting, the count and the rows."""


def test_people_added_in_django_admin_are_invited_too(pages: Client) -> None:
    data = {"given_name": "Ada", "email": EMAIL, "roles": ["adviser"], "is_active": "on",
            "enrolments-TOTAL_FORMS": "0", "enrolments-INITIAL_FORMS": "0"}  # fmt: skip
    assert pages.post(reverse("admin:accounts_user_add"), data).status_code == 302
    assert code_of(link_in(letters()[0])) == 200


# The first administrator


def first(*arguments: str) -> str:
    said = StringIO()
    call_command("first_administrator", "--name", "Moira Anne Campbell", "--email", EMAIL, *arguments, stdout=said)
    return said.getvalue()


def test_the_first_administrator_gets_a_link() -> None:
    first()
    person = User.objects.get(email=EMAIL)
    assert (person.given_name, person.family_name, person.roles) == ("Moira Anne", "Campbell", ["administrator"])
    assert code_of(link_in(letters()[0])) == 200
    entry = AuditEntry.objects.get(action="invited")
    assert (entry.actor, entry.origin, entry.subject_id) == (None, "command", person.public_id)


def test_again_a_new_link_and_after_the_first_sign_in_no_more() -> None:
    first()
    printed = first("--print").splitlines()[-1]
    assert User.objects.count() == 1
    path = urlsplit(printed).path
    assert link_in(letters()[-1]) == path
    accept(path)
    with pytest.raises(CommandError, match="administrator"):
        first()


def test_a_wrong_address_is_refused() -> None:
    with pytest.raises(CommandError):
        call_command("first_administrator", "--name", "Moira", "--email", "moira", stdout=StringIO())
    assert not User.objects.exists()
