"""What miss rules say and how they count, on plain values: no database (ELIG-3)."""

from dataclasses import replace
from datetime import date
from importlib import import_module
from typing import Any

import pytest

from eligibility.models import UNTIL_LIFTED
from eligibility.models.misses import SHIPPED, MissRulesWrong, Per, parse_miss_rules
from eligibility.rules.calendar import AcademicCalendar, Span
from eligibility.rules.miss_words import rule_sentences, what_next
from eligibility.rules.misses import MissFact, counts_from, hold_ends, horizon_of, state

pytestmark = pytest.mark.policy("ELIG-3")

AUTUMN = Span("term:1", "Autumn", date(2026, 9, 21), date(2026, 12, 12))
SPRING = Span("term:2", "Spring", date(2027, 1, 11), date(2027, 3, 20))
CALENDAR = AcademicCalendar(semesters=(AUTUMN, SPRING), terms=(AUTUMN, SPRING))
MESSAGE = [{"at": 1, "message": True}]


def rule(**said: Any) -> Any:
    return parse_miss_rules([{"slug": "r", "per": "ever", "steps": MESSAGE} | said])[0]


def miss(day: str, kind: str = "appointment", how: str = "missed", type: str = "guidance") -> MissFact:
    return MissFact(kind, how, type, date.fromisoformat(day), day)


PER = [
    # per, asked on, first day that counts
    ("term", "2026-12-11", "2026-09-21"),
    ("term", "2027-01-10", "2026-09-21"),  # a vacation belongs to the term before
    ("term", "2027-01-11", "2027-01-11"),
    ("semester", "2027-03-28", "2027-01-11"),
    ("academic_year", "2026-07-31", "2025-08-01"),
    ("academic_year", "2026-08-01", "2026-08-01"),
    ({"days": 30}, "2026-10-25", "2026-09-26"),
    ({"days": 1}, "2027-03-28", "2027-03-28"),
    ({"since": "08-01"}, "2026-07-31", "2025-08-01"),
    ({"since": "08-01"}, "2026-08-01", "2026-08-01"),
    ({"days": 365, "since": "08-01"}, "2026-08-20", "2026-08-01"),
    ({"days": 10, "since": "08-01"}, "2026-08-20", "2026-08-11"),
    ("ever", "2026-08-20", "0001-01-01"),
]


@pytest.mark.parametrize(("per", "on", "since"), PER)
def test_the_first_day_that_counts(per: Any, on: str, since: str) -> None:
    assert counts_from(rule(per=per), date.fromisoformat(on), CALENDAR) == date.fromisoformat(since)


def test_the_state_is_that_of_the_day_it_is_asked() -> None:
    """“A hold is proposed, 2 misses count” does not stand after the day on which counting starts again."""
    misses = [miss("2026-07-01"), miss("2026-07-20"), miss("2026-07-31")]
    rules = parse_miss_rules(SHIPPED)
    for on, counted, proposes in (("2026-07-31", 3, True), ("2026-08-01", 0, False), ("2026-07-25", 2, False)):
        miss_count = state(misses, rules, date.fromisoformat(on), CALENDAR)[0]
        assert (miss_count.count, miss_count.proposes_hold) == (counted, proposes)


def test_what_is_counted_together() -> None:
    misses = [
        miss("2026-10-01"),
        miss("2026-10-02", how="late"),
        miss("2026-10-03", how="cancelled_late", type="mock"),
        miss("2026-10-04", kind="event", type=""),
    ]

    def count(**said: Any) -> int:
        return state(misses, [rule(**said)], date(2026, 10, 9), CALENDAR)[0].count

    assert count() == 4
    assert count(what=["missed"]) == 2
    assert count(what=["late", "cancelled_late"]) == 2
    assert count(kinds=["appointment"]) == 3
    assert count(types=["mock"]) == 1
    assert count(kinds=["event"], what=["late"]) == 0


HOLDS = [
    # hold, per, first day, day after the last
    ({"days": 28}, "ever", "2026-11-27", "2026-12-25"),
    ({"months": 3}, "ever", "2026-11-30", "2027-02-28"),
    ({"until": "08-01"}, "ever", "2026-07-31", "2026-08-01"),
    ({"until": "08-01"}, "ever", "2026-08-01", "2027-08-01"),
    ({"until": "end_of_period"}, "term", "2026-12-20", "2027-01-11"),
    ({"until": "end_of_period"}, "academic_year", "2026-08-01", "2027-08-01"),
    ({"until": "end_of_period"}, {"days": 90, "since": "09-01"}, "2026-08-31", "2026-09-01"),
    ({"until": "end_of_period"}, "term", "2027-04-01", str(UNTIL_LIFTED)),  # the next term is not known
    ({"until": "lifted"}, "ever", "2026-11-27", str(UNTIL_LIFTED)),
]


