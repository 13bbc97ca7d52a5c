"""Wording for miss rules: what counts, what follows, and where a student stands. All of it comes from the rules."""

from collections.abc import Iterable, Iterator, Mapping

from django.utils.text import capfirst

from eligibility.models.misses import HoldEnd, MissRule, MissStep, Per, StepHold
from eligibility.models.strike import HowMissed, StrikeKind
from eligibility.rules.misses import MissCount
from foundation.values.counted import counted
from foundation.values.month_days import spoken_month_day

HOW = {
    HowMissed.MISSED: "not coming",
    HowMissed.LATE: "arriving too late",
    HowMissed.CANCELLED_LATE: "cancelling or moving too late",
}
KINDS = {
    StrikeKind.APPOINTMENT: "appointments",
    StrikeKind.EVENT: "employer events",
    StrikeKind.OTHER: "other sessions",
}
LOOKS = "A careers manager looks at how we can help."
DECIDES = "A careers manager decides whether to put you on hold"


def joined(words: Iterable[str], last: str) -> str:
    """`a, b or c`"""
    *others, end = words
    return f"{', '.join(others)} {last} {end}" if others else end


def count_sentence(miss_count: MissCount) -> str:
    """`2 missed appointments count`"""
    noun = miss_count.rule.noun
    return f"{counted(miss_count.count, f'missed {noun}')} {'counts' if miss_count.count == 1 else 'count'}"


def what_next(miss_count: MissCount) -> str:
    """What so many misses lead to now, and what the next step leads to."""
    now = consequence_words(miss_count.step)
    later = miss_count.rule.next_step(miss_count.count)
    if later is None or not (ahead := consequence_words(later)) or ahead == now:
        return now
    return f"{now} {at_words(later)}: {ahead[0].lower()}{ahead[1:]}".strip()


def at_words(step: MissStep) -> str:
    return f"At {step.at}"


def consequence_words(step: MissStep | None) -> str:
    """What a step leads to beside a message, as the student reads it; empty if nothing."""
    return " ".join(_consequences(step)) if step else ""


def _consequences(step: MissStep) -> Iterator[str]:
    if step.hold and step.hold.by_itself:
        yield f"We put you on hold {hold_words(step.hold)}, without a person deciding. You can appeal."
    elif step.hold:
        yield f"{DECIDES} {hold_words(step.hold)}, and tells you at once."
    elif step.review:
        yield f"{LOOKS} You can still book."
    if step.horizon_days is not None and not step.hold:
        yield horizon_sentence(step.horizon_days)


def horizon_sentence(days: int) -> str:
    ahead = f"up to {counted(days, 'day')} ahead" if days else "on the day"
    return f"You can only book {ahead}."


def hold_words(hold: StepHold) -> str:
    """`for 28 days`, `until 1 August`: what follows “on hold”."""
    match hold.end:
        case HoldEnd.DAYS:
            return f"for {counted(hold.length, 'day')}"
        case HoldEnd.MONTHS:
            return f"for {counted(hold.length, 'month')}"
        case HoldEnd.DAY:
            return f"until {spoken_month_day(hold.day)}"
        case HoldEnd.PERIOD:
            return "until counting starts again"
    return "until we have talked"


def counts_sentence(rule: MissRule, names: Mapping[str, str]) -> str:
    """`We count not coming and arriving too late, for appointments.` `names` are those of types, by slug."""
    how = joined([words for each, words in HOW.items() if each in rule.what], "and")
    kinds = [words for each, words in KINDS.items() if each in rule.kinds]
    whom = [names.get(slug, slug) for slug in sorted(rule.types)] or kinds
    return f"We count {how}, for {joined(whom, 'and')}."


def period_sentence(rule: MissRule) -> str:
    """Over which time misses are counted together."""
    restart = f" We start again on {spoken_month_day(rule.since)}." if rule.since else ""
    if rule.days:
        return f"Each counts for {counted(rule.days, 'day')}.{restart}"
    said = {
        Per.TERM: "We start again each term.",
        Per.SEMESTER: "We start again each semester.",
        Per.ACADEMIC_YEAR: "We start again each academic year.",
    }
    return said.get(rule.per) or restart.strip() or "Each always counts."


def step_sentences(rule: MissRule, names: Mapping[str, str]) -> list[str]:
    """One for each step: `At 2: we email you. A careers manager looks at how we can help. You can still book.`"""
    return [_step_sentence(step, names) for step in rule.steps]


def _step_sentence(step: MissStep, names: Mapping[str, str]) -> str:
    parts = ["We write you a letter."] if step.letter else ["We email you."] if step.emails else []
    parts.append(consequence_words(step))
    if step.hold and step.hold.stays_open:
        parts.append(f"Still open then: {joined([names.get(slug, slug) for slug in step.hold.stays_open], 'and')}.")
    said = " ".join(part for part in parts if part)
    return f"{at_words(step)}: {said[0].lower()}{said[1:]}"


def rule_sentences(rule: MissRule, names: Mapping[str, str]) -> list[str]:
    return [counts_sentence(rule, names), period_sentence(rule), *step_sentences(rule, names)]


def rule_title(rule: MissRule) -> str:
    """`Missed appointments`"""
    return capfirst(f"missed {counted(2, rule.noun)[2:]}")
