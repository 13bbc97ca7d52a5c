"""Named groups, edited by hand or loaded from a file, and used by rules."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from syrupy.assertion import SnapshotAssertion

from accounts.models import AuditEntry, Role
from eligibility.models import Group, GroupMember
from eligibility.operations.import_group import import_group
from eligibility.rules.audiences import may_use
from eligibility.selectors.student_facts import student_context
from tests.factories import StudentFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.policy("ELIG-1")]


@pytest.fixture
def group() -> Group:
    return Group.objects.create(slug="aspire", name="the Aspire programme")


def send(group: Group, *ids: str, keep: bool = False, dry_run: bool = False) -> tuple[int, int, int, list[int]]:
    file = io.BytesIO("\n".join(["university_id", *ids, ""]).encode())
    done = import_group(group=group, file=file, by=None, keep=keep, dry_run=dry_run)
    return done.joins, done.stay, done.leave, sorted(done.reasons)


def members(group: Group) -> set[str]:
    return set(group.members.values_list("student__university_id", flat=True))


def test_importing_a_file_sets_the_members_and_repeating_changes_nothing(group: Group) -> None:
    for name in ("S1", "S2", "S3"):
        StudentFactory(university_id=name)
    assert send(group, "S1", "S2", dry_run=True) == (2, 0, 0, [])
    assert members(group) == set()
    assert send(group, "S1", "S2", "S2") == (2, 0, 0, [])
    assert send(group, "S1", "S2") == (0, 2, 0, [])
    assert send(group, "S3", keep=True) == (1, 2, 0, [])
    assert send(group, "S2", "S3") == (0, 2, 1, [])
    assert members(group) == {"S2", "S3"}
    assert AuditEntry.objects.filter(action="members_imported").count() == 3


def test_a_bad_row_stops_no_other_and_removes_nobody(group: Group) -> None:
    for name in ("S1", "S2"):
        StudentFactory(university_id=name)
    UserFactory(university_id="STAFF", roles=[Role.ADVISER])
    send(group, "S1")
    assert send(group, "S2", "nobody", "STAFF", "not an id!") == (1, 1, 0, [3, 4, 5])
    assert members(group) == {"S1", "S2"}


def test_a_rule_asks_for_members_and_says_what_to_do(group: Group, snapshot: SnapshotAssertion) -> None:
    student = StudentFactory()
    rule = {"group": "aspire", "name": group.name}
    decision = may_use(rule, student_context(student.pk).facts, student_context(student.pk).facts.today)
    assert (decision.code, decision.message, decision.remedy) == snapshot
    GroupMember.objects.create(group=group, student=student)
    context = student_context(student.pk)
    assert may_use(rule, context.facts, context.facts.today)


def test_nobody_is_listed_twice(group: Group) -> None:
    student = StudentFactory()
    GroupMember.objects.create(group=group, student=student)
    with pytest.raises(IntegrityError, match="student_is_listed_once_in_a_group"), transaction.atomic():
        GroupMember.objects.create(group=group, student=student)


def test_the_command(group: Group, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    StudentFactory(university_id="S1")
    path = tmp_path / "members.csv"
    path.write_text("university_id\nS1\n")
    call_command("import_group", "aspire", str(path), "--dry-run")
    assert members(group) == set()
    call_command("import_group", "aspire", str(path))
    assert members(group) == {"S1"}
    assert "1 join, 0 stay, 0 leave" in capsys.readouterr().out
    with pytest.raises(CommandError, match=r"no group .*nowhere"):
        call_command("import_group", "nowhere", str(path))


def test_administrators_keep_groups_and_nobody_else(client: Client, group: Group, snapshot: SnapshotAssertion) -> None:
    student = StudentFactory()
    client.force_login(UserFactory(roles=[Role.ADVISER]))
    assert client.get(reverse("admin:eligibility_group_changelist")).status_code in (302, 403, 404)
    client.force_login(UserFactory(roles=[Role.ADMINISTRATOR]))
    assert "the Aspire programme" in client.get(reverse("admin:eligibility_group_changelist")).content.decode()
    sent = {"group": group.pk, "student": student.pk}
    assert client.post(reverse("admin:eligibility_groupmember_add"), sent).status_code == 302
    assert members(group) == {student.university_id}
    again = client.post(reverse("admin:eligibility_groupmember_add"), sent)
    assert again.context["adminform"].form.errors == snapshot
