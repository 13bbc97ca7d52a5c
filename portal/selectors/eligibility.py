"""“Eligibility for services”, generated from the rules in force: none of it is written by hand (ELIG-1)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from accounts.models import User
from accounts.rules.policy import Policy, policy_in_force
from appointments.models import AppointmentType, DiaryBlock
from appointments.rules.window_words import cancelling_sentence, missing_sentence, window_sentences
from appointments.selectors.student_types import TypeOffer, offer_of
from eligibility.models import AllocationPolicy, AudienceRule
from eligibility.models.conditions import Condition, RuleProblem, parse
from eligibility.rules.allocation import may_book_at_all
from eligibility.rules.facts import Context
from eligibility.rules.words import base, requirement
from eligibility.selectors.student_facts import student_context
from foundation.outcomes.decisions import ALLOWED, Decision
from foundation.values.times import database_now, local_day, spoken_day
from places.models import Confidentiality, MeetingMode

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
NOT_NOW = {"not_open", "out_of_term"}


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """`level` is a Confidentiality value, or empty if it depends on the chosen place."""

    level: str
    text: str


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What the next version of a rule will say."""

    starts_on: date
    text: str

    @property
    def sentence(self) -> str:
        return f"From {spoken_day(self.starts_on)}: {self.text}"


@dataclass(frozen=True, slots=True)
class Mine:
    """What applies to the reader. `state` is open, used, not_now, on_hold or closed."""

    state: str
    label: str
    reasons: tuple[Decision, ...]
    left: str
    url: str

    @property
    def tone(self) -> str:
        return {"open": "success", "closed": "neutral"}.get(self.state, "warning")

    @property
    def icon(self) -> str:
        return {"open": "check", "closed": "ban"}.get(self.state, "clock")


@dataclass(frozen=True, slots=True)
class TypeWords:
    """One type of appointment; each part is a list of sentences."""

    type: AppointmentType
    who: tuple[str, ...]
    how_many: tuple[str, ...]
    when: tuple[str, ...]
    where: tuple[PlaceWords, ...]
    missing: tuple[str, ...]
    changes: tuple[RuleChange, ...]
    mine: Mine | None


@dataclass(frozen=True, slots=True)
class EligibilityPage:
    """`hold` is a refusal that applies to every type, so the page shows it once."""

    today: date
    policy: Policy
    types: tuple[TypeWords, ...]
    hold: Decision
    marked: bool

    @property
    def usual_missing(self) -> tuple[str, ...]:
        """What most types say of cancelling and missing: the page says it once."""
        return Counter(said.missing for said in self.types).most_common(1)[0][0] if self.types else ()


def eligibility_page(user: User | None) -> EligibilityPage:
    """At most six queries, for any number of types. Includes what applies to `user`, a student or None."""
    context = student_context(user.pk) if user else None
    now = context.facts.now if context else database_now()
    policy = context.policy if context else policy_in_force()
    types = list(AppointmentType.objects.offered().with_rules())
    places, together, ahead = published_places(now), counted_together(types), changes_ahead(local_day(now))
    said = tuple(
        type_words(type, places[type.pk], together, ahead.get(type.audience_id, ()), context) for type in types
    )
    hold = may_book_at_all(context.facts, context.facts.today, policy.service_email) if context else ALLOWED
    return EligibilityPage(local_day(now), policy, said, hold, context is not None)


Place = tuple[str, str, str]
"""Mode, confidentiality level and building."""


def published_places(now: datetime) -> dict[int, set[Place]]:
    """One query. Maps each type to the places where diaries offer it from now on."""
    rows = (
        DiaryBlock.objects.filter(during__endswith__gt=now, locations__is_open=True)
        .values_list("types", "locations__mode", "locations__confidentiality", "locations__building")
        .order_by()
        .distinct()
    )
    found: dict[int, set[Place]] = defaultdict(set)
    for type, *place in rows:
        found[type].add((place[0], place[1], place[2]))
    return found


def changes_ahead(today: date) -> dict[int, tuple[RuleChange, ...]]:
    """One query. Maps each audience to its rule's later versions, with their start dates."""
    rows = AudienceRule.objects.filter(effective_from__gt=today).order_by("effective_from")
    found: dict[int, dict[date, RuleChange]] = defaultdict(dict)
    for row in rows:
        try:
            text = " ".join(_whom(parse(row.rule)))
        except RuleProblem:
            continue
        found[row.audience_id][row.effective_from] = RuleChange(row.effective_from, f"{text[:1].lower()}{text[1:]}")
    return {audience: tuple(changes.values()) for audience, changes in found.items()}


def counted_together(types: Iterable[AppointmentType]) -> dict[int, list[AppointmentType]]:
    """Maps each policy to the types on offer that count against it."""
    found: dict[int, list[AppointmentType]] = defaultdict(list)
    for type in types:
        for policy in type.limits:
            found[policy.pk].append(type)
    return found


