"""A slug, key or name of any length can be recorded in the audit trail: no caller fails with a 500 or cuts it."""

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Role
from accounts.operations.record_audit import Subject, fitted, record_audit
from accounts.operations.record_reading import record_reading
from eligibility.models import Group
from eligibility.operations.import_group import import_group
from eligibility.operations.name_audience import name_audience
from eligibility.operations.schedule_rule import schedule_rule
from eligibility.operations.withdraw_rule import withdraw_rule
from rulebook.file.shape import read
from rulebook.operations.import_rules import import_rules
from tests.factories import AudienceFactory, StudentFactory, UserFactory

pytestmark = pytest.mark.django_db

LONG = "students-of-the-school-of-modern-languages-who-study-abroad"
"""59 letters. A slug has at most 60, the trail's column 40."""
SHORT = fitted("subject_id", LONG)


def subjects(action: str) -> list[str]:
    return list(AuditEntry.objects.filter(action=action).values_list("subject_id", flat=True))


def test_a_long_text_is_shortened_and_stays_distinct() -> None:
    assert len(SHORT) == 40
    assert SHORT.startswith(LONG[:31] + "~")
    assert fitted("subject_id", LONG + "s") != SHORT
    assert fitted("subject_id", LONG[:40]) == LONG[:40]


def test_every_column_of_an_entry_takes_a_long_text() -> None:
    record_audit(actor=None, action="a" * 200, on=Subject("b" * 200, "ü" * 200))
    entry = AuditEntry.objects.get()
    assert (len(entry.action), len(entry.subject), len(entry.subject_id)) == (60, 60, 40)


def test_reading_something_with_a_long_name_is_recorded() -> None:
    record_reading(reader=UserFactory(), on=Subject("eligibility", LONG), student=StudentFactory())
    assert subjects("read") == [SHORT]


def test_a_new_audience_with_a_long_name(client: Client) -> None:
    by = UserFactory(roles=[Role.ADMINISTRATOR])
    assert name_audience(name=LONG.replace("-", " "), by=by).slug == LONG
    assert subjects("added") == [SHORT]
    client.force_login(by)
    answer = client.post(reverse("audience_create"), {"name": "Finalists of " + LONG.replace("-", " ")})
    assert answer.status_code == 302
    assert len(subjects("added")) == 2


def test_a_rule_of_an_audience_with_a_long_name_is_scheduled_and_withdrawn() -> None:
    audience, by = AudienceFactory(slug=LONG), UserFactory(roles=[Role.ADMINISTRATOR])
    tomorrow = timezone.localdate() + timedelta(days=1)
    version = schedule_rule(audience=audience, rule={"everybody": True}, effective_from=tomorrow, by=by)
    withdraw_rule(version=version, by=by)
    assert subjects("rule_scheduled") == subjects("rule_withdrawn") == [SHORT]


def test_members_of_a_group_with_a_long_name() -> None:
    StudentFactory(university_id="S1")
    group = Group.objects.create(slug=LONG, name="the exchange")
    import_group(group=group, file=io.BytesIO(b"university_id\nS1\n"), by=None)
    assert subjects("members_imported") == [SHORT]


def test_the_rules_file_with_a_long_name() -> None:
    said = {"slug": LONG, "name": "exchange students", "rule": {"everybody": True}}
    import_rules(file=read({"careerconnect_rules": 1, "audiences": [said]}), by=None, dry_run=False)
    assert SHORT in subjects("added")


def test_the_admin_with_a_long_name(client: Client) -> None:
    client.force_login(UserFactory(roles=[Role.ADMINISTRATOR]))
    answer = client.post(reverse("admin:eligibility_group_add"), {"slug": LONG, "name": "the exchange"})
    assert answer.status_code == 302
    assert subjects("added") == [SHORT]
