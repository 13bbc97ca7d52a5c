"""Finds conditions that can be written but never met, before a rule is scheduled, with their place in it (ELIG-1)."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import product

from accounts.models import Status
from eligibility.models.conditions import Combined, Condition, DidActivity, Everybody, Nobody, OnCourse
from eligibility.rules.words import words
from foundation.values.counted import counted

MOST_LEAVES = 12
"""Rules with more distinct conditions than this are checked part by part only, not as a whole."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """`path` is the place in the rule: `all[1].course`."""

    path: str
    sentence: str


def flaws(condition: Condition, path: str = "") -> list[Flaw]:
    """Empty for a rule that somebody could meet, and for the empty rule, which is meant to match nobody.

    Checks the parts before their combination.
    """
    if isinstance(condition, Nobody) and not path:
        return []
    if not isinstance(condition, Combined):
        return [Flaw(place, sentence) for place, sentence in _of_leaf(condition, path)]
    found = []
    for number, part in enumerate(condition.parts):
        found += flaws(part, _step(path, f"{condition.how}[{number}]"))
    if not found and not can_be_met(condition):
        whom = words(condition)
        sentence = f"Nobody can meet this: it is for {whom}. One part takes away what another asks for."
        found.append(Flaw(_step(path, condition.how), sentence))
    return found


def _step(path: str, step: str) -> str:
    return f"{path}.{step}" if path else step


def _of_leaf(condition: Condition, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(condition, Nobody):
        yield path, "This part is empty: it matches nobody. Say something, or take it out."
    if isinstance(condition, OnCourse):
        for sentence in _of_course(condition):
            yield _step(path, "course"), sentence
    if isinstance(condition, DidActivity):
        for sentence in _of_activity(condition):
            yield _step(path, "activity"), sentence


def _of_course(asked: OnCourse) -> Iterator[str]:
    least, most = asked.year_at_least or 0, asked.year_at_most
    if most is not None and least > most:
        yield f"No year of study is at least {least} and at most {most}."
    elif asked.year_of_study and not any(least <= y and (most is None or y <= most) for y in asked.year_of_study):
        yield "None of these years of study lies within the years asked for besides."
    within, past = asked.completed_within_years, asked.completed_more_than_years
    if within is not None and past is not None and past >= within:
        yield f"No course ended within {counted(within, 'year')} and more than {counted(past, 'year')} ago."
    ended = within is not None or past is not None
    if ended and asked.status and Status.COMPLETED not in asked.status:
        yield "Time since course end is asked of graduates, and none of these statuses is “completed”."
    if asked.ends_within_months is not None:
        if ended:
            yield "A course that has ended does not end within so many months."
        if asked.status and not {Status.CURRENT, Status.INTERRUPTED} & set(asked.status):
            yield "Only a course that goes on ends within so many months, and none of these statuses does."


def _of_activity(asked: DidActivity) -> Iterator[str]:
    if asked.score_at_least is not None and not 0 <= asked.score_at_least <= 100:
        yield "A score must be from 0 to 100."
    if asked.attended_at_least is not None and not 0 <= asked.attended_at_least <= 10_000:
        yield "How often somebody attended lies between 0 and 10,000."


# Whether the parts can be met together.


def can_be_met(condition: Condition) -> bool:
    """Tries every combination of conditions being true or false, excluding those that contradict each other."""
    leaves = list(dict.fromkeys(_leaves(condition)))
    if len(leaves) > MOST_LEAVES:
        return True
    for answers in product((True, False), repeat=len(leaves)):
        known = dict(zip(leaves, answers, strict=True))
        if _holds(condition, known) and _may_be(known):
            return True
    return False


def _leaves(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, Combined):
        for part in condition.parts:
            yield from _leaves(part)
    else:
        yield condition


def _holds(condition: Condition, known: dict[Condition, bool]) -> bool:
    if not isinstance(condition, Combined):
        return known[condition]
    answers = [_holds(part, known) for part in condition.parts]
    return {"all": all, "any": any}[condition.how](answers) if condition.how != "none" else not any(answers)


def _may_be(known: dict[Condition, bool]) -> bool:
    true = [leaf for leaf, answer in known.items() if answer]
    false = [leaf for leaf, answer in known.items() if not answer]
    if any(isinstance(leaf, Nobody) for leaf in true) or any(isinstance(leaf, Everybody) for leaf in false):
        return False
    return not any(follows(other, leaf) for leaf in true for other in false)


def follows(wider: Condition, narrower: Condition) -> bool:
    """Whether everybody who meets `narrower` also meets `wider`: somebody with 70 points also has 50."""
    if isinstance(wider, OnCourse) and isinstance(narrower, OnCourse):
        return all(_covers(field.name, wider, narrower) for field in fields(OnCourse))
    if isinstance(wider, DidActivity) and isinstance(narrower, DidActivity) and wider.activity == narrower.activity:
        return _did_more(wider, narrower)
    return False


LEAST, MOST = ("year_at_least", "completed_more_than_years"), (
    "year_at_most",
    "completed_within_years",
    "ends_within_months",
)  # fmt: skip


def _covers(name: str, wider: OnCourse, narrower: OnCourse) -> bool:
    asked, given = getattr(wider, name), getattr(narrower, name)
    if asked in ((), None):
        return True
    if given in ((), None):
        return False
    if name in LEAST:
        return bool(given >= asked)
    if name in MOST:
        return bool(given <= asked)
    return bool(given == asked if isinstance(asked, bool) else set(given) <= set(asked))


def _did_more(wider: DidActivity, narrower: DidActivity) -> bool:
    if wider.within_days is not None and (narrower.within_days is None or narrower.within_days > wider.within_days):
        return False
    if wider.completed or narrower.completed:
        return wider.completed and narrower.completed
    for name in ("score_at_least", "attended_at_least"):
        asked, given = getattr(wider, name), getattr(narrower, name)
        if asked is not None and given is not None:
            return bool(given >= asked)
    return False
