"""The administrator’s page of miss rules: preview, schedule, withdraw; and that the public page says what they say."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from appointments.rules.ways_to_miss import as_it_can_happen
from eligibility.models import MissPolicy, Strike
from eligibility.models.misses import parse_miss_rules
from eligibility.models.strike import HowMissed
from eligibility.rules.miss_words import HOW, rule_sentences
from eligibility.selectors.miss_rules import miss_rules_in_force
from rulebook.file.text import to_text
from tests.cast import Cast
from tests.factories import miss_rules

pytestmark = [pytest.mark.django_db, pytest.mark.policy("ELIG-3")]

WHERE = "miss_rule_list"
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


def draft(value: Any = STRICT, days: int = 3, **more: str) -> dict[str, str]:
    day = timezone.localdate() + timedelta(days=days)
    text = value if isinstance(value, str) else to_text(value, as_json=False)
    return {"value": text, "effective_from": str(day), "note": "The board decided.", **more}


def seen(office: Client) -> str:
    version: str = office.get(reverse(WHERE)).context["page"].version
    return version


def test_a_draft_is_previewed_scheduled_applies_from_its_day_and_is_withdrawn(office: Client, cast: Cast) -> None:
    for number in range(2):
        Strike.objects.create(student=cast.student, source_id=f"s{number}", on=timezone.localdate(), about="Guidance")
    preview = office.post(reverse(WHERE), draft(action="preview"))
    assert (preview.status_code, MissPolicy.objects.count()) == (200, 0)
    shown = preview.context["preview"]
    assert shown["by_itself"]
    assert {(row.now, row.then) for row in shown["counts"] if "strict" in row.words} == {(0, 0), (0, 1)}
    assert all(sentence in preview.content.decode() for sentence in rule_sentences(parse_miss_rules(STRICT)[0], {}))
    answer = office.post(reverse(WHERE), draft(action="schedule", seen=seen(office)))
    assert answer.headers["Location"] == reverse(WHERE)
    row, today = MissPolicy.objects.get(), timezone.localdate()
    assert (row.value, row.set_by, row.note) == (STRICT, cast.administrator, "The board decided.")
    assert miss_rules_in_force(today)[0].slug == "appointment"
    assert miss_rules_in_force(today + timedelta(days=3))[0].slug == "strict"
    office.post(reverse(WHERE), {"withdraw": str(row.effective_from), "seen": seen(office)})
    assert not MissPolicy.objects.exists()
    entries = AuditEntry.objects.filter(actor=cast.administrator, action__startswith="rule_").order_by("pk")
    assert list(entries.values_list("action", flat=True)) == ["rule_scheduled", "rule_withdrawn"]


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        (draft("- {slug: r, per: fortnight, steps: []}"), 422, None),
        (draft("- {slug: r, per: ever, types: [nobody], steps: [{at: 1, message: true}]}"), 422, None),
        (draft("&anchor [1]"), 422, None),
        (draft("x" * 10_000), 422, None),
        (draft(days=-1, action="schedule"), 409, "rule_in_the_past"),
        (draft(days=5, action="schedule"), 409, "rule_day_taken"),
        (draft(action="schedule", seen="an older page"), 409, "changed_since"),
        ({"withdraw": "2026-01-01"}, 409, "rule_holds"),
        ({"withdraw": "soon"}, 422, None),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_typed_is_lost(
    office: Client, said: dict[str, str], status: int, code: str | None
) -> None:
    said = {**said}
    taken = timezone.localdate() + timedelta(days=5)
    if "effective_from" in said and code == "rule_day_taken":
        said["effective_from"] = str(taken)
    miss_rules(*STRICT, since=taken)
    answer = office.post(reverse(WHERE), said)
    assert answer.status_code == status
    assert MissPolicy.objects.count() == 1
    if code:
        assert answer.context["refused"].code == code
    if "value" in said:
        assert answer.context["form"]["value"].value() == said["value"]


def test_its_pages_take_a_fixed_number_of_queries(office: Client, cast: Cast, django_assert_num_queries: Any) -> None:
    for entries in (1, 3):
        miss_rules(*STRICT, since=date(2020, 1, entries))
        with django_assert_num_queries(4):  # session, person, entries, types
            office.get(reverse(WHERE))


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
