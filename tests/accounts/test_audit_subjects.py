"""The subject of an audit entry, derived from the row that is passed."""

import pytest
from django.apps import apps
from django.db import models

from accounts.models import AuditEntry, PolicySetting, Programme, User
from accounts.models.audit_entry import CONFIDENTIAL_SUBJECTS
from accounts.operations.record_audit import Subject, record_audit, subject_of
from eligibility.models import Audience, Grant
from messaging.models import OutboxMessage
from retention.models import LegalHold, RightsRequest
from security.models import Lead, SecurityCase
from tools.places import PACKAGES
from wellbeing.models import Concern, Disclosure


@pytest.mark.parametrize("model", [Concern, Disclosure, Lead, LegalHold, RightsRequest, SecurityCase])
def test_entries_about_what_is_confidential_stay_off_the_pages(model: type[models.Model]) -> None:
    assert subject_of(model()).name in CONFIDENTIAL_SUBJECTS


def test_every_model_has_a_subject_of_its_own() -> None:
    found = [
        subject_of(model()).name for app in apps.get_app_configs() if app.name in PACKAGES for model in app.get_models()
    ]
    assert len(set(found)) == len(found)
    assert [name for name in found if " " in name] == []


@pytest.mark.parametrize(
    ("row", "subject"),
    [
        (User(public_id="abc", university_id="s1"), Subject("person", "abc")),
        (OutboxMessage(public_id="abc"), Subject("outbox_message", "abc")),
        (Audience(slug="finalists", pk=3), Subject("audience", "finalists")),
        (PolicySetting(key="grace_minutes", pk=3), Subject("policy_setting", "grace_minutes")),
        (Programme(code="LAW", pk=3), Subject("programme", "LAW")),
        (Grant(pk=3), Subject("grant", "3")),
        (Subject("retention"), Subject("retention", "")),
    ],
)
def test_a_row_is_named_by_its_id_outside_the_database(row: models.Model | Subject, subject: Subject) -> None:
    assert subject_of(row) == subject


@pytest.mark.django_db
def test_the_entry_names_the_row() -> None:
    record_audit(actor=None, action="looked_at", on=Audience(slug="finalists"))
    entry = AuditEntry.objects.get(action="looked_at")
    assert (entry.subject, entry.subject_id) == ("audience", "finalists")
