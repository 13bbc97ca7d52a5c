"""Signs of account sharing open a lead for a person to judge, and change nothing else (SEC-1)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import PolicySetting, Role, SignIn, User
from accounts.operations.signals import sharing_suspected
from tests.accounts.devices import AWAY, CHROME, FIREFOX, HOME, IPHONE, device
from tests.factories import StudentFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.policy("SEC-1")]


@pytest.fixture
def student() -> User:
    return StudentFactory()


@pytest.fixture
def leads() -> Iterator[list[dict[str, Any]]]:
    found: list[dict[str, Any]] = []

    def note(sender: object, **lead: Any) -> None:
        found.append(lead)

    sharing_suspected.connect(note)
    yield found
    sharing_suspected.disconnect(note)


def test_two_distant_devices_at_once_are_a_lead(student: User, leads: list[dict[str, Any]]) -> None:
    one, two = device(student, FIREFOX, HOME), device(student, IPHONE, AWAY)
    (lead,) = leads
    assert (lead["person"], lead["kind"]) == (student, "concurrent_devices")
    assert lead["evidence"]["networks"] == ["198.51.100.0/24", "192.0.2.0/24"]
    assert set(lead["evidence"]["sign_ins"]) == set(SignIn.objects.values_list("public_id", flat=True))
    assert one.get("/profile/").status_code == 200
    assert two.get("/profile/").status_code == 200


def test_a_member_of_staff_whose_other_device_is_ended_is_a_lead_too(leads: list[dict[str, Any]]) -> None:
    person = UserFactory(roles=[Role.ADVISER])
    device(person, FIREFOX, HOME)
    device(person, IPHONE, AWAY)
    assert [lead["kind"] for lead in leads] == ["concurrent_devices"]


@pytest.mark.parametrize(
    ("agent", "address"),
    [(IPHONE, "192.0.99.1"), (FIREFOX, AWAY), ("", AWAY), (IPHONE, "")],
    ids=["same network", "same device", "unknown device", "unknown network"],
)
def test_near_same_or_unknown_places_are_no_lead(
    student: User, leads: list[dict[str, Any]], agent: str, address: str
) -> None:
    device(student, FIREFOX, HOME)
    if not address:
        SignIn.objects.update(network="")
    device(student, agent, address or AWAY)
    assert leads == []


def test_one_device_after_the_other_is_no_lead(student: User, leads: list[dict[str, Any]]) -> None:
    device(student, FIREFOX, HOME)
    SignIn.objects.update(seen_at=timezone.now() - timedelta(minutes=31))
    device(student, IPHONE, AWAY)
    assert leads == []


def test_many_devices_in_a_short_time_are_a_lead(student: User, leads: list[dict[str, Any]]) -> None:
    PolicySetting.objects.create(key="sharing_many_devices", value=2, effective_from=timezone.localdate())
    for agent in (FIREFOX, FIREFOX, IPHONE):
        device(student, agent).post(reverse("account_logout"))
    assert leads == []
    device(student, CHROME)
    (lead,) = leads
    assert lead["kind"] == "many_devices"
    assert (lead["evidence"]["devices"], lead["evidence"]["in_days"]) == (3, 7)


def test_a_failing_receiver_undoes_the_sign_in(student: User) -> None:
    def broken(sender: object, **lead: Any) -> None:
        raise RuntimeError("the floor above failed")

    device(student, FIREFOX, HOME)
    sharing_suspected.connect(broken)
    try:
        with pytest.raises(RuntimeError):
            device(student, IPHONE, AWAY)
    finally:
        sharing_suspected.disconnect(broken)
    assert SignIn.objects.count() == 1
