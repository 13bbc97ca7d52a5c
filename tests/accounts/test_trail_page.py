"""Information governance may read the audit trail, and their reading is recorded; nobody else may."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, AuditSeal, Role, User
from accounts.operations.read_trail import read_trail
from accounts.operations.record_audit import Subject, record_audit
from accounts.operations.seal_trail import canonical, seal_trail
from accounts.selectors.trail import AT_A_TIME, TrailAsked, TrailRow
from foundation.outcomes.refusals import Refused
from tests.cast import Cast
from tests.factories import UserFactory
from tests.page_parts import codes, fields_at_fault
from tests.retention.people import as_

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


def test_the_role_held_then_is_said(cast: Cast, office: Client) -> None:
    record_audit(actor=cast.adviser, action="moved", on=Subject("booking", "abc"))
    User.objects.filter(pk=cast.adviser.pk).update(roles=[Role.EDITOR])
    [row] = [row for row in rows(office) if row.subject_id == "abc"]
    assert row.roles == "adviser"


def rows(office: Client, **asked: str) -> list[TrailRow]:
    found: list[TrailRow] = office.get(reverse("trail_list"), asked).context["trail"].rows
    return found


def test_entries_lead_to_those_of_a_person_and_of_a_thing(cast: Cast, office: Client) -> None:
    record_audit(actor=cast.adviser, action="moved", on=Subject("booking", "abc"), student=cast.student)
    record_audit(actor=cast.manager, action="moved", on=Subject("booking", "def"), student=cast.other_student)
    [row] = rows(office, thing="abc")
    assert (row.who_id, row.student_id) == (cast.adviser.public_id, cast.student.public_id)
    for asked in ({"person": row.who_id}, {"person": row.student_id}, {"thing": "abc"}):
        found = {each.subject_id for each in rows(office, **asked)}
        assert ("abc" in found, "def" in found) == (True, False)


def test_what_changed_is_told_in_order(cast: Cast, office: Client) -> None:
    record_audit(actor=cast.adviser, action="x", on=Subject("t", "abc"), after="b", before="a", fields="F", none=None)
    assert rows(office, thing="abc")[0].details == "fields: F, before: a, after: b"


@pytest.fixture
def fresh(governance: User) -> Client:
    return as_(governance)


def test_the_export_has_what_the_filter_finds(cast: Cast, fresh: Client, governance: User, monkeypatch: Any) -> None:
    record_audit(actor=cast.adviser, action="moved", on=Subject("booking", "=cmd"), student=cast.student)
    record_audit(actor=cast.adviser, action="booked", on=Subject("booking", "def"))
    record_audit(actor=cast.adviser, action="moved", on=Subject("concern", "hush"))
    answer = fresh.get(reverse("trail_export"), {"action": "moved"})
    text = answer.content.decode()
    assert (answer["Content-Type"], text.count("\r\n")) == ("text/csv; charset=utf-8", 2)
    assert "'=cmd" in text
    assert "hush" not in text
    entry = AuditEntry.objects.get(action="trail_exported")
    assert (entry.actor, entry.details["rows"]) == (governance, 1)
    monkeypatch.setattr("accounts.operations.read_trail.MOST_EXPORTED", 0)
    assert fresh.get(reverse("trail_export"), {"action": "moved"}).status_code == 422


def test_the_chain_is_checked_from_the_page(cast: Cast, fresh: Client) -> None:
    record_audit(actor=cast.adviser, action="moved", on=Subject("booking", "abc"))
    seal_trail(settles_after=timedelta(0))
    answer = fresh.post(reverse("trail_verify"), follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["success"]
    assert AuditEntry.objects.get(action="trail_verified").details["intact"] is True
    AuditSeal.objects.create(
        first_id=10**9, last_id=10**9, count=1, previous="f" * 64, digest="0" * 64, sealed_at=timezone.now()
    )
    answer = fresh.post(reverse("trail_verify"), follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]


@pytest.mark.parametrize(("roles", "length"), [("", 10), ("adviser", 11)])
def test_an_entry_older_than_the_roles_keeps_its_digest(roles: str, length: int) -> None:
    line = json.loads(canonical((1, timezone.now(), 2, "moved", "booking", "abc", None, "{}", "web", "", roles)))
    assert len(line) == length
    assert line[10:] == [roles][: length - 10]
