"""What people say about themselves, and their API tokens."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AccessNeeds, ApiToken, AuditEntry, User
from accounts.operations.profile import update_profile
from tests.cast import Cast
from tests.page_parts import fields_at_fault, told, tree_of

pytestmark = pytest.mark.django_db


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_profile_edit_is_for_everybody_signed_in(cast: Cast) -> None:
    assert Client().get(reverse("profile_edit")).status_code == 302
    for person in (cast.student, cast.adviser, cast.outsider):
        assert person.email in as_(person).get(reverse("profile_edit")).content.decode()


def test_profile_edit_saves_and_records(cast: Cast) -> None:
    said = {"preferred_name": "Ama", "phone": "07700 900456", "access_needs": "captions", "declares_disability": "on"}
    answer = as_(cast.student).post(reverse("profile_edit"), said, follow=True)
    assert told(answer) == ["success"]
    cast.student.refresh_from_db()
    assert cast.student.first_name == "Ama"
    needs = AccessNeeds.objects.get(person=cast.student)
    assert (needs.text, needs.declares_disability) == ("captions", True)
    page = as_(cast.student).get(reverse("profile_edit"))
    assert page.context["form"]["access_needs"].value() == "captions"
    assert page.context["form"]["declares_disability"].value() is True
    assert "captions" not in str(AuditEntry.objects.get(action="profile_updated").details)


def test_profile_edit_that_says_nothing_of_health_leaves_no_row(cast: Cast) -> None:
    update_profile(user=cast.student, by=cast.student, access_needs="captions", declares_disability=True)
    as_(cast.student).post(reverse("profile_edit"), {"preferred_name": "", "phone": "", "access_needs": ""})
    assert not AccessNeeds.objects.exists()


@pytest.mark.parametrize(
    "said", [{"phone": "not a number"}, {"access_needs": "x" * 1001}, {"preferred_name": "x" * 81}], ids=str
)
def test_profile_edit_says_what_is_wrong(cast: Cast, said: dict[str, str]) -> None:
    answer = as_(cast.student).post(reverse("profile_edit"), said)
    assert answer.status_code == 422
    assert fields_at_fault(answer) == [f"id_{name}" for name in said]
    assert not AuditEntry.objects.exclude(subject="sign_in").exists()


def test_profile_edit_asks_staff_nothing_about_reminders(cast: Cast) -> None:
    assert "by text too" in as_(cast.student).get(reverse("profile_edit")).content.decode()
    assert "by text too" not in as_(cast.adviser).get(reverse("profile_edit")).content.decode()
    as_(cast.adviser).post(reverse("profile_edit"), {"preferred_name": "Lena"})
    cast.adviser.refresh_from_db()
    assert (cast.adviser.first_name, cast.adviser.text_reminders) == ("Lena", True)


def test_profile_edit_changes_nothing_that_is_the_universitys(cast: Cast) -> None:
    as_(cast.student).post(reverse("profile_edit"), {"family_name": "Other", "roles": "administrator"})
    cast.student.refresh_from_db()
    assert cast.student.family_name == "Okafor"
    assert not cast.student.has_role("administrator")


def test_api_token_create_shows_the_token_once(cast: Cast) -> None:
    client = as_(cast.student)
    first = client.post(
        reverse("api_token_create"), {"name": "my script", "scopes": ["profile:read"]}, follow=True
    ).content.decode()
    assert "cc_" in first
    second = client.get(reverse("profile_edit")).content.decode()
    assert "cc_" not in second
    assert "my script" in second


def test_api_token_revoke_is_the_owners(cast: Cast) -> None:
    as_(cast.student).post(reverse("api_token_create"), {"name": "my script", "scopes": ["profile:read"]})
    token = ApiToken.objects.get()
    url = reverse("api_token_revoke", args=[token.public_id])
    assert as_(cast.other_student).post(url).status_code == 404
    assert as_(cast.student).post(url).status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_the_fold_with_the_fields_opens_where_something_is_to_do(cast: Cast) -> None:
    def folds(answer: Any) -> list[bool]:
        found = tree_of(answer).xpath("//details[@id='change'][.//input[@name='phone']]")
        return [each.get("open") is not None for each in found]

    client, url = as_(cast.student), reverse("profile_edit")
    assert folds(client.get(url)) == [False]
    assert folds(client.post(url, {"phone": "not a number"})) == [True]
    wrong_inside = client.post(url, {"access_needs": "x" * 1001})
    assert not tree_of(wrong_inside).xpath("//*[@id='id_access_needs']/ancestor::details[not(@open)]")
    cast.student.phone = ""
    cast.student.save()
    assert folds(client.get(url)) == [True], "a mobile number is asked for at home"
