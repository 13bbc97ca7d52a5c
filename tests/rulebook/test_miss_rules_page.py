"""The administrator’s pages of miss rules: preview, schedule, withdraw; and that the public page says what they say."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Draft
from appointments.rules.ways_to_miss import as_it_can_happen
from eligibility.models import MissPolicy, Strike
from eligibility.models.misses import SHIPPED, parse_miss_rules
from eligibility.models.strike import HowMissed
from eligibility.rules.miss_words import HOW, rule_sentences
from eligibility.selectors.miss_rules import miss_rules_in_force
from tests.accounts.test_drafts import browser_of, send
from tests.cast import Cast
from tests.factories import miss_rules
from tests.rulebook.test_miss_draft import of

pytestmark = [pytest.mark.django_db, pytest.mark.policy("ELIG-3")]

LIST, CHANGE = "miss_rule_list", "miss_rule_change"
STRICT: list[dict[str, Any]] = [
    {
        "slug": "strict",
        "per": "ever",
        "steps": [{"at": 1, "message": True}, {"at": 2, "hold": {"months": 1, "by_itself": True}}],
    }
]


@pytest.fixture
def office(cast: Cast, client: Client) -> Client:
    client.force_login(cast.administrator)
    return client


def draft(value: Any = STRICT, days: int = 3, **more: Any) -> dict[str, Any]:
    """What the form sends."""
    day = timezone.localdate() + timedelta(days=days)
    return {**dict(of(value).lists()), "effective_from": str(day), "note": "The board decided.", **more}


def shown(answer: Any) -> dict[str, Any]:
    """What the form says and would send."""
    form = answer.context["form"]
    fields = {each.html_name: each.value() for part in (form, *form.draft.forms) for each in part}
    return {name: value if isinstance(value, list) else str(value or "") for name, value in fields.items()}


def seen(office: Client) -> str:
    version: str = office.get(reverse(CHANGE)).context["seen"]
    return version


def test_a_draft_is_previewed_scheduled_applies_from_its_day_and_is_withdrawn(office: Client, cast: Cast) -> None:
    for number in range(2):
        Strike.objects.create(student=cast.student, source_id=f"s{number}", on=timezone.localdate(), about="Guidance")
    preview = office.post(reverse(CHANGE), draft(action="preview"))
    assert (preview.status_code, MissPolicy.objects.count()) == (200, 0)
    said = preview.context["preview"]
    assert said["by_itself"]
    # Counted, reviewed, a hold proposed, a hold by itself, a shorter horizon.
    assert [(row.now, row.then) for row in said["effects"]] == [(1, 1), (1, 0), (0, 0), (0, 1), (0, 0)]
    assert all(sentence in preview.content.decode() for sentence in rule_sentences(parse_miss_rules(STRICT)[0], {}))
    answer = office.post(reverse(CHANGE), draft(action="schedule", seen=seen(office)))
    assert answer.headers["Location"] == reverse(LIST)
    row, today = MissPolicy.objects.get(), timezone.localdate()
    assert parse_miss_rules(row.value) == parse_miss_rules(STRICT)
    assert (row.set_by, row.note) == (cast.administrator, "The board decided.")
    assert miss_rules_in_force(today)[0].slug == "appointment"
    assert miss_rules_in_force(today + timedelta(days=3))[0].slug == "strict"
    office.post(reverse(LIST), {"withdraw": str(row.effective_from), "seen": seen(office)})
    assert not MissPolicy.objects.exists()
    entries = AuditEntry.objects.filter(actor=cast.administrator, action__startswith="rule_").order_by("pk")
    assert list(entries.values_list("action", flat=True)) == ["rule_scheduled", "rule_withdrawn"]


@pytest.mark.parametrize(
    ("days", "said", "status", "code"),
    [
        (3, {"action": "preview", "rule-0-restart": "fortnight"}, 422, None),
        (3, {"action": "schedule", "rule-0-step-1-at": "1"}, 422, None),
        (3, {"action": "schedule", "effective_from": "soon"}, 422, None),
        (3, {"action": "schedule", "note": ""}, 422, None),
        (-1, {"action": "schedule"}, 409, "rule_in_the_past"),
        (5, {"action": "schedule"}, 409, "rule_day_taken"),
        (3, {"action": "schedule", "seen": "an older page"}, 409, "changed_since"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_typed_is_lost(
    office: Client, days: int, said: dict[str, str], status: int, code: str | None
) -> None:
    miss_rules(*STRICT, since=timezone.localdate() + timedelta(days=5))
    said = draft(days=days, **said)
    answer = office.post(reverse(CHANGE), said)
    assert (answer.status_code, MissPolicy.objects.count()) == (status, 1)
    if code:
        assert answer.context["refused"].code == code
    now = shown(answer)
    typed = {name: listed(value) for name, value in said.items() if name in now}
    assert {name: listed(now[name]) for name in typed} == typed
    assert len(typed) > 10


def listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize(("said", "status"), [({"withdraw": "2026-01-01"}, 409), ({"withdraw": "soon"}, 422)])
def test_only_what_is_scheduled_can_be_withdrawn(office: Client, said: dict[str, str], status: int) -> None:
    miss_rules(*STRICT, since=date(2026, 1, 1))
    assert office.post(reverse(LIST), said).status_code == status
    assert MissPolicy.objects.count() == 1


def test_buttons_change_the_form_only(office: Client) -> None:
    for action, rules, steps in (("add-rule", 2, 2), ("add-step:0", 1, 3), ("remove-step:0:0", 1, 1), ("", 1, 2)):
        answer = office.post(reverse(CHANGE), draft(action=action, note="", effective_from="soon"))
        parts = answer.context["form"].draft.parts
        assert (answer.status_code, len(parts), len(parts[0].steps)) == (200, rules, steps)
        assert not answer.context["form"].errors
        assert shown(answer)["effective_from"] == "soon"
        assert answer.context["preview"] is None
    answer = office.post(reverse(CHANGE), draft(action="remove-rule:0"))
    assert answer.context["form"].draft.parts == []
    assert not MissPolicy.objects.exists()


def test_a_page_that_was_not_told_of_a_change_keeps_its_version(office: Client, cast: Cast) -> None:
    """Adding a step or previewing is not being told; a refusal is."""
    mine = seen(office)
    day = timezone.localdate() + timedelta(days=9)
    miss_rules(*STRICT, since=day)
    for action in ("add-step:0", "preview"):
        assert office.post(reverse(CHANGE), draft(action=action, seen=mine)).context["seen"] == mine
    refused = office.post(reverse(CHANGE), draft(action="schedule", seen=mine))
    assert (refused.status_code, refused.context["refused"].code) == (409, "changed_since")
    assert [entry.day for entry in refused.context["preview"]["later"]] == [day]
    assert office.post(reverse(CHANGE), draft(action="schedule", seen=refused.context["seen"])).status_code == 302
    assert MissPolicy.objects.count() == 2


def test_a_change_starts_from_the_rules_in_force_or_from_those_of_a_day(office: Client) -> None:
    day = timezone.localdate() + timedelta(days=9)
    miss_rules(*STRICT, since=day)
    for asked, slugs in (
        ("", [rule["slug"] for rule in SHIPPED]),
        (f"?from={day}", ["strict"]),
        ("?from=2001-01-01", [rule["slug"] for rule in SHIPPED]),
        ("?from=x", [rule["slug"] for rule in SHIPPED]),
    ):
        assert slugs_of(office, asked) == slugs
    miss_rules({**STRICT[0], "slug": "of-2020"})
    assert slugs_of(office) == ["of-2020"]


def slugs_of(office: Client, asked: str = "") -> list[str]:
    parts = office.get(reverse(CHANGE) + asked).context["form"].draft.parts
    return [part.form["slug"].value() for part in parts]


def test_a_type_that_is_gone_stays_chosen_until_somebody_removes_it(office: Client) -> None:
    miss_rules({**STRICT[0], "types": ["gone"]})
    field = office.get(reverse(CHANGE)).context["form"].draft.parts[0].form["types"]
    assert field.value() == ["gone"]
    assert "gone" in dict(field.field.choices)


def test_words_survive_the_end_of_a_session(cast: Cast, settings: Any) -> None:
    page = reverse(CHANGE)
    said = draft([*STRICT, {**STRICT[0], "slug": "other"}], action="preview", **{"rule-1-noun": "", "rule-0-days": "x"})
    send(browser_of(cast.administrator, settings), page, page, said)
    office = Client()
    office.force_login(cast.administrator)
    answer = office.get(page)
    assert len(answer.context["typed_before"]) == 1
    assert not any(part.errors for part in answer.context["form"].draft.forms)
    now = shown(answer)
    assert all(listed(now[name]) == listed(value) for name, value in said.items() if name in now)
    assert now["rule-0-days"] == "x"
    assert office.post(page, {**said, "action": "schedule", "rule-0-days": ""}).status_code == 302
    assert not Draft.objects.exists()


def test_its_pages_take_a_fixed_number_of_queries(office: Client, cast: Cast, django_assert_num_queries: Any) -> None:
    for entries in (1, 3):
        miss_rules(*STRICT, since=date(2020, 1, entries))
        with django_assert_num_queries(4):  # session, person, entries, types
            office.get(reverse(LIST))
        with django_assert_num_queries(5):  # and types by name
            office.get(reverse(CHANGE))
        with django_assert_num_queries(9):  # and rules of the day, settings, calendar, students' misses
            office.post(reverse(CHANGE), draft(action="preview"))


def test_the_public_page_and_the_students_say_every_sentence_of_the_rules_in_force(cast: Cast, client: Client) -> None:
    miss_rules(*STRICT)
    (rule,) = parse_miss_rules(STRICT)
    for page, by in (("policies", None), ("strike_list", cast.student)):
        if by:
            client.force_login(by)
        text = client.get(reverse(page)).content.decode()
        offered = as_it_can_happen(rule, [cast.type])
        assert all(sentence in text for sentence in rule_sentences(offered, {})), page
        assert [how for how, words in HOW.items() if words in text] == [HowMissed.MISSED, HowMissed.LATE]
