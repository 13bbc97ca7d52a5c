"""Each number that people read is that of its setting: change it, and every sentence follows (DATA-1, ELIG-1)."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import PolicySetting
from accounts.policy.registry import SETTINGS
from accounts.rules.policy import policy_in_force
from appointments.rules.attendance import may_reverse
from eligibility.rules.holds import may_hold
from messaging.models import OutboxMessage
from messaging.operations.queue_message import queue_messages
from messaging.rules.kinds import kind_named
from retention.notices.people import erased
from tests.cast import Cast
from tests.factories import stored_booking

pytestmark = pytest.mark.django_db

UNUSUAL = 47

PAGES = {
    "policies": ("reminder_only_if_booked_hours_ahead", "reminder_hours_before"),
    "held_list": ("retention_years", "retention_warning_days"),
    "query_create": ("email_retention_months",),
    "sign_in_list": ("sign_in_record_days",),
}
SAID = [(page, key) for page, keys in PAGES.items() for key in keys]


def change(key: str, value: object = UNUSUAL) -> None:
    assert not SETTINGS[key].problem(value)
    PolicySetting.objects.create(key=key, value=value, effective_from=timezone.localdate())


def said(text: str, what: object = UNUSUAL) -> int:
    return len(re.findall(rf"(?<![\w.-]){re.escape(str(what))}(?![\w-])", text))


@pytest.mark.parametrize(("page", "key"), SAID, ids=[" ".join(each) for each in SAID])
def test_a_page_follows_its_settings(cast: Cast, page: str, key: str) -> None:
    client = Client()
    client.force_login(cast.student)
    before = client.get(reverse(page)).content.decode()
    change(key)
    assert said(client.get(reverse(page)).content.decode()) > said(before)


@pytest.mark.parametrize("page", ["policies", "eligibility_list", "accessibility", "held_list", "query_create"])
def test_the_address_of_the_service_is_that_of_the_setting(cast: Cast, page: str) -> None:
    client = Client()
    client.force_login(cast.student)
    old = policy_in_force().service_email
    change("service_email", "hello@example.org")
    text = client.get(reverse(page)).content.decode()
    assert old not in text


def test_refusals_and_messages_follow(cast: Cast) -> None:
    change("hold_most_days")
    change("missed_reopen_days")
    change("email_retention_months")
    policy, today = policy_in_force(), date(2026, 12, 1)
    assert said(may_hold(today, today + timedelta(days=UNUSUAL), today, policy).message)
    booking = stored_booking(cast.student, cast.adviser, cast.type, cast.room, cast.starts(9), status="missed")
    late = booking.starts_at + timedelta(days=UNUSUAL, seconds=1)
    assert said(may_reverse(booking, late, policy.missed_reopen_days).message)
    queue_messages([erased("amara@example.net", "zzzzzzzzzzzz")])
    assert said(kind_named("retention.erased").compose(OutboxMessage.objects.get()).text)
