"""If the setting requires it, people who have University sign-on must use it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from tests.accounts.sign_in.conftest import Oidc, signed_in_as
from tests.factories import PASSWORD, EnrolmentFactory, StudentFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    settings.SIGN_ON_REQUIRED = True
    cache.clear()


def by_password(person: User) -> tuple[str, str]:
    browser = Client()
    answer = browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    return answer.headers.get("Location", ""), signed_in_as(browser)


def ending(days: int) -> dict[str, Any]:
    return {"expected_end_on": timezone.localdate() + timedelta(days=days)}


def test_students_and_staff_are_sent_to_university_sign_on(oidc: Oidc) -> None:
    for person in (
        StudentFactory(),
        StudentFactory(course=ending(30)),
        UserFactory(roles=["adviser"], university_id="E1"),
    ):
        assert by_password(person) == (reverse("sign_on_required"), "")
    page = Client().get(reverse("sign_on_required")).content.decode()
    assert "Sign in with Northbridge University" in page


def test_people_without_university_sign_on_use_a_password(oidc: Oidc) -> None:
    """Graduates, students whose University account has ended, and staff whom the University does not know."""
    ended = StudentFactory(course=ending(-31))
    graduate = StudentFactory(roles=[Role.GRADUATE])
    for person in (ended, graduate, UserFactory(roles=["administrator"])):
        assert by_password(person) == ("/", str(person.pk))


def test_a_second_course_extends_university_sign_on(oidc: Oidc) -> None:
    person = StudentFactory(course=ending(-400))
    EnrolmentFactory(student=person, **ending(200))
    assert by_password(person)[1] == ""


def test_a_wrong_password_gets_the_same_answer_for_anybody(oidc: Oidc) -> None:
    browser = Client()
    known, unknown = (
        browser.post("/accounts/login/", {"login": login, "password": "wrong"})
        for login in (StudentFactory().email, "nobody@example.ac.uk")
    )
    assert (known.status_code, known.context["form"].errors) == (unknown.status_code, unknown.context["form"].errors)


def test_without_a_provider_everybody_uses_a_password(db: None) -> None:
    student = StudentFactory()
    assert by_password(student) == ("/", str(student.pk))
