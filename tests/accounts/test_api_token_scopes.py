"""A token allows only its scopes, works until its last day, and records the day of its last use (SEC-1)."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiToken, PolicySetting, Role, Scope, User
from accounts.operations.api_tokens import issue_api_token
from accounts.rules.api_tokens import scopes_of
from careerconnect.api_urls import ROUTES
from foundation.api.base_view import BaseAPIView
from foundation.outcomes.refusals import Refused
from tests.appointments.api_cast import Program, five_fields, problem
from tests.cast import Cast
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.policy("SEC-1")]


def with_scopes(user: User, *scopes: str, scheme: str = "Bearer") -> Program:
    program = Program(None)
    program.headers["Authorization"] = f"{scheme} {issue_api_token(user=user, name='t', by=user, scopes=scopes)}"
    return program


@pytest.mark.parametrize("scheme", ["Token", "Bearer", "bearer", "TOKEN"])
def test_both_schemes_are_taken(cast: Cast, scheme: str) -> None:
    assert with_scopes(cast.student, "profile:read", scheme=scheme).get("/me/").status_code == 200


@pytest.mark.parametrize("scheme", ["Basic", "Digest", ""])
def test_other_schemes_are_refused(cast: Cast, scheme: str) -> None:
    assert problem(with_scopes(cast.student, "profile:read", scheme=scheme).get("/me/"), 401)


def test_a_token_reads_only_its_area(cast: Cast) -> None:
    program = with_scopes(cast.student, "documents:read")
    assert program.get("/documents/").status_code == 200
    for path in ("/me/", "/bookings/", "/appointment-types/"):
        refused = program.get(path)
        assert problem(refused, 403)["code"] == "token_scope", path
        assert 'error="insufficient_scope"' in refused["WWW-Authenticate"]


def test_public_endpoints_ignore_whose_token_it_is(cast: Cast) -> None:
    without = with_scopes(cast.student, "documents:read").get("/eligibility/").json()["types"]
    assert without
    assert {each["mine"] for each in without} == {None}
    own = with_scopes(cast.student, "appointments:read").get("/eligibility/").json()["types"]
    assert all(each["mine"] for each in own)


def test_reading_is_not_writing(cast: Cast) -> None:
    reader = with_scopes(cast.student, "appointments:read")
    assert problem(reader.post("/bookings/", five_fields(cast.choice(9))), 403)["code"] == "token_scope"
    writer = with_scopes(cast.student, "appointments:write")
    assert writer.post("/bookings/", five_fields(cast.choice(9))).status_code == 201
    assert problem(writer.get("/bookings/"), 403)["code"] == "token_scope"


def test_a_verb_that_there_is_not_is_405_with_any_scope(cast: Cast) -> None:
    assert problem(with_scopes(cast.student, "profile:read").post("/me/"), 405)["code"] == "method_not_allowed"


def test_a_browser_needs_no_scope(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.student)
    assert browser.get("/api/v1/bookings/").status_code == 200


def test_a_missing_permission_is_reported_before_a_missing_scope(cast: Cast) -> None:
    assert problem(with_scopes(cast.student, "profile:read").get("/diary/"), 403)["code"] == "permission_denied"


def test_a_view_that_names_no_area_takes_no_token(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    view = next(view for route, view, _ in ROUTES if route == "me")
    monkeypatch.setattr(view, "area", "")
    assert problem(Program(cast.student).get("/me/"), 403)["code"] == "token_scope"


def test_every_view_names_an_area_that_has_scopes() -> None:
    areas = {scope.partition(":")[0] for scope in Scope.values}
    named = {view.area for _, view, _ in ROUTES if issubclass(view, BaseAPIView)}
    assert named == areas


def test_a_token_works_until_the_end_of_its_last_day(cast: Cast) -> None:
    today = timezone.localdate()
    program = Program(None)
    token = issue_api_token(user=cast.student, name="t", by=None, expires_on=today + timedelta(days=1))
    program.headers["Authorization"] = f"Bearer {token}"
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=True):
        assert program.get("/me/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=True):
        assert problem(program.get("/me/"), 401)["code"] == "token_expired"


def test_the_policy_limits_how_long_a_token_works(cast: Cast) -> None:
    today = timezone.localdate()
    issue_api_token(user=cast.student, name="t", by=None)
    assert ApiToken.objects.get().expires_on == today + timedelta(days=90)
    PolicySetting.objects.create(key="api_token_days", value=7, effective_from=today)
    issue_api_token(user=cast.student, name="t", by=None)
    assert ApiToken.objects.latest("pk").expires_on == today + timedelta(days=7)
    for days in (-1, 8):
        with pytest.raises(Refused) as refused:
            issue_api_token(user=cast.student, name="t", by=None, expires_on=today + timedelta(days=days))
        assert (refused.value.code, refused.value.field) == ("token_expiry", "expires_on")
    issue_api_token(user=cast.student, name="t", by=None, expires_on=today)


@pytest.mark.parametrize("scopes", [[], ["activities:write"], ["profile:read", "all"]])
def test_nobody_makes_a_token_for_what_they_may_not(cast: Cast, scopes: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        issue_api_token(user=cast.student, name="t", by=None, scopes=scopes)
    assert (refused.value.code, refused.value.field) == ("token_scopes", "scopes")
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("scopes", "broken"), [([], "api_token_has_a_scope"), (["everything"], "api_token_scopes_are_known")]
)
def test_the_database_knows_the_scopes(cast: Cast, scopes: list[str], broken: str) -> None:
    with pytest.raises(IntegrityError, match=broken), transaction.atomic():
        ApiToken.objects.create(user=cast.student, name="t", digest="d", scopes=scopes, expires_on=timezone.localdate())


def test_the_number_of_working_tokens_is_limited(cast: Cast) -> None:
    PolicySetting.objects.create(key="api_tokens_a_person", value=2, effective_from=timezone.localdate())
    for _ in range(2):
        issue_api_token(user=cast.student, name="t", by=None)
    with pytest.raises(Refused) as refused:
        issue_api_token(user=cast.student, name="t", by=None)
    assert refused.value.code == "too_many_tokens"
    ApiToken.objects.filter(pk=ApiToken.objects.earliest("pk").pk).update(expires_on=date(2020, 1, 1))
    issue_api_token(user=cast.student, name="t", by=None)


@pytest.mark.parametrize(
    ("role", "areas"),
    [
        ("student", {"profile", "appointments", "events", "documents", "queries"}),
        ("graduate", {"profile", "appointments", "events", "documents", "queries"}),
        ("adviser", {"profile", "appointments", "events", "queries"}),
        ("information_governance", {"profile", "queries"}),
        ("administrator", {"profile", "activities"}),
        ("alumni_relations", {"profile", "alumni"}),
        ("editor", {"profile"}),
    ],
)
def test_scopes_follow_the_roles(role: str, areas: set[str]) -> None:
    assert {scope.partition(":")[0] for scope in scopes_of(UserFactory(roles=[Role(role)]))} == areas


def test_use_is_written_once_a_day(cast: Cast) -> None:
    program = Program(cast.student)
    program.get("/me/")
    assert ApiToken.objects.get().last_used_on == timezone.localdate()
    with CaptureQueriesContext(connection) as made:
        program.get("/me/")
    assert not [query for query in made if query["sql"].startswith('UPDATE "accounts_apitoken"')]
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=True):
        program.get("/me/")
        assert ApiToken.objects.get().last_used_on == timezone.localdate()


class TestTokenForm:
    def make(self, cast: Cast, **said: Any) -> Any:
        browser = Client()
        browser.force_login(cast.student)
        session = browser.session
        proof = {"method": "password", "at": timezone.now().timestamp()}
        session["account_authentication_methods"] = [proof]
        session.save()
        return browser.post(reverse("api_token_create"), {"name": "Calendar", "scopes": ["profile:read"], **said})

    def test_scopes_and_last_day_are_chosen(self, cast: Cast) -> None:
        last = timezone.localdate() + timedelta(days=5)
        made = self.make(cast, scopes=["appointments:read", "appointments:write"], expires_on=last.isoformat())
        assert made.status_code == 302
        token = ApiToken.objects.get()
        assert (set(token.scopes), token.expires_on) == ({"appointments:read", "appointments:write"}, last)

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"name": ""}, "name"),
            ({"scopes": []}, "scopes"),
            ({"scopes": ["activities:write"]}, "scopes"),
            ({"expires_on": "2020-01-01"}, "expires_on"),
            ({"expires_on": "9000-01-01"}, "expires_on"),
            ({"expires_on": "soon"}, "expires_on"),
        ],
    )
    def test_errors_are_named_and_typed_values_are_kept(self, cast: Cast, said: dict[str, Any], field: str) -> None:
        answer = self.make(cast, **said)
        assert answer.status_code == 422
        form = answer.context["token_form"]
        assert set(form.errors) == {field}
        assert form["name"].value() == said.get("name", "Calendar")
        assert not ApiToken.objects.exists()

    def test_the_list_shows_scopes_last_day_and_last_use(self, cast: Cast) -> None:
        last = timezone.localdate() + timedelta(days=5)
        issue_api_token(user=cast.student, name="t", by=None, scopes=["documents:read"], expires_on=last)
        browser = Client()
        browser.force_login(cast.student)
        page = browser.get(reverse("profile_edit")).content.decode()
        assert Scope.DOCUMENTS_READ.label in page
        assert f"{last.day} {last:%B %Y}" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_a_program_lists_its_persons_tokens(cast: Cast, rows: int, django_assert_num_queries: Any) -> None:
    program = with_scopes(cast.student, "profile:read")
    issue_api_token(user=cast.other_student, name="not mine", by=None)
    for _ in range(rows - 1):
        issue_api_token(user=cast.student, name="t", by=None)
    program.get("/me/")
    with django_assert_num_queries(3):  # token, request count, tokens
        found = program.get("/tokens/").json()["results"]
    assert len(found) == rows
    assert found[-1] == {
        "id": ApiToken.objects.earliest("pk").public_id,
        "name": "t",
        "scopes": ["profile:read"],
        "created_at": found[-1]["created_at"],
        "expires_on": (timezone.localdate() + timedelta(days=90)).isoformat(),
        "last_used_on": timezone.localdate().isoformat(),
    }


def test_the_command_takes_scopes_and_a_last_day(cast: Cast) -> None:
    last = timezone.localdate() + timedelta(days=3)
    call_command("api_token", cast.student.email, scope=["documents:read"], expires=last)
    token = ApiToken.objects.get()
    assert (token.scopes, token.expires_on) == (["documents:read"], last)
    with pytest.raises(CommandError):
        call_command("api_token", cast.student.email, scope=["activities:write"])
