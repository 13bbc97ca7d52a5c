"""What counts as a miss and what follows, as data: a list of miss rules, parsed and checked here without queries.

    - slug: appointments
      what: [missed, late, cancelled_late]      # any of them; all if left out
      kinds: [appointment]                      # also event, other; all if left out
      types: [guidance]                         # slugs of appointment types; all if left out
      per: {days: 365, since: 08-01}            # or term, semester, academic_year, ever
      steps:
        - {at: 1, message: true}
        - {at: 3, hold: {days: 28, stays_open: [quick-query]}}

A step applies from its number of misses until the next step's. See `docs/attendance.md` for every word.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any

from django.db import models

from eligibility.models.strike import HowMissed, StrikeKind
from foundation.values.month_days import is_month_day

MOST_RULES, MOST_STEPS = 10, 6
"""What one page can send: Django accepts 1,000 fields."""
RULE_FIELDS = frozenset({"slug", "noun", "what", "kinds", "types", "per", "steps", "wait_hours"})
STEP_FIELDS = frozenset({"at", "message", "letter", "review", "hold", "horizon_days"})
HOLD_FIELDS = frozenset({"days", "months", "until", "stays_open", "by_itself", "message"})
SLUG = "letters, digits and hyphens"


class Per(models.TextChoices):
    """The periods after which counting starts again. Vacations belong to the term or semester before."""

    TERM = "term", "a term"
    SEMESTER = "semester", "a semester"
    ACADEMIC_YEAR = "academic_year", "an academic year"
    DAYS = "days", "so many days"
    EVER = "ever", "ever"


class HoldEnd(models.TextChoices):
    DAYS = "days", "after so many days"
    MONTHS = "months", "after so many months"
    DAY = "day", "on a day of the year"
    PERIOD = "end_of_period", "when counting starts again"
    LIFTED = "lifted", "when a manager lifts it"


@dataclass(frozen=True, slots=True)
class MissFlaw:
    """`place` is relative to the list: `[0].steps[1].at`."""

    place: str
    sentence: str


class MissRulesWrong(ValueError):
    """`flaws` has everything that was found."""

    def __init__(self, flaws: list[MissFlaw]) -> None:
        self.flaws = flaws
        super().__init__(" ".join(f"{each.place.lstrip('.')}: {each.sentence}" for each in flaws))


@dataclass(frozen=True, slots=True)
class StepHold:
    """`by_itself`: the portal places it, without a manager's decision. `day` is a month and day, such as 08-01."""

    end: HoldEnd
    length: int = 0
    day: str = ""
    stays_open: tuple[str, ...] = ()
    by_itself: bool = False
    message: str = ""


@dataclass(frozen=True, slots=True)
class MissStep:
    """What so many misses lead to. `message` and `letter` are words of the institution's own, for the student."""

    at: int
    emails: bool = False
    message: str = ""
    letter: str = ""
    review: bool = False
    hold: StepHold | None = None
    horizon_days: int | None = None

    @property
    def asks_manager(self) -> bool:
        return self.review or (self.hold is not None and not self.hold.by_itself)

    @property
    def writes(self) -> bool:
        return self.emails or bool(self.letter)


@dataclass(frozen=True, slots=True)
class MissRule:
    """Misses that are counted together. `since`: counting also starts again on this day of each year."""

    slug: str
    what: frozenset[str]
    kinds: frozenset[str]
    types: frozenset[str]
    per: Per
    steps: tuple[MissStep, ...]
    days: int = 0
    since: str = ""
    noun: str = "appointment"
    wait_hours: int = 2

    def step(self, count: int) -> MissStep | None:
        """The highest step reached with so many misses."""
        return next((step for step in reversed(self.steps) if count >= step.at), None)

    def next_step(self, count: int) -> MissStep | None:
        return next((step for step in self.steps if step.at > count), None)


SHIPPED: list[dict[str, Any]] = [
    {
        "slug": slug,
        "kinds": [slug],
        "per": {"days": 365, "since": "08-01"},
        "steps": [
            *({"at": number, "message": True} for number in range(1, review)),
            {"at": review, "message": True, "review": True},
            {"at": hold, "message": True, "hold": {"days": 28}},
        ],
    }
    for slug, review, hold in (("appointment", 2, 3), ("event", 1, 2), ("other", 2, 3))
]
"""In force until an institution has rules of its own."""


def parse_miss_rules(said: Any) -> tuple[MissRule, ...]:
    """Raises MissRulesWrong with every problem and its place."""
    reading = _MissReading()
    rules = reading.rules(said)
    if reading.flaws:
        raise MissRulesWrong(reading.flaws)
    return rules


