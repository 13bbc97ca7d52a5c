"""A suspended person is shut out from the next request on; a terminated account stays closed; nobody undoes it by
accident (SEC-4)."""

from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccountStatus, ApiToken, AuditEntry, User
from accounts.operations.account_status import reinstate_account, suspend_account, terminate_account
from accounts.operations.api_tokens import issue_api_token
from accounts.operations.signals import account_suspended
from foundation.outcomes.refusals import Refused
from messaging.models import OutboxMessage
from tests.appointments.api_cast import Program
from tests.cast import Cast
from tests.factories import PASSWORD
from tests.security.conftest import Office

pytestmark = [pytest.mark.django_db, pytest.mark.policy("SEC-4")]


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sign_in(user: User, password: str = PASSWORD) -> Any:
    client = Client()
    return client, client.post(reverse("account_login"), {"login": user.email, "password": password})


def test_the_next_request_shows_whom_to_contact(office: Office) -> None:
    client = as_(office.graduate)
    assert client.get("/").status_code == 200
    suspend_account(person=office.graduate, by=office.officer)
    for path in (
        "/",
        "/appointments/",
        "/profile/",
        "/book/",
        "/policies/",
        "/accounts/login/",
        "/nowhere/",
        "/admin/",
    ):
        assert client.get(path)["Location"] == reverse("account_suspended"), path
    assert client.post("/profile/", {"preferred_name": "X"})["Location"] == reverse("account_suspended")
    page = client.get(reverse("account_suspended"))
    content = page.content.decode()
    assert page.status_code == 200
    assert "careers@example.ac.uk" in content
    assert "01632 960100" in content
    assert office.graduate.family_name not in content
    office.graduate.refresh_from_db()
    assert office.graduate.preferred_name == ""


def test_htmx_is_sent_to_the_page_as_a_whole(office: Office) -> None:
    client = as_(office.graduate)
    suspend_account(person=office.graduate, by=office.officer)
    assert client.get("/", headers={"HX-Request": "true"})["HX-Redirect"] == reverse("account_suspended")


def test_signing_out_there_gives_the_browser_back(office: Office) -> None:
    client = as_(office.graduate)
    suspend_account(person=office.graduate, by=office.officer)
    client.post(reverse("account_suspended"))
    assert client.get("/policies/").status_code == 200
    assert client.get("/")["Location"].startswith("/accounts/login/")


def test_a_session_from_before_stays_dead_after_the_reinstatement(office: Office) -> None:
    client = as_(office.graduate)
    suspend_account(person=office.graduate, by=office.officer)
    assert client.get("/")["Location"] == reverse("account_suspended")
    reinstate_account(person=office.graduate, by=office.officer)
    assert client.get("/")["Location"].startswith("/accounts/login/")
    assert SESSION_KEY not in client.session
    fresh, _ = sign_in(office.graduate)
    assert fresh.get("/").status_code == 200


def test_right_credentials_lead_to_the_page_and_wrong_ones_say_what_they_always_say(office: Office) -> None:
    wrong_before = sign_in(office.graduate, "not this one")[1]
    suspend_account(person=office.graduate, by=office.officer)
    client, answer = sign_in(office.graduate)
    assert answer["Location"] == reverse("account_suspended")
    assert SESSION_KEY not in client.session
    wrong = sign_in(office.graduate, "not this one")[1]
    assert (wrong.status_code, wrong.context["form"].errors) == (200, wrong_before.context["form"].errors)
    nobody = Client().post(reverse("account_login"), {"login": "nobody@example.ac.uk", "password": "x"})
    assert wrong.context["form"].errors == nobody.context["form"].errors


def test_a_forgotten_password_is_answered_as_for_anybody(office: Office) -> None:
    suspend_account(person=office.graduate, by=office.officer)
    answers = [
        Client().post(reverse("account_reset_password"), {"email": email})
        for email in (office.graduate.email, "nobody@example.ac.uk")
    ]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (302, reverse("account_reset_password_done"))
    }
    assert not OutboxMessage.objects.filter(to_address=office.graduate.email).exists()


def test_a_terminated_account_is_closed_and_says_no_more(office: Office) -> None:
    client = as_(office.graduate)
    suspend_account(person=office.graduate, by=office.officer)
    terminate_account(person=office.graduate, by=office.officer)
    assert client.get("/")["Location"] == reverse("account_inactive")
    assert sign_in(office.graduate)[1]["Location"] == reverse("account_inactive")
    with pytest.raises(Refused, check=lambda refused: refused.code == "not_suspended"):
        reinstate_account(person=office.graduate, by=office.officer)