@pytest.mark.parametrize(("hold", "per", "first", "after"), HOLDS)
def test_when_a_hold_ends(hold: Any, per: Any, first: str, after: str) -> None:
    found = rule(per=per, steps=[{"at": 1, "hold": hold}])
    ends = hold_ends(found.steps[0].hold, found, date.fromisoformat(first), CALENDAR)
    assert ends == date.fromisoformat(after)


def test_a_shorter_horizon_is_that_of_the_step_reached_and_of_its_types() -> None:
    shorter = rule(types=["mock"], steps=[{"at": 1, "horizon_days": 7}, {"at": 2, "horizon_days": 0}])
    one, two = [miss("2026-10-01", type="mock")], [miss("2026-10-01", type="mock"), miss("2026-10-02", type="mock")]
    for misses, type, days in ((one, "mock", 7), (two, "mock", 0), (two, "guidance", None), ([], "mock", None)):
        assert horizon_of(state(misses, [shorter], date(2026, 10, 9), CALENDAR), type) == days


WRONG = [
    # what is said, the places named
    ({"slug": "r"}, [""]),
    ([{}], ["[0].per", "[0].slug", "[0].steps"]),
    ([{"slug": "r", "per": "fortnight", "steps": MESSAGE}], ["[0].per"]),
    ([{"slug": "r", "per": {"days": 0}, "steps": MESSAGE}], ["[0].per.days"]),
    ([{"slug": "r", "per": {"since": "13-45"}, "steps": MESSAGE}], ["[0].per.since"]),
    ([{"slug": "r", "per": {"since": "02-29"}, "steps": MESSAGE}], ["[0].per.since"]),
    ([{"slug": "r", "per": {"weeks": 2}, "steps": MESSAGE}], ["[0].per.weeks"]),
    ([{"slug": "r", "per": {}, "steps": MESSAGE}], ["[0].per"]),
    ([{"slug": "r s", "per": "ever", "steps": MESSAGE}], ["[0].slug"]),
    ([{"slug": "r", "per": "ever", "steps": MESSAGE}] * 2, ["[1].slug"]),
    ([{"slug": "r", "per": "ever", "what": ["absent"], "steps": MESSAGE}], ["[0].what[0]"]),
    ([{"slug": "r", "per": "ever", "what": [], "steps": MESSAGE}], ["[0].what"]),
    ([{"slug": "r", "per": "ever", "kinds": ["fair"], "steps": MESSAGE}], ["[0].kinds[0]"]),
    ([{"slug": "r", "per": "ever", "types": "all", "steps": MESSAGE}], ["[0].types"]),
    ([{"slug": "r", "per": "ever", "steps": []}], ["[0].steps"]),
    ([{"slug": "r", "per": "ever", "steps": [{"at": 1}]}], ["[0].steps[0]"]),
    ([{"slug": "r", "per": "ever", "steps": [{"at": 1, "mesage": True, "message": True}]}], ["[0].steps[0].mesage"]),
    ([{"slug": "r", "per": "ever", "steps": [{"at": "1", "message": True}]}], ["[0].steps[0].at"]),
    ([{"slug": "r", "per": "ever", "steps": [{"at": 1, "message": ""}]}], ["[0].steps[0].message", "[0].steps[0]"]),
    ([{"slug": "r", "per": "ever", "steps": [{"at": 1, "review": "yes"}]}], ["[0].steps[0].review", "[0].steps[0]"]),
    (
        [{"slug": "r", "per": "ever", "steps": [{"at": 2, "message": True}, {"at": 2, "review": True}]}],
        ["[0].steps[1].at"],
    ),
    (
        [{"slug": "r", "per": "ever", "steps": [{"at": 2, "hold": {"days": 3}}, {"at": 3, "review": True}]}],
        ["[0].steps[1]"],
    ),
    ([{"slug": "r", "per": "ever", "steps": [{"at": 1, "hold": {}}]}], ["[0].steps[0].hold"]),
    ([{"slug": "r", "per": "ever", "steps": [{"at": 1, "hold": {"days": 1, "months": 1}}]}], ["[0].steps[0].hold"]),
    ([{"slug": "r", "per": "ever", "steps": [{"at": 1, "hold": {"until": "june"}}]}], ["[0].steps[0].hold.until"]),
    (
        [{"slug": "r", "per": "ever", "steps": [{"at": 1, "hold": {"until": "end_of_period"}}]}],
        ["[0].steps[0].hold.until"],
    ),
    ([{"slug": "r", "per": "ever", "steps": [{"at": 1, "horizon_days": -1}]}], ["[0].steps[0].horizon_days"]),
]


