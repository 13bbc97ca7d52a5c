"""What takes two people, from asking to confirming, on a phone and on a desktop."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import AuditEntry, PolicySetting, Proposal, Role, User
from tests.factories import UserFactory
from tests.journeys.conftest import DESKTOP, PHONE, Inspect, OpenPage, SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.policy("SEC-1", "DATA-4")]


def test_a_role_and_a_retention_setting(open_page: OpenPage, sign_in: SignIn, inspect: Inspect) -> None:
    sam = UserFactory(given_name="Sam", family_name="Reed", roles=[Role.ADVISER])
    asker, lead = UserFactory(roles=[Role.ADMINISTRATOR]), UserFactory(roles=[Role.WELLBEING_LEAD])
    officers = [UserFactory(roles=[Role.INFORMATION_GOVERNANCE]) for _ in range(2)]
    office, phone = open_page(DESKTOP), open_page(PHONE)
    sign_in(office, asker)
    office.goto(reverse("colleague_roles", args=[sam.public_id]))
    inspect(office)
    office.get_by_label("Give a role").select_option(Role.WELLBEING_LEAD)
    office.get_by_role("button", name="Give role").click()
    expect(office.get_by_label("Give a role")).to_have_value("")
    assert Proposal.objects.exists()

    sign_in(phone, lead)
    phone.goto(reverse("proposal_list"))
    inspect(phone)
    phone.get_by_role("link", name="Give Sam Reed the role wellbeing lead").click()
    inspect(phone)
    phone.get_by_role("button", name="Confirm").click()
    expect(phone.get_by_text("Confirmed.")).to_be_visible()
    assert User.objects.get(pk=sam.pk).roles == [Role.ADVISER, Role.WELLBEING_LEAD]

    governing, second = open_page(PHONE), open_page(DESKTOP)
    sign_in(governing, officers[0])
    sign_in(second, officers[1])
    governing.goto(reverse("role_list"))
    inspect(governing)
    governing.locator("main form button[type=submit]").first.click()
    governing.wait_for_load_state()
    assert AuditEntry.objects.filter(action="roles_reviewed").exists()
    governing.goto(reverse("retention_setting_list"))
    inspect(governing)
    governing.get_by_role("link", name="Change a setting").click()
    governing.get_by_label("Setting").select_option("retention_years")
    governing.get_by_label("New value").fill("2")
    governing.get_by_label("First day").fill(str(timezone.localdate() + timedelta(days=9)))
    governing.get_by_label("Why").fill("The University’s retention plan")
    governing.get_by_role("button", name="Show the effect").click()
    inspect(governing)
    governing.get_by_role("button", name="Ask another officer").click()
    second.goto(reverse("proposal_list"))
    second.get_by_role("link", name="Keep records").click()
    inspect(second)
    second.get_by_role("button", name="Confirm").click()
    expect(second.get_by_text("Confirmed.")).to_be_visible()
    assert PolicySetting.objects.get().value == 2
    second.goto(reverse("trail_list"))
    inspect(second)
