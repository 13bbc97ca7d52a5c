"""A student's situation in booking, as home, Book, My appointments and the page of times say it."""

from collections.abc import Iterable, Iterator

from django.urls import reverse

from appointments.selectors.student_types import TypeOffers, type_list
from eligibility.rules.facts import Context
from eligibility.rules.miss_words import consequence_words, count_sentence, what_next
from eligibility.rules.misses import MissCount
from eligibility.rules.services_end import services_end
from eligibility.rules.situations import Situation
from eligibility.selectors.student_facts import student_context
from foundation.outcomes.decisions import Decision
from foundation.values.times import spoken_day

HOW_TO_APPEAL = "See the hold and how to appeal"


def situations_of(student_id: int) -> list[Situation]:
    """Three queries."""
    context = student_context(student_id)
    return booking_situations(type_list(context), context)


def booking_situations(offered: TypeOffers, context: Context) -> list[Situation]:
    """No queries. What comes first decides what can be booked."""
    if not offered.hold:
        return [on_hold(offered.hold, [offer.type.name for offer in offered.open])]
    return [*_ended(offered, context), *missed(context.miss_counts)]


def on_hold(hold: Decision, still_open: list[str]) -> Situation:
    """Until when, what stays open, and the appeal or what became of it (ELIG-3)."""
    if hold.code != "on_hold":
        return Situation(hold.code, "This account is not active", f"{hold.message} {hold.remedy}", "", "")
    open_words = f" You can still book: {', '.join(still_open)}." if still_open else ""
    text = f"{hold.message}{open_words} {hold.remedy}"
    return Situation("on_hold", "Booking is on hold", text, reverse("strike_list"), HOW_TO_APPEAL)


def missed(miss_counts: Iterable[MissCount]) -> Iterator[Situation]:
    """From the first step that is more than a message: what it means, and what the next one leads to (ELIG-3)."""
    for miss_count in miss_counts:
        if consequence_words(miss_count.step):
            title, url = count_sentence(miss_count), reverse("strike_list")
            yield Situation("missed", title, what_next(miss_count), url, "See what you missed", "user")


def _ended(offered: TypeOffers, context: Context) -> Iterator[Situation]:
    """Since when, and what is still open (ELIG-1)."""
    if offered.open or offered.opens_later:
        return
    last = services_end((offer.type.audience for offer in (*offered.closed, *offered.elsewhere)), context.facts)
    if last and last < context.facts.today:
        text = f"Your last day to meet an adviser was {spoken_day(last)}. You can still ask us by query."
        yield Situation("ended", "Appointments have ended for you", text, reverse("query_create"), "Raise a query")