@lru_cache(maxsize=32)
def rules_of_text(text: str) -> tuple[MissRule, ...]:
    """The rules that a JSON text means; it was checked when it was stored."""
    return parse_miss_rules(json.loads(text))


@dataclass
class _MissReading:
    flaws: list[MissFlaw] = field(default_factory=list)

    def wrong(self, place: str, sentence: str) -> None:
        self.flaws.append(MissFlaw(place, sentence))

    def rules(self, said: Any) -> tuple[MissRule, ...]:
        if not isinstance(said, list) or len(said) > MOST_RULES:
            self.wrong("", f"This is a list of at most {MOST_RULES} rules.")
            return ()
        found = [self.rule(f"[{number}]", each) for number, each in enumerate(said)]
        slugs: set[str] = set()
        for number, rule in enumerate(found):
            if rule.slug in slugs:
                self.wrong(f"[{number}].slug", "Another rule in this list has this slug.")
            slugs.add(rule.slug)
        return tuple(found)

    def rule(self, place: str, said: Any) -> MissRule:
        said = self.fields(place, said, RULE_FIELDS)
        kinds = self.words(place, said, "kinds", StrikeKind.values)
        per, days, since = self.per(f"{place}.per", said.get("per", ...))
        only = str(StrikeKind(next(iter(kinds))).label) if len(kinds) == 1 else "session"
        return MissRule(
            slug=self.text(
                place, said, "slug", required=True, most=60, accepts=_is_slug, needs="letters, digits and hyphens"
            ),
            what=self.words(place, said, "what", HowMissed.values),
            kinds=kinds,
            types=frozenset(self.names(place, said, "types")),
            per=per,
            steps=self.steps(f"{place}.steps", said.get("steps", ...), per, since),
            days=days,
            since=since,
            noun=self.text(place, said, "noun", most=60) or only,
            wait_hours=self.number(place, said, "wait_hours", 0, 72, default=2),
        )

    def per(self, place: str, said: Any) -> tuple[Per, int, str]:
        if isinstance(said, str) and said in set(Per.values) - {Per.DAYS}:
            return Per(said), 0, ""
        if not isinstance(said, Mapping):
            named = ", ".join(sorted(set(Per.values) - {Per.DAYS}))
            self.wrong(place, f"This is one of {named}, or has “days”, “since” or both.")
            return Per.EVER, 0, ""
        said = self.fields(place, said, {"days", "since"})
        days = self.number(place, said, "days", 1, 3650, default=0)
        since = self.text(place, said, "since", accepts=is_month_day, needs="a month and day such as 08-01")
        if not said:
            self.wrong(place, "This needs “days”, “since” or both.")
        return (Per.DAYS if days else Per.EVER), days, since

    def steps(self, place: str, said: Any, per: Per, since: str) -> tuple[MissStep, ...]:
        if not isinstance(said, list) or not 1 <= len(said) <= MOST_STEPS:
            self.wrong(place, f"This is a list of 1 to {MOST_STEPS} steps.")
            return ()
        steps = [self.step(f"{place}[{number}]", each, per, since) for number, each in enumerate(said)]
        for number, (before, after) in enumerate(pairwise(steps), start=1):
            if after.at <= before.at:
                self.wrong(f"{place}[{number}].at", f"Steps come in order: this must be more than {before.at}.")
            if _weight(after) < _weight(before):
                self.wrong(f"{place}[{number}]", "Steps come in order: this step does less than the one before it.")
        return tuple(steps)

    def step(self, place: str, said: Any, per: Per, since: str) -> MissStep:
        said = self.fields(place, said, STEP_FIELDS)
        message = said.get("message", False)
        if not isinstance(message, bool | str) or message == "":
            self.wrong(f"{place}.message", "This is true, false, or the words to add to the message.")
        hold = self.hold(f"{place}.hold", said["hold"], per, since) if "hold" in said else None
        step = MissStep(
            at=self.number(place, said, "at", 1, 100),
            emails=bool(message),
            message=self.text(place, said, "message") if message and isinstance(message, str) else "",
            letter=self.text(place, said, "letter", most=2000),
            review=self.flag(place, said, "review"),
            hold=hold,
            horizon_days=self.number(place, said, "horizon_days", 0, 365) if "horizon_days" in said else None,
        )
        if not (step.writes or step.asks_manager or hold or step.horizon_days is not None):
            self.wrong(place, "This step does nothing: say what follows.")
        return step

    def hold(self, place: str, said: Any, per: Per, since: str) -> StepHold:
        said = self.fields(place, said, HOLD_FIELDS)
        ends = [name for name in ("days", "months", "until") if name in said]
        if len(ends) != 1:
            self.wrong(place, "Give one of “days”, “months” and “until”.")
        end, length, day = HoldEnd.LIFTED, 0, ""
        if "until" in said:
            end, day = self.until(f"{place}.until", said["until"], per, since)
        elif ends:
            end = HoldEnd(ends[0])
            length = self.number(place, said, ends[0], 1, 730 if end == HoldEnd.DAYS else 24)
        return StepHold(
            end,
            length,
            day,
            tuple(self.names(place, said, "stays_open")),
            self.flag(place, said, "by_itself"),
            self.text(place, said, "message"),
        )

    def until(self, place: str, said: Any, per: Per, since: str) -> tuple[HoldEnd, str]:
        if said == HoldEnd.PERIOD and not since and per in (Per.DAYS, Per.EVER):
            self.wrong(place, "This rule has no period that ends. Give “days”, “months” or a day of the year.")
        if said in (HoldEnd.PERIOD, HoldEnd.LIFTED):
            return HoldEnd(said), ""
        if not isinstance(said, str) or not is_month_day(said):
            self.wrong(place, "This is end_of_period, lifted, or a month and day such as 08-01.")
            return HoldEnd.LIFTED, ""
        return HoldEnd.DAY, said

    def fields(self, place: str, said: Any, allowed: Collection[str]) -> Mapping[str, Any]:
        if not isinstance(said, Mapping):
            self.wrong(place, "This is an object with named fields.")
            return {}
        for unknown in sorted(map(str, set(said).difference(allowed))):
            self.wrong(f"{place}.{unknown}", f"There is no such field. There are: {', '.join(sorted(allowed))}.")
        return said

    def words(self, place: str, said: Mapping[str, Any], name: str, known: list[str]) -> frozenset[str]:
        """A list of known words; all of them if it is left out."""
        if name not in said:
            return frozenset(known)
        listed = self.names(place, said, name)
        for number, word in enumerate(listed):
            if word not in known:
                self.wrong(f"{place}.{name}[{number}]", f"“{word}” is unknown. There are: {', '.join(known)}.")
        if not listed:
            self.wrong(f"{place}.{name}", "Name at least one, or leave it out for all.")
        return frozenset(listed) & frozenset(known) or frozenset(known)

    def names(self, place: str, said: Mapping[str, Any], name: str) -> list[str]:
        listed = said.get(name, [])
        if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
            self.wrong(f"{place}.{name}", "This is a list of texts.")
            return []
        return listed

    def number(
        self, place: str, said: Mapping[str, Any], name: str, least: int, most: int, default: int | None = None
    ) -> int:
        value = said.get(name, default)
        if type(value) is not int or not (least <= value <= most or (name not in said and value == default)):
            self.wrong(f"{place}.{name}", f"This is a whole number from {least} to {most}.")
            return least
        return value

    def flag(self, place: str, said: Mapping[str, Any], name: str) -> bool:
        value = said.get(name, False)
        if not isinstance(value, bool):
            self.wrong(f"{place}.{name}", "This is true or false.")
        return value is True

    def text(
        self,
        place: str,
        said: Mapping[str, Any],
        name: str,
        *,
        required: bool = False,
        most: int = 300,
        accepts: Callable[[str], bool] = lambda text: "\0" not in text,
        needs: str = "a text",
    ) -> str:
        if name not in said and not required:
            return ""
        value = said.get(name)
        if not isinstance(value, str) or not value.strip() or len(value) > most or not accepts(value):
            self.wrong(f"{place}.{name}", f"This is {needs}, at most {most} characters.")
            return ""
        return value


def _is_slug(text: str) -> bool:
    return text.isascii() and all(sign.isalnum() or sign in "-_" for sign in text)


def _weight(step: MissStep) -> int:
    return 2 if step.hold else int(step.review)


def type_names(rules: tuple[MissRule, ...]) -> Iterator[tuple[str, str]]:
    """The slugs of appointment types that the rules name, each with its place."""
    for number, rule in enumerate(rules):
        yield from ((f"[{number}].types", slug) for slug in sorted(rule.types))
        for place, step in enumerate(rule.steps):
            if step.hold:
                yield from ((f"[{number}].steps[{place}].hold.stays_open", slug) for slug in step.hold.stays_open)
