"""A student's home page: their situation, the next appointment, and what is left of each type."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from accounts.models import User
from appointments.models import Booking, BookingStatus
from appointments.models.booking import OCCUPYING
from appointments.selectors.situations import booking_situations
from appointments.selectors.student_bookings import ShownBooking, with_cards
from appointments.selectors.student_types import TypeOffer, TypeOffers, type_list
from eligibility.models import AllocationPolicy, Period, Strike
from eligibility.rules.allocation import LOOK_AHEAD_DAYS, AllocationBalance, next_words, period_of
from eligibility.rules.facts import Context
from eligibility.rules.situations import Situation
from eligibility.selectors.activities import activity_standings
from eligibility.selectors.student_facts import context_with
from foundation.db.extra_columns import rows_of
from foundation.values.times import spoken_day
from portal.selectors.own_events import HomeEvent, about_events, event_columns, home_events
from portal.selectors.situations import waiting, waiting_columns

MISSED_LATELY = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Meter:
    """What is left of one type, or of several that share all their limits. `balance` is the limit that decides."""

    name: str
    balance: AllocationBalance
    renews: str


@dataclass(frozen=True, slots=True)
class StudentHome:
    """`standing` decides what can be booked and is shown first; `todos` have something to open."""

    next: ShownBooking | None
    later: list[ShownBooking]
    meters: list[Meter]
    standing: list[Situation]
    todos: list[Situation]
    may_book: bool
    events: list[HomeEvent]
    done: list[tuple[str, str]]
    """Activities by name, with what the student has reached, for example `complete since 3 October 2026`."""

    @property
    def is_on_hold(self) -> bool:
        return any(each.code == "on_hold" for each in self.standing)


def student_home(user: User) -> StudentHome:
    """Four queries, for any number of types, bookings and activities."""
    context, found = context_with(user.pk, *waiting_columns(), *event_columns())
    registered, kept = map(rows_of, found[-2:])
    now = context.facts.now
    events = home_events(registered, now)
    offered = type_list(context)
    bookings = _bookings(user, context)
    ahead = [shown for shown in bookings if shown.upcoming]
    standings = activity_standings(context.facts)
    return StudentHome(
        next=ahead[0] if ahead else None,
        later=ahead[1:],
        meters=list(_meters(offered, context)),
        standing=booking_situations(offered, context),
        todos=[
            *about_events(events, kept, now),
            *waiting(user, found[:2], context, bookings, offered, standings),
        ],
        events=events,
        may_book=bool(offered.open),
        done=[(each.activity.name, each.words) for each in standings if each.words and each.activity.shown_to_students],
    )


def _bookings(user: User, context: Context) -> list[ShownBooking]:
    now = context.facts.now
    ahead = Q(status__in=OCCUPYING, during__endswith__gt=now)
    excused = Strike.objects.filter(student=user, excused_at__isnull=False).values("source_id")
    missed = Q(status=BookingStatus.MISSED, during__startswith__gt=now - MISSED_LATELY) & ~Q(public_id__in=excused)
    rows = Booking.objects.filter(student=user).filter(ahead | missed).order_by("during")
    return [ShownBooking(booking, now) for booking in with_cards(rows)]


def _meters(offered: TypeOffers, context: Context) -> Iterator[Meter]:
    """One for each type that is for this student; types that share all their limits share theirs."""
    sharing: dict[tuple[int, ...], list[TypeOffer]] = {}
    for offer in [*offered.open, *(offer for offer in offered.closed if _is_for_them(offer))]:
        if offer.balances:
            sharing.setdefault(tuple(where.policy.pk for where in offer.balances), []).append(offer)
    for first, *more in sharing.values():
        where = first.tightest
        yield Meter(where.policy.name if more else first.type.name, where, " ".join(_renews(first, context)))


def _is_for_them(offer: TypeOffer) -> bool:
    return all(
        refusal.code in ("allocation_used", "on_hold", "not_open", "out_of_term") for refusal in offer.decision.reasons
    )


def _renews(offer: TypeOffer, context: Context) -> Iterator[str]:
    """Until when a grant can be used or when there will be more, then the type's other limits."""
    decides = offer.tightest
    if decides.extra:
        yield f"{decides.extra}."
    elif not decides.left:
        yield next_words(offer.next_on)
    elif decides.policy.period not in (Period.ROLLING_DAYS, Period.AT_ONE_TIME, Period.EVER):
        yield _next_period(decides.policy, context.facts.today, context)
    for other in offer.balances:
        if other is not decides:
            yield f"Also {other.policy.sentence}: {other.amount_words} left."


def _next_period(policy: AllocationPolicy, today: date, context: Context) -> str:
    after = period_of(policy, today, context.calendar).after
    return f"Renews on {spoken_day(after)}." if (after - today).days <= 2 * LOOK_AHEAD_DAYS else ""
