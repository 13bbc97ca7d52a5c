"""What a query may be about: only things of the person's own, described in words."""

from accounts.models import User
from eligibility.models import Hold, Strike
from foundation.values.times import plain_day
from queries.models import CircumstancesDecision, Query
from queries.rules.about import NOTHING, About

KINDS = ("booking", "hold", "query", "refusal", "page")


def about_of(person: User, said: str) -> About:
    """At most one query. `booking:ID` of a missed one, `hold:ID`, `query:ID` of declined circumstances, `refusal:words`
    or `page:words`; otherwise NOTHING."""
    kind, _, what = said.partition(":")
    what = what.strip()
    if kind == "booking":
        strike = Strike.objects.filter(student=person, source_id=what).first()
        return About(kind, what, strike_words(strike), strike) if strike else NOTHING
    if kind == "hold":
        hold = Hold.objects.filter(student=person, public_id=what).first()
        return About(kind, what, hold_words(hold)) if hold else NOTHING
    if kind == "query":
        declined = Query.objects.filter(person=person, public_id=what, decision=CircumstancesDecision.DECLINED).first()
        return About(kind, what, f"The decision about “{declined.subject}”"[:200]) if declined else NOTHING
    if kind == "page" and what:
        return About(kind, "", f"The page {what}"[:200])
    if kind == "refusal" and what:
        return About(kind, "", what[:200])
    return NOTHING


def hold_words(hold: Hold) -> str:
    return f"The hold {hold.last_words}"


def strike_words(strike: Strike) -> str:
    return f"{strike.what[:1].upper()}{strike.what[1:]}, missed on {plain_day(strike.on)}"


def missed_by(person: User) -> list[Strike]:
    """One query. Missed appointments that circumstances can be about: those not excused yet."""
    return list(Strike.objects.filter(student=person).counting()[:20])