def type_words(
    type: AppointmentType,
    places: set[Place],
    together: dict[int, list[AppointmentType]],
    ahead: tuple[RuleChange, ...],
    context: Context | None,
) -> TypeWords:
    return TypeWords(
        type=type,
        who=tuple(who_words(type)),
        how_many=tuple(how_many_words(type, together)),
        when=tuple(window_sentences(type)),
        where=tuple(where_words(type, places)),
        missing=tuple(missing_words(type)),
        changes=ahead,
        mine=_mine(offer_of(type, context)) if context else None,
    )


# Who may book.


def who_words(type: AppointmentType) -> Iterator[str]:
    try:
        yield from _whom(type.audience.condition)
    except RuleProblem:
        yield sentence(type.audience.name)


def _whom(condition: Condition) -> Iterator[str]:
    yield sentence(base(condition))
    if asked := requirement(condition):
        yield sentence(f"open to those of them who {asked}")


# How many.


def how_many_words(type: AppointmentType, together: dict[int, list[AppointmentType]]) -> Iterator[str]:
    if not type.limits:
        yield "As many as you need."
        return
    for whom in dict.fromkeys(policy.audience for policy in type.limits):
        yield _limits(whom.name if whom else "", [policy for policy in type.limits if policy.audience == whom])
    others = dict.fromkeys(other.name for policy in type.limits for other in together[policy.pk] if other != type)
    if others:
        yield f"Counted together with {listed(list(others))}."


def _limits(whom: str, policies: list[AllocationPolicy]) -> str:
    """For example `One in any 14 days, and at most three a semester.`"""
    fewest_first = sorted(policies, key=lambda policy: policy.limit)
    amounts = [policy.amount_words if policy.counts_minutes else number(policy.limit) for policy in fewest_first]
    counted = [f"{amount} {policy.period_words}" for amount, policy in zip(amounts, fewest_first, strict=True)]
    text = ", and at most ".join(counted)
    return sentence(f"for {whom}: {text}" if whom else text)


# Where.

IN_PERSON = {
    Confidentiality.CONFIDENTIAL: "in private",
    Confidentiality.MAY_NOT_BE: "away from the careers service, where other people may be near",
    Confidentiality.NOT_CONFIDENTIAL: "in an open or screened area, where other people may hear",
}
ELSEWHERE = {
    MeetingMode.ONLINE: "Online, and not recorded without your permission.",
    MeetingMode.TELEPHONE: "By telephone, and the call is not recorded.",
}


def where_words(type: AppointmentType, places: set[Place]) -> Iterator[PlaceWords]:
    for mode in MeetingMode:
        if mode not in type.modes:
            continue
        levels: dict[str, set[str]] = defaultdict(set)
        for place_mode, level, building in places:
            if place_mode == mode:
                levels[level if type.confidential_by_nature else Confidentiality.NOT_CONFIDENTIAL].add(building)
        if not levels:
            yield _unpublished(type, mode)
        for level in (level for level in Confidentiality if level in levels):
            yield PlaceWords(str(level), ELSEWHERE.get(mode) or _in_person(level, levels[level]))


def _unpublished(type: AppointmentType, mode: MeetingMode) -> PlaceWords:
    level = "" if type.confidential_by_nature else str(Confidentiality.NOT_CONFIDENTIAL)
    if mode in ELSEWHERE:
        return PlaceWords(level, ELSEWHERE[mode])
    return PlaceWords(level, "In person. How confidential it is depends on the place: you see it before you book.")


def _in_person(level: Confidentiality, buildings: set[str]) -> str:
    named = sorted(f"the {name[4:]}" if name.startswith("The ") else name for name in buildings if name)
    where = f" in {listed(named)}" if named else ""
    return f"In person{where}, {IN_PERSON[level]}."


# Missing and cancelling.


def missing_words(type: AppointmentType) -> Iterator[str]:
    yield cancelling_sentence(type)
    yield missing_sentence(type)


# What applies to the reader.


LABELS = {
    "open": "Open to you",
    "on_hold": "Booking is on hold",
    "not_now": "For you, but not at the moment",
    "closed": "Not open to you",
}
"""By state. If everything is used up, the label also says until when."""


def _mine(offer: TypeOffer) -> Mine:
    state, label = _state(offer)
    url = reverse("time_list", args=[offer.type.slug]) if state == "open" else ""
    left = f"{offer.left}." if state in ("open", "not_now", "on_hold") else ""
    return Mine(state, label, () if state == "on_hold" else offer.decision.reasons, left, url)


def _state(offer: TypeOffer) -> tuple[str, str]:
    codes = {reason.code for reason in offer.decision.reasons}
    if not codes:
        return "open", LABELS["open"]
    if "on_hold" in codes and codes <= {"on_hold", "allocation_used"} | NOT_NOW:
        return "on_hold", LABELS["on_hold"]
    if codes == {"allocation_used"}:
        return "used", _used(offer)
    if codes <= {"allocation_used"} | NOT_NOW:
        return "not_now", LABELS["not_now"]
    return "closed", LABELS["closed"]


def _used(offer: TypeOffer) -> str:
    return f"Used up until {spoken_day(offer.next_on)}" if offer.next_on else "Used up for now"


# Wording.


def number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
