"""Sensitive actions ask people to authenticate again (SEC-1)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client, override_settings
from django.urls import path, reverse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access.api_permissions import FreshSession
from accounts.models import ApiToken, PolicySetting, User
from accounts.operations.api_tokens import issue_api_token
from careerconnect import urls
from foundation.api.base_view import BaseAPIView
from tests.appointments.api_cast import Program, problem
from tests.factories import PASSWORD, StudentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.policy("SEC-1")]


class Export(BaseAPIView):
    permission_classes = [FreshSession]

    def get(self, request: Request) -> Response:
        return Response({"exported": True})


urlpatterns = [path("api/v1/export/", Export.as_view(schema=None)), *urls.urlpatterns]
handler500 = urls.handler500


@pytest.fixture
def student() -> User:
    return StudentFactory()


@pytest.fixture
def client(student: User) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": student.email, "password": PASSWORD})
    return client


def after(minutes: float) -> Any:
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=True)


def make_token(client: Client) -> Any:
    return client.post(reverse("api_token_create"), {"name": "my script", "scopes": ["profile:read"]})


def test_shortly_after_signing_in_nothing_is_asked(client: Client) -> None:
    with after(9):
        assert make_token(client)["Location"] == reverse("profile_edit")
    assert ApiToken.objects.count() == 1


def test_later_the_password_is_asked_for_and_the_form_then_goes_through(client: Client) -> None:
    with after(11):
        asked = make_token(client)
        assert asked["Location"].startswith(reverse("account_reauthenticate"))
        assert not ApiToken.objects.exists()
        page = client.get(asked["Location"])
        assert 'name="password"' in page.content.decode()
        wrong = client.post(asked["Location"], {"password": "wrong"})
        assert wrong.status_code == 200
        assert not ApiToken.objects.exists()
        answer = client.post(asked["Location"], {"password": PASSWORD}, follow=True)
        assert "cc_" in answer.content.decode()
        assert ApiToken.objects.get().name == "my script"
        assert make_token(client)["Location"] == reverse("profile_edit")  # authenticated for the next few minutes
    with after(11 + 11):
        assert make_token(client)["Location"].startswith(reverse("account_reauthenticate"))


def test_the_minutes_are_a_setting(client: Client) -> None:
    PolicySetting.objects.create(key="fresh_sign_in_minutes", value=60, effective_from=timezone.localdate())
    with after(59):
        assert make_token(client)["Location"] == reverse("profile_edit")


def test_people_without_a_password_sign_in_again(student: User) -> None:
    student.set_unusable_password()
    student.save()
    client = Client()
    client.force_login(student)
    with after(11):
        answer = make_token(client)
        assert answer.status_code == 403
        assert "Sign in again" in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_another_persons_authentication_does_not_count(client: Client, student: User) -> None:
    session = client.session
    session["account_authentication_methods_user"] = str(student.pk + 1)
    session["account_authentication_methods"] = [{"method": "password", "at": 9e12}]
    session.save()
    with after(11):
        assert make_token(client)["Location"].startswith(reverse("account_reauthenticate"))


def test_signed_out_is_the_sign_in_page() -> None:
    assert make_token(Client())["Location"].startswith(reverse("account_login"))


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize("minutes", [0, 11])
def test_a_token_never_does_what_is_sensitive(student: User, client: Client, minutes: float) -> None:
    program = Program(student)
    with after(minutes):
        refused = problem(program.get("/export/"), 403)
        assert refused["code"] == "sign_in_again"
        with_token = {"HTTP_AUTHORIZATION": f"Token {issue_api_token(user=student, name='x', by=None)}"}
        assert client.get("/api/v1/export/", **with_token).status_code == 403  # not with a token, ever
        by_session: Callable[[str], Any] = client.get
        assert by_session("/api/v1/export/").status_code == (403 if minutes else 200)
