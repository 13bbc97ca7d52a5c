"""The record of processing, the processors in use, and the institution's own words in the privacy notice (DATA-2)."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, PolicySetting, User
from accounts.rules.policy import policy_in_force
from accounts.sign_in.provider_settings import SignOnProvider
from retention.models import NoticeVersion
from retention.operations.keep_notice import keep_notice
from retention.schedule.register import SCHEDULE
from retention.selectors.record_of_processing import NONE_HERE, UNKNOWN, processors, record_of_processing
from tests.retention.nights import on
from tests.retention.people import as_

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-2")]


def test_every_class_of_the_schedule_is_a_line_of_the_record(
    officer: User, django_assert_num_queries: Callable[[int], Any]
) -> None:
    client = as_(officer)
    with django_assert_num_queries(3):
        page = client.get(reverse("processing_list"))
    record = page.context["record"]
    assert [line.name for line in record.lines] == [each.name for each in SCHEDULE]
    assert all(all(vars_of(line)) for line in [*record.lines, *record.processors]), "no cell is empty"
    file = client.get(reverse("processing_download"))
    assert file["Content-Disposition"].startswith("attachment")
    rows = [row for row in csv.reader(StringIO(file.content.decode("utf-8-sig"))) if row]
    said = {row[0]: row for row in rows}
    for each in SCHEDULE:
        assert said[each.name][1:4] == [each.why, each.people, each.what]
    assert len([row for row in rows if row[0] == "Security"]) == len(record.security)


def vars_of(row: Any) -> list[str]:
    return [getattr(row, name) for name in row.__slots__]


def test_a_changed_setting_changes_the_record() -> None:
    before = {line.name: line.time_limit for line in record_of_processing(policy_in_force()).lines}
    PolicySetting.objects.create(key="retention_years", value=6, effective_from=timezone.localdate())
    after = {line.name: line.time_limit for line in record_of_processing(policy_in_force()).lines}
    (notes,) = [each.name for each in SCHEDULE if each.key == "notes"]
    assert (before[notes].startswith("3 years"), after[notes].startswith("6 years")) == (True, True)


def test_processors_are_those_that_the_settings_name_and_no_secret_is_shown(settings: Any) -> None:
    settings.EMAIL_HOST = "localhost"
    settings.QUERIES_MAILBOX, settings.TWILIO_ACCOUNT_SID, settings.SIGN_ON_PROVIDERS = None, "", ()
    here = list(processors())
    assert len(here) == 3
    assert {each.transfer for each in here} == {NONE_HERE}
    settings.DOCUMENTS_S3_BUCKET = "careers-secret"
    options = {"endpoint_url": "https://s3.example.net:9000", "region_name": "eu-west-2", "secret_key": "hush-1"}
    settings.STORAGES = {**settings.STORAGES, "documents": {"BACKEND": "x", "OPTIONS": options}}
    settings.MESSAGING_EMAIL_CONNECTION = "anymail.backends.postmark.EmailBackend"
    settings.QUERIES_MAILBOX = urlsplit("imaps://queries:hush-2@imap.example.net")
    settings.TWILIO_ACCOUNT_SID = "hush-3"
    settings.MESSAGING_PROVIDERS = {"email": "MailProvider", "sms": "messaging.providers.sms.TwilioProvider"}
    settings.CLAMD_ADDRESS = "clamd.example.net:3310"
    settings.SIGN_ON_PROVIDERS = (
        SignOnProvider(
            id="uni", kind="oidc", name="Northbridge", issuer="https://login.example.net/realm",
            university_id_claim="sub", second_factor={}, client_secret="hush-4",
        ),
    )  # fmt: skip
    found = list(processors())
    assert [each.who for each in found[1:]] == [
        "s3.example.net, eu-west-2", "Postmark", "imap.example.net", "Twilio", "login.example.net", "clamd.example.net",
    ]  # fmt: skip
    assert {each.transfer for each in found[1:]} == {UNKNOWN}
    assert "hush" not in str(found)


def test_own_words_are_in_the_notice_from_their_day_on(officer: User) -> None:
    client, page, tomorrow = as_(officer), reverse("notice_words_edit"), timezone.localdate() + timedelta(days=1)
    said = {"notice_introduction": "We help <b>you</b>.\n\nGladly.", "notice_contact": "Ask Ada.",
            "effective_from": str(tomorrow)}  # fmt: skip
    keep_notice()
    for day in (tomorrow - timedelta(days=1), tomorrow - timedelta(days=400)):
        wrong = client.post(page, said | {"effective_from": str(day)})
        assert (wrong.status_code, wrong.context["form"]["notice_contact"].value()) == (422, "Ask Ada.")
        assert [each.code for each in wrong.context["form"].errors.as_data()["effective_from"]] == ["notice_day"]
    assert client.post(page, said).status_code == 302
    entries = AuditEntry.objects.filter(action="notice_words_changed")
    assert {each.subject_id for each in entries} == {"notice_introduction", "notice_contact"}
    assert "Ada" not in str([each.details for each in entries])
    assert "Ask Ada." not in Client().get(reverse("privacy")).content.decode()
    with on(tomorrow):
        notice = Client().get(reverse("privacy"))
        keep_notice()
    first, who = notice.context["sections"][:2]
    assert (first.paragraphs, who.paragraphs[-1]) == (("We help <b>you</b>.", "Gladly."), "Ask Ada.")
    assert "We help &lt;b&gt;you&lt;/b&gt;." in notice.content.decode()
    assert len(NoticeVersion.objects.get(number=2).changes) == 3
    twice = client.post(page, said | {"notice_contact": "Ask Ben."})
    assert (twice.status_code, PolicySetting.objects.count()) == (409, 2)
    assert twice.context["form"]["notice_contact"].value() == "Ask Ben."
    same = client.post(page, said | {"effective_from": str(tomorrow + timedelta(days=9))})
    assert (same.status_code, PolicySetting.objects.count()) == (302, 2)
