"""A concern: raised, a first contact, a disclosure, who looked; in Chromium, with axe on every page."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Role
from tests.cast import Cast
from tests.factories import UserFactory
from tests.journeys.conftest import DESKTOP, PHONE, Inspect, OpenPage, SignIn
from wellbeing.models import Disclosure

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.policy("DATA-6", "ELIG-3")
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_raised_contacted_disclosed_and_read(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, scripts: bool
) -> None:
    lead = UserFactory(given_name="Nadia", family_name="Rahman", roles=[Role.WELLBEING_LEAD])
    look = inspect if scripts else lambda page: None
    adviser, leading = open_page(PHONE, java_script_enabled=scripts), open_page(DESKTOP, java_script_enabled=scripts)
    signed_in(adviser, cast.adviser)
    signed_in(leading, lead)

    adviser.goto(reverse("student_detail", args=[cast.student.public_id]))
    adviser.get_by_role("link", name="Raise a concern").click()
    look(adviser)
    adviser.get_by_label("What have you seen or heard?").fill("Cried twice, and says that nothing helps.")
    adviser.get_by_label("Serious: soon").check()
    adviser.get_by_role("button", name="Send to the wellbeing leads").click()
    expect(adviser.get_by_role("heading", name="Received")).to_be_visible()
    look(adviser)

    leading.goto("/")
    expect(leading.get_by_role("heading", name="Wellbeing", level=1)).to_be_visible()
    look(leading)
    leading.get_by_role("link", name=cast.student.name).click()
    expect(leading.get_by_text("Cried twice")).to_be_visible()
    look(leading)
    leading.get_by_label("I was in contact with the student").check()
    leading.get_by_role("textbox", name="Details").fill("We talked; he will see his doctor.")
    leading.get_by_role("button", name="Add to the log").click()
    expect(leading.get_by_text("Added to the log.")).to_be_visible()
    leading.get_by_role("link", name="Disclose outside").click()
    look(leading)
    leading.get_by_label("Who it goes to").select_option("support")
    leading.get_by_label("Name or role there").fill("Duty officer")
    leading.get_by_label("Email address").fill("support@example.ac.uk")
    leading.get_by_label("What you are sharing").fill("Please be in touch with him this week.")
    leading.get_by_label("Reason for the record").fill("He agreed to it.")
    leading.get_by_label("Yes, or they will be at once").check()
    leading.get_by_role("button", name="Record and send").click()
    expect(leading.get_by_text("Disclosure recorded.")).to_be_visible()
    expect(leading.get_by_role("heading", name="Who has opened it")).to_be_visible()
    look(leading)
    assert Disclosure.objects.get().decided_by == lead
