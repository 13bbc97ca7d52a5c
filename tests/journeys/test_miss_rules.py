"""An administrator changes the rules about missed appointments; they apply from their day, and can be withdrawn."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Draft
from eligibility.models import Hold, MissPolicy
from eligibility.operations.schedule_miss_rules import schedule_miss_rules
from eligibility.operations.strikes import record_absence
from tests.cast import Cast
from tests.clock import days_later
from tests.journeys.conftest import DESKTOP, PHONE, Inspect, OpenPage, SignIn
from tests.journeys.test_nothing_typed_is_lost import sign_in_here

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.policy("ELIG-3")]

OTHERS: list[dict[str, Any]] = [{"slug": "others", "per": "ever", "steps": [{"at": 1, "message": True}]}]


def press(page: Page, action: str) -> None:
    page.locator(f"button[name=action][value='{action}']").click()


def fill(page: Page, name: str, words: str) -> None:
    page.locator(f"[name='{name}']").fill(words)


def write(page: Page) -> None:
    """Of three rules, one stays: two absences are a hold of a month, which no person decides."""
    for number in (1, 2):
        press(page, f"remove-rule:{number}")
        expect(page.locator("fieldset[id^=rule-]:not([id*=step])")).to_have_count(3 - number)
    press(page, "remove-step:0:2")
    expect(page.locator("fieldset[id*=-step-]")).to_have_count(2)
    press(page, "add-step:0")
    expect(page.locator("#new")).to_be_in_viewport()
    press(page, "remove-step:0:1")
    for kind in ("event", "other"):
        page.locator(f"[name='rule-0-kinds'][value={kind}]").check()
    page.locator("[name='rule-0-step-2-hold']").select_option("months")
    if not page.locator("[name='rule-0-step-2-length']").is_visible():
        page.locator("[id='rule-0-step-2'] summary").click()
    fill(page, "rule-0-step-2-at", "2")
    page.locator("[name='rule-0-step-2-by_itself']").check()
    fill(page, "note", "The board decided.")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_rules_are_written_previewed_scheduled_and_apply_on_their_day(
    cast: Cast, open_page: OpenPage, sign_in: SignIn, inspect: Inspect, scripts: bool
) -> None:
    office = open_page(DESKTOP if scripts else PHONE, java_script_enabled=scripts)
    sign_in(office, cast.administrator)
    look = inspect if scripts else lambda page: None
    office.goto(reverse("miss_rule_list"))
    look(office)
    office.get_by_role("main").get_by_role("link", name="Change the rules").click()
    look(office)
    write(office)
    press(office, "preview")
    expect(office.locator(".error-summary li")).to_have_count(1)
    look(office)
    fill(office, "rule-0-step-2-length", "1")

    Session.objects.all().delete()
    press(office, "preview")
    sign_in_here(office, cast.administrator.email)
    expect(office.locator("[name='rule-0-step-2-length']")).to_have_value("1")
    expect(office.locator("[name='rule-0-step-2-by_itself']")).to_be_checked()
    press(office, "preview")
    expect(office.locator("#preview")).to_be_in_viewport()
    look(office)

    today = timezone.localdate()
    schedule_miss_rules(value=OTHERS, effective_from=today + timedelta(days=9), note="", by=cast.manager)
    press(office, "schedule")
    expect(office.locator(".refusal, [role=alert]").first).to_be_visible()
    expect(office.locator("[name='rule-0-step-2-length']")).to_have_value("1")
    look(office)
    press(office, "schedule")
    expect(office.locator("button[name=withdraw]")).to_have_count(2)
    look(office)
    assert not Draft.objects.exists()

    def absences(on: Any) -> None:
        for about in ("Law fair", "Mock interview"):
            record_absence(student=cast.student, kind="other", about=about, on=on, by=cast.manager)

    absences(today)
    assert not Hold.objects.exists()
    office.locator(f"button[name=withdraw][value='{today + timedelta(days=9)}']").click()
    expect(office.locator("button[name=withdraw]")).to_have_count(1)
    with days_later(1):
        absences(today + timedelta(days=1))
        assert Hold.objects.get().rule == "appointment"
    assert MissPolicy.objects.get().note == "The board decided."