@pytest.mark.parametrize(("said", "places"), WRONG)
def test_everything_wrong_is_named_with_its_place(said: Any, places: list[str]) -> None:
    with pytest.raises(MissRulesWrong) as wrong:
        parse_miss_rules(said)
    assert [flaw.place for flaw in wrong.value.flaws] == places


def test_what_is_shipped_is_what_the_former_settings_said() -> None:
    rules = {each.slug: each for each in parse_miss_rules(SHIPPED)}
    for slug, review, hold in (("appointment", 2, 3), ("event", 1, 2), ("other", 2, 3)):
        found = rules[slug]
        asking = [step.at for step in found.steps if step.asks_manager]
        assert asking == [review, hold]
        assert [step.at for step in found.steps if step.hold] == [hold]
        assert (found.days, found.since, found.wait_hours) == (365, "08-01", 2)
        assert all(step.emails for step in found.steps)


FORMER = {
    "strike_message_at": 1,
    "strike_message_hours": 2,
    "strike_review_at": 2,
    "strike_hold_at": 3,
    "strike_event_review_at": 1,
    "strike_event_hold_at": 2,
    "strike_other_review_at": 2,
    "strike_other_hold_at": 3,
    "strikes_counted_apart": True,
    "strike_window_days": 365,
    "strike_reset_day": "08-01",
}
CARRIED = [
    # former values, then of the first rule: kinds, per, steps that email, review, hold
    ({}, 1, (Per.DAYS, 365, "08-01"), [1, 2, 3], [2], [3]),
    ({"strikes_counted_apart": False}, 3, (Per.DAYS, 365, "08-01"), [1, 2, 3], [2], [3]),
    ({"strike_window_days": 0, "strike_reset_day": "never"}, 1, (Per.EVER, 0, ""), [1, 2, 3], [2], [3]),
    ({"strike_window_days": 0, "strike_reset_day": "02-29"}, 1, (Per.EVER, 0, "03-01"), [1, 2, 3], [2], [3]),
    ({"strike_message_at": 3, "strike_review_at": 1}, 1, (Per.DAYS, 365, "08-01"), [3], [1], [3]),
    ({"strike_review_at": 4}, 1, (Per.DAYS, 365, "08-01"), [1, 3], [], [3]),
    ({"strike_hold_at": 2, "strike_message_at": 5}, 1, (Per.DAYS, 365, "08-01"), [5], [], [2, 5]),
]


@pytest.mark.parametrize(("former", "kinds", "per", "emails", "review", "hold"), CARRIED)
def test_the_values_of_the_former_settings_are_carried_over(
    former: Any, kinds: int, per: Any, emails: list[int], review: list[int], hold: list[int]
) -> None:
    as_rules = import_module("eligibility.migrations.0003_misses_are_rules").as_rules
    first, *others = parse_miss_rules(as_rules(FORMER | former))
    assert (len(first.kinds), len(others)) == (kinds, 0 if kinds == 3 else 2)
    assert (first.per, first.days, first.since) == per
    assert [step.at for step in first.steps if step.emails] == emails
    assert [step.at for step in first.steps if step.review] == review
    assert [step.at for step in first.steps if step.hold] == hold


@pytest.mark.parametrize("by_itself", [True, False])
def test_the_words_follow_the_rules(by_itself: bool) -> None:
    """A message at the second miss does not speak of a manager if the review is at three."""
    steps = [{"at": 2, "message": True}, {"at": 3, "hold": {"days": 9, "by_itself": by_itself, "stays_open": ["desk"]}}]
    found = rule(steps=steps, what=["missed"])
    two = state([miss("2026-10-01"), miss("2026-10-02")], [found], date(2026, 10, 9), CALENDAR)[0]
    three = replace(two, misses=(*two.misses, miss("2026-10-03")))
    said = " ".join(rule_sentences(found, {"desk": "Drop-in desk"}))
    assert ("without a person" in said) == by_itself == ("without a person" in what_next(three))
    assert ("manager" in said) != by_itself
    assert "9 days" in said
    assert "Drop-in desk" in said
    assert "not coming" in said
    assert "too late" not in said
    assert "At 3" in what_next(two)
    assert "At" not in what_next(three)
    assert "manager" not in what_next(replace(two, rule=rule(steps=[{"at": 2, "message": True}])))
