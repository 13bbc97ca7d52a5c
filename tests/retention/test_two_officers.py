"""Settings that delete data, and lifting a legal hold, take two officers. Nobody is deleted untold (DATA-4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, PolicySetting, Proposal, Role, User
from accounts.operations.two_people import confirm_proposal
from accounts.policy.registry import SETTINGS
from accounts.rules.policy import policy_in_force
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now, local_day
from messaging.models import OutboxMessage
from retention.models import LegalHold, RetentionWarning
from retention.operations.legal_holds import ask_to_lift, place_legal_hold
from retention.operations.settings import SettingChange, ask_for_setting, preview_setting, withdraw_setting
from retention.selectors.dates import dates_of
from rulebook.file.shape import read
from rulebook.operations.import_rules import import_rules, problems_here
from tests.factories import StudentFactory, UserFactory
from tests.retention.nights import completed_night, is_here, leaver, on, stayers
from tests.retention.people import as_, told

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-4")]

ERASING = [key for key, setting in SETTINGS.items() if setting.erases]
NIGHT = date(2026, 8, 1)


@pytest.fixture
def other(db: None) -> User:
    return UserFactory(given_name="Idris", roles=[Role.INFORMATION_GOVERNANCE])


@pytest.fixture(autouse=True)
def outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "messaging.mail_backend.backend.OutboxBackend"


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.code


def later(days: int = 30) -> date:
    return local_day(database_now()) + timedelta(days=days)


def fewer_years(value: int = 1, days: int = 30) -> SettingChange:
    return SettingChange("retention_years", value, later(days), "The retention plan of the University")


def mailed(person: User) -> int:
    return OutboxMessage.objects.filter(to_address=person.email).count()


def entry(action: str) -> tuple[Any, ...]:
    found = AuditEntry.objects.filter(action=action).latest("pk")
    return found.actor, found.subject, found.subject_id, found.details


# Settings


def test_a_setting_is_asked_for_and_confirmed_by_another_officer(officer: User, other: User) -> None:
    change = fewer_years()
    proposal = ask_for_setting(change=change, by=officer)
    assert not PolicySetting.objects.exists()
    assert (mailed(officer), mailed(other)) == (0, 1)
    assert refusal(lambda: confirm_proposal(proposal=proposal, by=officer)) == "second_person_needed"
    assert entry("refused") == (officer, "policy_setting", "retention_years", {"why": "second_person_needed"})
    administrator = UserFactory(roles=[Role.ADMINISTRATOR])
    assert refusal(lambda: confirm_proposal(proposal=proposal, by=administrator)) == "not_yours"
    confirm_proposal(proposal=proposal, by=other)
    row = PolicySetting.objects.get()
    assert (row.key, row.value, row.effective_from, row.set_by) == ("retention_years", 1, change.effective_from, other)
    assert entry("setting_changed") == (
        other, "policy_setting", "retention_years",
        {"before": 3, "after": 1, "effective_from": str(change.effective_from), "asked_by": officer.public_id},
    )  # fmt: skip
    assert (mailed(officer), mailed(other)) == (1, 2)


@pytest.mark.parametrize("days", [0, -1, -400])
@pytest.mark.parametrize("how", [ask_for_setting, preview_setting])
def test_a_setting_is_never_backdated(officer: User, other: User, days: int, how: Callable[..., object]) -> None:
    assert refusal(lambda: how(change=fewer_years(days=days), by=officer)) == "backdated"
    assert not Proposal.objects.exists()
    assert entry("refused")[3] == {"why": "backdated"}
    assert mailed(other) == 1


def test_a_setting_whose_day_came_while_it_waited_is_not_made(officer: User, other: User) -> None:
    proposal = ask_for_setting(change=fewer_years(), by=officer)
    Proposal.objects.update(details={**proposal.details, "effective_from": str(later(0))})
    assert refusal(lambda: confirm_proposal(proposal=proposal, by=other)) == "backdated"
    assert (PolicySetting.objects.count(), Proposal.objects.get().state) == (0, "waiting")


def test_a_value_in_force_stays_and_one_to_come_is_withdrawn(officer: User, other: User) -> None:
    confirm_proposal(proposal=ask_for_setting(change=fewer_years(), by=officer), by=other)
    assert refusal(lambda: ask_for_setting(change=fewer_years(2), by=officer)) == "setting_twice"
    assert refusal(lambda: ask_for_setting(change=fewer_years(1, 40), by=officer)) == "setting_same"
    withdraw_setting(setting=PolicySetting.objects.get(), by=officer)
    assert entry("setting_withdrawn")[3] == {"before": 1, "after": 3, "effective_from": str(later())}
    in_force = PolicySetting.objects.create(key="retention_years", value=6, effective_from=later(0))
    assert refusal(lambda: withdraw_setting(setting=in_force, by=officer)) == "setting_in_force"
    elsewhere = PolicySetting.objects.create(key="undo_seconds", value=6, effective_from=later())
    assert refusal(lambda: withdraw_setting(setting=elsewhere, by=officer)) == "setting_in_force"


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(UserFactory(roles=[Role.ADMINISTRATOR]))
    return client


@pytest.mark.parametrize("key", [key for key, setting in SETTINGS.items() if not setting.in_django_admin])
def test_neither_the_admin_nor_the_rules_file_changes_such_a_setting(admin: Client, key: str) -> None:
    value = SETTINGS[key].default if SETTINGS[key].default != "" else "Our own words."
    said = {"key": key, "value": f'"{value}"' if isinstance(value, str) else value, "effective_from": str(later())}
    answer = admin.post(reverse("admin:accounts_policysetting_add"), said)
    assert [each.code for each in answer.context["adminform"].form.errors.as_data()["key"]] == ["invalid_choice"]
    row = PolicySetting.objects.create(key=key, value=value, effective_from=later())
    assert admin.post(reverse("admin:accounts_policysetting_change", args=[row.pk]), said).status_code == 403
    assert admin.post(reverse("admin:accounts_policysetting_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    same = {"careerconnect_rules": 1, "settings": [{"key": key, "value": value, "effective_from": str(later())}]}
    assert import_rules(file=read(same), by=None) == []
    same["settings"][0]["effective_from"] = str(later(9))  # type: ignore[index]
    assert [problem.path for problem in problems_here(read(same))] == [f"settings.{key}-from-{later(9)}.key"]


def test_the_effect_is_shown_first_on_the_page(officer: User, other: User) -> None:
    with on(NIGHT):
        leaver(date(2025, 6, 10))
        leaver(date(2023, 6, 10))
        client, page = as_(officer), reverse("retention_setting_change")
        said = {"key": "retention_years", "value": "1", "effective_from": "2026-08-09", "note": "The plan"}
        shown = client.post(page, said)
        assert (shown.status_code, Proposal.objects.count()) == (200, 0)
        assert any("1 person more" in sentence for sentence in shown.context["effect"])
        assert client.post(page, {**said, "effective_from": "2026-08-01"}).status_code == 422
        assert client.post(page, {**said, "value": "many"}).status_code == 422
        year = {**said, "key": "academic_year_ends", "value": "02-30"}
        assert client.post(page, year).status_code == 422
        assert client.post(page, {**said, "sure": "on"}).status_code == 302
        proposal = Proposal.objects.get()
        assert "1 person more" in as_(other).get(reverse("proposal_detail", args=[proposal.public_id])).content.decode()
        confirm = reverse("proposal_confirm", args=[proposal.public_id])
        assert as_(officer).post(confirm).status_code == 403
        assert as_(other).post(confirm).status_code == 302
        row = PolicySetting.objects.get()
        withdraw = reverse("retention_setting_withdraw", args=[row.pk])
        assert as_(officer).post(withdraw).status_code == 302
        assert not PolicySetting.objects.exists()


@pytest.mark.parametrize("key", ERASING)
def test_every_such_setting_says_what_it_does(officer: User, key: str) -> None:
    default = SETTINGS[key].default
    value = not default if isinstance(default, bool) else "08-31" if isinstance(default, str) else int(default) + 1
    change = SettingChange(key, value, later())
    assert len(preview_setting(change=change, by=officer)) >= 1
    assert preview_setting(change=change, by=officer)[0].startswith(SETTINGS[key].label)


# Nobody who was not told


def test_a_shorter_period_deletes_nobody_before_they_were_told(officer: User) -> None:
    person = leaver(date(2025, 6, 10))
    stayers()
    PolicySetting.objects.create(key="retention_years", value=1, effective_from=NIGHT)
    assert completed_night(NIGHT, told=False).warned == 1
    warning = RetentionWarning.objects.get()
    assert (warning.kept_until, warning.ended_on) == (NIGHT + timedelta(days=60), date(2025, 6, 10))
    assert dates_of(person, policy_in_force(NIGHT)).kept_until == warning.kept_until
    assert told("retention.leaving", person) == [None]
    assert completed_night(NIGHT + timedelta(days=60), told=False).warned == 0
    assert is_here(person)
    completed_night(NIGHT + timedelta(days=61), told=False)
    assert not is_here(person)


@pytest.mark.parametrize("late", [0, 30, 59])
def test_whoever_is_found_late_is_told_first(late: int) -> None:
    """A course that the feed ends too late, or nights that did not run."""
    person = leaver(date(2023, 6, 10))
    stayers()
    first = NIGHT - timedelta(days=late)
    completed_night(first, told=False)
    completed_night(first + timedelta(days=1), told=False)
    assert RetentionWarning.objects.get().kept_until == first + timedelta(days=60)
    completed_night(first + timedelta(days=60), told=False)
    assert is_here(person)
    completed_night(first + timedelta(days=61), told=False)
    assert not is_here(person)


def test_an_earlier_warning_does_not_count_for_a_later_course() -> None:
    person = leaver(date(2023, 6, 10))
    stayers()
    RetentionWarning.objects.create(
        person=person, kept_until=date(2022, 7, 31), ended_on=date(2019, 6, 1), warned_at=database_now()
    )
    assert completed_night(NIGHT, told=False).warned == 1
    assert is_here(person)


def test_a_day_we_told_is_kept_though_the_period_becomes_shorter() -> None:
    person = leaver(date(2023, 6, 10))
    stayers()
    completed_night(date(2026, 6, 1), told=False)
    PolicySetting.objects.create(key="retention_years", value=1, effective_from=date(2026, 6, 5))
    completed_night(date(2026, 7, 31), told=False)
    assert is_here(person)
    completed_night(NIGHT, told=False)
    assert not is_here(person)


def test_the_latest_day_we_told_counts() -> None:
    person = leaver(date(2023, 6, 10))
    stayers()
    for day in (date(2026, 7, 31), date(2026, 9, 1)):
        RetentionWarning.objects.create(
            person=person, kept_until=day, ended_on=date(2023, 6, 10), warned_at=database_now()
        )  # fmt: skip
    completed_night(NIGHT, told=False)
    assert is_here(person)
    completed_night(date(2026, 9, 2), told=False)
    assert not is_here(person)


# Legal holds


def test_no_officer_lifts_a_hold_alone(officer: User, other: User) -> None:
    student = StudentFactory()
    hold = place_legal_hold(person=student, classes=[], reason="A claim", expires_on=later(), by=officer)
    proposal = ask_to_lift(hold=hold, because="Settled", by=officer)
    assert refusal(lambda: ask_to_lift(hold=hold, because="Again", by=other)) == "proposed_already"
    assert refusal(lambda: confirm_proposal(proposal=proposal, by=officer)) == "second_person_needed"
    assert entry("refused") == (officer, "legal_hold", hold.public_id, {"why": "second_person_needed"})
    assert mailed(other) == 2
    assert LegalHold.objects.get().lifted_at is None
    confirm_proposal(proposal=proposal, by=other)
    lifted = LegalHold.objects.get()
    assert (lifted.lifted_by, lifted.lifted_because) == (other, "Settled")
    assert entry("legal_hold_lifted")[3] == {"before": str(later()), "asked_by": officer.public_id}
    said = " ".join(OutboxMessage.objects.values_list("body_text", flat=True))
    assert student.family_name not in said


def test_the_person_of_a_hold_neither_sees_nor_confirms_its_lifting(officer: User, other: User) -> None:
    hold = place_legal_hold(person=other, classes=[], reason="A claim", expires_on=later(), by=officer)
    proposal = ask_to_lift(hold=hold, because="Settled", by=officer)
    assert refusal(lambda: confirm_proposal(proposal=proposal, by=other)) == "about_yourself"
    assert not Proposal.objects.visible_to(other).exists()
    assert mailed(other) == 0


def test_a_hold_that_ended_is_not_lifted(officer: User, other: User) -> None:
    hold = place_legal_hold(person=StudentFactory(), classes=[], reason="A claim", expires_on=later(), by=officer)
    proposal = ask_to_lift(hold=hold, because="Settled", by=officer)
    LegalHold.objects.update(placed_on=later(-9), expires_on=later(-1))
    assert refusal(lambda: confirm_proposal(proposal=proposal, by=other)) == "hold_over"
    assert Proposal.objects.get().state == "waiting"
