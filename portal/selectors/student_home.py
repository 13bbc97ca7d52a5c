"""A student's home page: the next appointment, what is left of each allocation, and what needs doing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse

from accounts.models import Status, User
from accounts.rules.keep_access import is_asked
from accounts.rules.policy import Policy
from accounts.rules.sign_on import sign_on_ends_on
from accounts.selectors.keep_access import keep_access_of
from appointments.models import Booking, BookingStatus
from appointments.models.booking import OCCUPYING
from appointments.selectors.student_bookings import ShownBooking, with_cards
from appointments.selectors.student_types import TypeOffer, TypeOffers, type_list
from eligibility.models import AllocationPolicy, Period, Strike
from eligibility.models.conditions import Combined, Condition, DidActivity, RuleProblem
from eligibility.rules.allocation import LOOK_AHEAD_DAYS, AllocationBalance, period_of
from eligibility.selectors.activities import ActivityStanding, activity_standings
from eligibility.selectors.student_facts import Context, student_context
from foundation.outcomes.decisions import Decision
from foundation.values.counted import counted
from foundation.values.times import spoken_day
from messaging.rules.heartbeats import usable_mobile
from queries.selectors.inbox import new_replies

MISSED_LATELY = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Meter:
    balance: AllocationBalance
    renews: str


@dataclass(frozen=True, slots=True)
class ToDo:
    title: str
    text: str
    url: str = ""
    label: str = ""
    icon: str = "check"


@dataclass(frozen=True, slots=True)
class StudentHome:
    next: ShownBooking | None
    later: list[ShownBooking]
    meters: list[Meter]
    todos: list[ToDo]
    hold: Decision
    policy: Policy
    done: list[tuple[str, str]]
    """Activities by name, with what the student has reached, for example `complete since 3 October 2026`."""


def student_home(user: User) -> StudentHome:
    """Six queries, for any number of types, bookings and activities."""
    context = student_context(user.pk)
    offered = type_list(context)
    bookings = _bookings(user, context)
    ahead = [shown for shown in bookings if shown.upcoming]
    standings = activity_standings(context.facts)
    return StudentHome(
        next=ahead[0] if ahead else None,
        later=ahead[1:],
        meters=list(_meters(offered, context)),
        todos=[
            *_about_replies(user),
            *_about_access(user, context),
            *_about_bookings(bookings),
            *_about_phone(user, context),
            *_about_activities(offered, standings),
        ],
        hold=offered.hold,
        policy=context.policy,
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
    """Each policy once, for all types that are for this student."""
    told: set[int] = set()
    for offer in [*offered.open, *(offer for offer in offered.closed if _is_for_them(offer))]:
        for where in offer.balances:
            if where.policy.pk not in told:
                told.add(where.policy.pk)
                yield Meter(where, renews_words(where, context))


def _is_for_them(offer: TypeOffer) -> bool:
    return all(
        refusal.code in ("allocation_used", "on_hold", "not_open", "out_of_term") for refusal in offer.decision.reasons
    )


def renews_words(where: AllocationBalance, context: Context) -> str:
    """When there will be more: the day one is available again, or the first day of the next period.

    Says until when a grant can be used.
    """
    today = context.facts.today
    if where.extra:
        return f"{where.extra}."
    if where.again_on:
        return f"You can have one again from {spoken_day(where.again_on)}."
    if where.policy.period in (Period.ROLLING_DAYS, Period.AT_ONE_TIME, Period.EVER):
        return ""
    return _next_period(where.policy, today, context)


def _next_period(policy: AllocationPolicy, today: date, context: Context) -> str:
    after = period_of(policy, today, context.calendar).after
    return f"Renews on {spoken_day(after)}." if (after - today).days <= 2 * LOOK_AHEAD_DAYS else ""


def _about_bookings(bookings: Iterable[ShownBooking]) -> Iterator[ToDo]:
    for shown in bookings:
        booking = shown.booking
        if shown.must_move:
            yield ToDo(
                f"We need to move {booking.type.name.lower()} on {spoken_day(booking.local_date)}",
                "It can’t take place then. Choose another time, or cancel: it won’t count.",
                reverse("booking_move", args=[booking.public_id]),
                "Choose another time",
                "calendar-clock",
            )
        elif booking.status == BookingStatus.MISSED:
            yield ToDo(
                f"We missed you on {spoken_day(booking.local_date)}",
                "We hope you are well. If something serious kept you from coming, tell us: you may be given another "
                "appointment.",
                reverse("booking_detail", args=[booking.public_id]),
                "See this appointment",
                "user",
            )
        elif shown.unanswered and shown.may_change:
            yield ToDo(
                f"Tell your adviser a little more before {booking.type.name.lower()}",
                "A few questions help them to prepare.",
                reverse("booking_prepare", args=[booking.public_id]),
                "Answer the questions",
                "notebook-pen",
            )


def _about_replies(user: User) -> Iterator[ToDo]:
    """One query."""
    match new_replies(user):
        case []:
            return
        case [query]:
            url = reverse("query_detail", args=[query.public_id])
            yield ToDo("You have a new reply", f"About: {query.subject}", url, "Read the reply", "inbox")
        case several:
            title = f"You have {counted(len(several), 'new reply')}"
            yield ToDo(title, "Our answers to your queries.", reverse("query_list"), "Go to my queries", "inbox")


def _about_access(user: User, context: Context) -> Iterator[ToDo]:
    """One more query for people whose University sign-on ends soon and who have an address but no password."""
    today, policy = context.facts.today, context.policy
    ends = [course.ends_on for course in context.facts.courses if course.status != Status.WITHDRAWN]
    ends_on = sign_on_ends_on(ends, policy.sign_on_days_after_course)
    if ends_on is None or not is_asked(ends_on, today, policy) or keep_access_of(user, ends_on).is_ready:
        return
    said = "ended" if today > ends_on else "ends"
    yield ToDo(
        "Keep your access",
        f"Your University account {said} on {spoken_day(ends_on)}. Add your own email address and a passkey or "
        "password, and you can still sign in here. It takes two minutes.",
        reverse("keep_access"),
        "Keep your access",
        "key",
    )


def _about_phone(user: User, context: Context) -> Iterator[ToDo]:
    if context.policy.reminder_by_text and user.text_reminders and not usable_mobile(user.phone):
        yield ToDo(
            "Add a mobile number",
            "Then we can also remind you by text.",
            reverse("profile_edit"),
            "Go to your profile",
            "smartphone",
        )


def _about_activities(offered: TypeOffers, standings: Iterable[ActivityStanding]) -> Iterator[ToDo]:
    wanting = [(offer, list(_activities(offer))) for offer in offered.closed if _only_activities_missing(offer)]
    links = {each.activity.slug: each.activity.link for each in standings}
    for offer, asks in wanting:
        text = " ".join(reason.remedy for reason in offer.decision.reasons)
        link = next((links[asked.activity] for asked in asks if links.get(asked.activity)), "")
        yield ToDo(f"Unlock {offer.type.name.lower()}", text, link, "Go there", "key")


def _only_activities_missing(offer: TypeOffer) -> bool:
    return all(refusal.code == "activity_needed" for refusal in offer.decision.reasons)


def _activities(offer: TypeOffer) -> Iterator[DidActivity]:
    try:
        yield from _walk(offer.type.audience.condition)
    except RuleProblem:
        return


def _walk(condition: Condition) -> Iterator[DidActivity]:
    if isinstance(condition, DidActivity):
        yield condition
    elif isinstance(condition, Combined) and condition.how != "none":
        for part in condition.parts:
            yield from _walk(part)
