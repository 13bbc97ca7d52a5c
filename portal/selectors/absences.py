"""What a student missed and what followed, for the student and for managers who decide. Query numbers are fixed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from accounts.models import Enrolment, User
from accounts.rules.policy import Policy, policy_in_force
from appointments.models import AppointmentType, Booking
from eligibility.models import Grant, Hold, Strike, StrikeReview
from eligibility.rules.situations import Counter, counters
from eligibility.rules.strikes import counts_from
from foundation.values.times import database_now, local_day, spoken_day
from queries.models import Category, Query

RECENT = 15


@dataclass(frozen=True, slots=True)
class Absences:
    """`strikes` are annotated with `counts`, and with `told`: has the student sent us the circumstances?

    `since` is the first day that counts; None if every day does.
    """

    strikes: Sequence[Strike]
    counters: tuple[Counter, ...]
    holds: list[Hold]
    open_on_hold: list[str]
    since: date | None
    policy: Policy
    today: date

    @property
    def held_now(self) -> list[Hold]:
        return [hold for hold in self.holds if not hold.lifted_at and hold.during.upper > self.today]

    @property
    def since_words(self) -> str:
        return f"since {spoken_day(self.since)}" if self.since else ""


def absences_of(student: User) -> Absences:
    """Five queries."""
    today, policy = local_day(database_now()), policy_in_force()
    since = counts_from(today, policy)
    counts = ExpressionWrapper(Q(excused_at__isnull=True, on__range=(since, today)), BooleanField())
    circumstances = Query.objects.filter(person=student, category=Category.CIRCUMSTANCES, about_kind="booking")
    told = Exists(circumstances.filter(about_id=OuterRef("source_id")))
    missed = Strike.objects.filter(student=student).select_related("excused_by")
    strikes = list(missed.annotate(counts=counts, told=told))
    holds = list(Hold.objects.filter(student=student).select_related("decided_by", "lifted_by"))
    counts_now = tuple(counters(strikes, today, policy))
    spared = AppointmentType.objects.offered().filter(open_on_hold=True).order_by("order", "name")
    names = list(spared.values_list("name", flat=True))
    return Absences(strikes, counts_now, holds, names, since if since > date.min else None, policy, today)


@dataclass(frozen=True, slots=True)
class Story:
    """Everything a manager needs to decide, on one page."""

    student: User
    courses: list[Enrolment]
    absences: Absences
    review: StrikeReview | None
    closed_reviews: list[StrikeReview]
    grants: list[Grant]
    bookings: list[Booking]
    queries: list[Query]


def story_of(student: User, by: User) -> Story:
    """Ten queries, always."""
    reviews = list(StrikeReview.objects.visible_to(by).filter(student=student).select_related("closed_by", "hold"))
    bookings = Booking.objects.visible_to(by).filter(student=student).with_people().order_by("-during")
    return Story(
        student=student,
        courses=list(Enrolment.objects.filter(student=student).select_related("programme__school")),
        absences=absences_of(student),
        review=next((review for review in reviews if review.is_open), None),
        closed_reviews=[review for review in reviews if not review.is_open],
        grants=list(Grant.objects.with_use().filter(student=student).select_related("policy", "granted_by")),
        bookings=list(bookings[:RECENT]),
        queries=list(Query.objects.answered_by(by).filter(person=student).order_by("-last_at", "-pk")[:RECENT]),
    )


def reviews_to_decide(by: User) -> QuerySet[StrikeReview]:
    """Proposed holds first, then those waiting longest."""
    waiting = StrikeReview.objects.visible_to(by).open().select_related("student")
    return waiting.order_by("step", "opened_at")


def reviews_closed(by: User) -> QuerySet[StrikeReview]:
    closed = StrikeReview.objects.visible_to(by).filter(closed_at__isnull=False)
    return closed.select_related("student", "closed_by").order_by("-closed_at")


def holds_listed(by: User) -> QuerySet[Hold]:
    """Holds that are not over, in order of their dates."""
    today = local_day(database_now())
    in_force = Hold.objects.visible_to(by).not_over(today)
    return in_force.select_related("student", "decided_by").order_by("during")