def test_tokens_are_dead_at_once_and_for_good(cast: Cast, office: Office) -> None:
    token = issue_api_token(user=cast.student, name="phone", by=cast.student)
    program, said = Program(None), {"Authorization": f"Token {token}"}
    assert program.get("/me/", said).status_code == 200
    suspend_account(person=cast.student, by=office.officer)
    answer = program.get("/me/", said)
    assert (answer.status_code, answer.json()["code"]) == (401, "account_suspended")
    reinstate_account(person=cast.student, by=office.officer)
    answer = program.get("/me/", said)
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
    assert not ApiToken.objects.usable(timezone.localdate()).exists()


def test_the_api_answers_a_dead_session_as_nobody(cast: Cast, office: Office) -> None:
    client = as_(cast.student)
    suspend_account(person=cast.student, by=office.officer)
    answer = client.get("/api/v1/me/")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")


def test_saving_a_person_read_earlier_does_not_undo_it(office: Office) -> None:
    before = User.objects.get(pk=office.graduate.pk)
    suspend_account(person=office.graduate, by=office.officer)
    before.set_password("another long password")
    with pytest.raises(IntegrityError), transaction.atomic():
        before.save()
    before.is_active = False
    before.save()
    now = User.objects.get(pk=office.graduate.pk)
    assert (now.account_status, now.is_active) == (AccountStatus.SUSPENDED, False)


def test_the_constraint_keeps_a_suspended_person_inactive(office: Office) -> None:
    suspend_account(person=office.graduate, by=office.officer)
    with pytest.raises(IntegrityError, match="person_suspended_is_not_active"), transaction.atomic():
        User.objects.filter(pk=office.graduate.pk).update(is_active=True)


def test_administrators_cannot_reinstate_and_are_not_told_why(cast: Cast, office: Office) -> None:
    suspend_account(person=office.graduate, by=office.officer)
    admin = as_(cast.administrator)
    change = reverse("admin:accounts_user_change", args=[office.graduate.pk])
    page = admin.get(change).content.decode()
    assert 'name="is_active"' not in page
    assert "suspended" not in page.lower()
    data = {"given_name": "Gracie", "family_name": "Hill", "email": office.graduate.email, "roles": ["graduate"],
            "is_active": "on", "account_status": "good",
            "enrolments-TOTAL_FORMS": 0, "enrolments-INITIAL_FORMS": 0}  # fmt: skip
    assert admin.post(change, data).status_code == 302
    now = User.objects.get(pk=office.graduate.pk)
    assert (now.given_name, now.account_status, now.is_active) == ("Gracie", AccountStatus.SUSPENDED, False)
    trail = admin.get(reverse("admin:accounts_auditentry_changelist")).content.decode()
    assert "account_suspended" not in trail
    assert AuditEntry.objects.filter(action="account_suspended", subject="security_standing").exists()


def test_a_person_inactive_before_is_inactive_after_reinstatement(office: Office) -> None:
    office.graduate.is_active = False
    office.graduate.save()
    suspend_account(person=office.graduate, by=office.officer)
    reinstate_account(person=office.graduate, by=office.officer)
    assert User.objects.get(pk=office.graduate.pk).is_active is False


def test_a_receiver_that_fails_undoes_the_suspension(office: Office) -> None:
    def fails(**_: Any) -> None:
        raise RuntimeError

    account_suspended.connect(fails)
    try:
        with pytest.raises(RuntimeError):
            suspend_account(person=office.graduate, by=office.officer)
    finally:
        account_suspended.disconnect(fails)
    assert User.objects.get(pk=office.graduate.pk).account_status == AccountStatus.GOOD


def test_suspending_twice_is_refused(office: Office) -> None:
    suspend_account(person=office.graduate, by=office.officer)
    with pytest.raises(Refused) as refused:
        suspend_account(person=office.graduate, by=office.second)
    assert refused.value.code == "already_suspended"


def test_the_page_tells_strangers_nothing(office: Office) -> None:
    assert Client().get(reverse("account_suspended")).status_code == 200
    assert as_(office.student).get(reverse("account_suspended"))["Location"] == "/"
