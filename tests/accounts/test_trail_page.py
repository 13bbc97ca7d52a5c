"""Information governance may read the audit trail, and their reading is recorded; nobody else may."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Role, User
from accounts.operations.read_trail import read_trail
from accounts.operations.record_audit import Subject, record_audit
from accounts.selectors.trail import AT_A_TIME, TrailAsked
from foundation.outcomes.refusals import Refused
from tests.cast import Cast
from tests.factories import UserFactory
from tests.page_parts import codes, fields_at_fault

pytestmark = pytest.mark.django_db


@pytest.fixture
def governance() -> User:
    return UserFactory(given_name="Priya", roles=[Role.INFORMATION_GOVERNANCE])


@pytest.fixture
def office(governance: User) -> Client:
    client = Client()
    client.force_login(governance)
    return client


def shown(office: Client, **asked: str) -> str:
    answer = office.get(reverse("trail_list"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_trail_list_says_who_what_whose_and_from_where(cast: Cast, office: Client) -> None:
    record_audit(actor=cast.adviser, action="moved", on=Subject("booking", "abc"), student=cast.student, day="x")
    record_audit(actor=None, action="sealed_by_clock", on=Subject("thing", "def"))
    content = shown(office)
    for words in ("Helen Marsh", "adviser", "Moved", "abc", "Amara Okafor", "A command", "The system", "day: x"):
        assert words in content


def test_trail_list_is_for_information_governance_only(cast: Cast) -> None:
    assert Client().get(reverse("trail_list")).status_code == 302
    for person in (cast.student, cast.adviser, cast.manager, cast.administrator, cast.outsider):
        client = Client()
        client.force_login(person)
        assert client.get(reverse("trail_list")).status_code == 404
        with pytest.raises(Refused):
            read_trail(asked=TrailAsked(timezone.localdate(), timezone.localdate()), by=person)
        assert not AuditEntry.objects.visible_to(person).exists()
    assert not AuditEntry.objects.filter(subject="trail").exists()


def test_reading_the_trail_is_recorded(cast: Cast, office: Client, governance: User) -> None:
    shown(office, person=cast.student.university_id or "", first="2026-01-01", last="2026-12-31")
    entry = AuditEntry.objects.get(subject="trail")
    assert (entry.actor, entry.action, entry.student) == (governance, "read", cast.student)
    assert entry.details == {"first": "2026-01-01", "last": "2026-12-31"}


@pytest.mark.parametrize("subject", ["security_case", "security_lead", "security_report", "concern", "disclosure"])
def test_cases_and_concerns_are_not_on_it(cast: Cast, office: Client, subject: str) -> None:
    record_audit(actor=cast.manager, action="opened", on=Subject(subject, "hush"), student=cast.student)
    assert "hush" not in shown(office)
    assert "hush" not in shown(office, person=cast.student.email)


def test_trail_list_is_filtered_by_person_deed_and_days(cast: Cast, office: Client) -> None:
    record_audit(actor=cast.adviser, action="note_written", on=Subject("booking", "one"), student=cast.student)
    record_audit(actor=cast.manager, action="booked", on=Subject("booking", "two"), student=cast.other_student)
    by_student = shown(office, person=str(cast.student.university_id))
    assert "one" in by_student
    assert "<code>two" not in by_student
    assert "<code>two" in shown(office, person=cast.manager.email.upper())
    assert "<code>one" in shown(office, action="note written")
    assert "<code>two" not in shown(office, action="note written")
    yesterday = str(timezone.localdate() - timedelta(days=1))
    assert "No entries" in shown(office, first=yesterday, last=yesterday)


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"person": "nobody"}, {"person": ["unknown_person"]}),
        ({"first": "never"}, {"first": ["invalid"]}),
        ({"first": "2026-12-02", "last": "2026-12-01"}, {"last": ["ends_before_start"]}),
    ],
    ids=str,
)
def test_trail_list_says_what_is_wrong(office: Client, asked: dict[str, str], wrong: dict[str, list[str]]) -> None:
    answer = office.get(reverse("trail_list"), asked)
    assert answer.status_code == 422
    assert codes(answer) == wrong
    assert fields_at_fault(answer) == [f"id_{name}" for name in wrong]
    assert not AuditEntry.objects.filter(subject="trail").exists()


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "0"])
def test_an_invalid_page_number_shows_the_first_page(office: Client, before: str) -> None:
    assert "Signed in" in shown(office, before=before)


def test_trail_list_goes_on_to_older_entries(cast: Cast, office: Client) -> None:
    for number in range(AT_A_TIME + 5):
        record_audit(actor=None, action="counted", on=Subject("thing", f"n{number:03}"))
    first = office.get(reverse("trail_list"), {"action": "counted"})
    assert first.context["trail"].rows[0].subject_id == f"n{AT_A_TIME + 4:03}"
    second = office.get(reverse("trail_list"), {"action": "counted", "before": str(first.context["trail"].older)})
    assert [row.subject_id for row in second.context["trail"].rows] == [f"n{n:03}" for n in range(4, -1, -1)]
    assert second.context["trail"].older == 0


@pytest.mark.parametrize("number", [1, 3])
def test_trail_list_queries(
    cast: Cast, office: Client, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(number):
        record_audit(actor=UserFactory(), action="moved", on=Subject("booking", "x"), student=cast.student)
    office.get(reverse("trail_list"))
    with django_assert_num_queries(8):  # session, person, transaction and savepoint, entry, page
        office.get(reverse("trail_list"))


def test_a_deleted_person_is_shown_as_a_number(cast: Cast, office: Client) -> None:
    gone = UserFactory()
    record_audit(actor=gone, action="moved", on=Subject("booking", "x"), student=gone)
    number = gone.pk
    gone.delete()
    assert f"(no. {number})" in shown(office)


def test_the_navigation_links_to_the_trail(office: Client) -> None:
    assert reverse("trail_list") in office.get("/", follow=True).content.decode()


def test_the_admin_shows_entries_of_a_deleted_person(cast: Cast) -> None:
    gone = UserFactory()
    record_audit(actor=gone, action="moved", on=Subject("booking", "x"), student=gone)
    gone.delete()
    client = Client()
    client.force_login(cast.administrator)
    assert client.get(reverse("admin:accounts_auditentry_changelist")).status_code == 200
    entry = AuditEntry.objects.get(action="moved")
    assert client.get(reverse("admin:accounts_auditentry_change", args=[entry.pk])).status_code == 200
    assert AuditEntry.objects.filter(subject="trail", action="read", actor=cast.administrator).count() == 2


def test_the_admin_shows_no_cases_and_no_concerns(cast: Cast) -> None:
    record_audit(actor=cast.manager, action="opened", on=Subject("security_case", "hush"))
    client = Client()
    client.force_login(cast.administrator)
    assert "hush" not in client.get(reverse("admin:accounts_auditentry_changelist")).content.decode()
    entry = AuditEntry.objects.get(subject="security_case")
    assert client.get(reverse("admin:accounts_auditentry_change", args=[entry.pk])).status_code == 302
