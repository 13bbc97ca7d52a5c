"""The privacy notice is generated from the settings and the schedule, and every change makes a new version."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.models import PolicySetting
from accounts.rules.policy import policy_in_force
from retention.models import NoticeVersion
from retention.schedule.of_a_person import OF_A_PERSON
from retention.schedule.own_clocks import WITH_THEIR_OWN_CLOCK
from tests.retention.nights import completed_night, stayers

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-2")]

NIGHT = date(2026, 8, 1)


def test_every_class_is_in_it_with_its_period() -> None:
    page = Client().get(reverse("privacy")).content.decode()
    for each in (*OF_A_PERSON, *WITH_THEIR_OWN_CLOCK):
        assert each.name in page, each.key
    policy = policy_in_force()
    for each in WITH_THEIR_OWN_CLOCK:
        assert escape(f"{each.period_words(policy)} from {each.clock}").lower() in page.lower(), each.key
    (queries,) = [each for each in WITH_THEIR_OWN_CLOCK if each.key == "resolved_queries"]
    assert queries.period_words(policy).endswith("2 months")


def test_a_changed_number_is_a_new_version_and_the_same_is_none() -> None:
    stayers()
    completed_night(NIGHT)
    completed_night(NIGHT + timedelta(days=1))
    assert NoticeVersion.objects.count() == 1
    PolicySetting.objects.create(key="retention_years", value=6, effective_from=NIGHT + timedelta(days=2))
    completed_night(NIGHT + timedelta(days=2))
    latest = NoticeVersion.objects.get(number=2)
    assert latest.from_day == NIGHT + timedelta(days=2)
    changed = [change for change in latest.changes if "for 3 years" in change["was"]]
    assert len(changed) == 1
    assert "for 6 years" in changed[0]["now"]
    page = Client().get(reverse("notice_version_list")).content.decode()
    assert "<ins>" in page
    assert "Version 2" in page
    old = Client().get(reverse("notice_version_detail", args=[1])).content.decode()
    assert "for 3 years" in old
    assert Client().get(reverse("notice_version_detail", args=[9])).status_code == 404
