"""What a student missed and what followed, for the student and for managers who decide. Query numbers are fixed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Enrolment, User
from accounts.rules.policy import policy_in_force
from appointments.models import AppointmentType, Booking
from appointments.rules.ways_to_miss import as_it_can_happen
from eligibility.models import UNTIL_LIFTED, Grant, Hold, Strike, StrikeReview
from eligibility.models.misses import MissRule
from eligibility.rules.calendar import AcademicCalendar
from eligibility.rules.miss_words import count_sentence, rule_sentences, rule_title, what_next
from eligibility.rules.misses import MissCount, hold_ends, state
from eligibility.selectors.calendar import academic_calendar
from eligibility.selectors.miss_rules import miss_rules_in_force, misses_of
from eligibility.selectors.student_facts import student_context
from foundation.values.times import database_now, local_day, spoken_day
from queries.models import Category, Query

RECENT = 15
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Counter:
    miss_count: MissCount

    @property
    def count(self) -> int:
        return self.miss_count.count

    @property
    def sentence(self) -> str:
        return count_sentence(self.miss_count)

    @property
    def since(self) -> str:
        """` since Saturday 1 August 2026`, to follow the sentence; empty if every day counts."""
        return f" since {spoken_day(self.miss_count.since)}" if self.miss_count.since > date.min else ""

    @property
    def next_words(self) -> str:
        return what_next(self.miss_count)


@dataclass(frozen=True, slots=True)
class ReviewNow:
    """An open review, with what counts today under its rule."""

    review: StrikeReview
    miss_count: MissCount

    @property
    def student(self) -> User:
        return self.review.student

    @property
    def counter(self) -> Counter:
        return Counter(self.miss_count)


@dataclass(frozen=True, slots=True)
class ProposedHold:
    """What a miss rule proposes for a hold from today. `last` is the last day; `stays_open` are slugs of types."""

    last: date
    message: str
    stays_open: tuple[str, ...]

    @property
    def until_lifted(self) -> bool:
        return self.last + DAY >= UNTIL_LIFTED


def review_now(review: StrikeReview, miss_counts: Sequence[MissCount]) -> ReviewNow | None:
    """None if what counts today asks no manager, as after the day on which counting starts again."""
    mine = next((each for each in miss_counts if each.rule.slug == review.rule), None)
    return ReviewNow(review, mine) if mine and mine.step and mine.step.asks_manager else None


@dataclass(frozen=True, slots=True)
class Absences:
    """`strikes` are annotated with `told`: has the student sent us the circumstances? `counters` are those of the miss
    rules under which something counts today; `counted` has its source ids.
    """

    strikes: Sequence[Strike]
    counters: tuple[Counter, ...]
    counted: frozenset[str]
    holds: list[Hold]
    types: Sequence[AppointmentType]
    """Those offered."""
    rules: tuple[MissRule, ...]
    today: date
    calendar: AcademicCalendar

    @property
    def held_now(self) -> list[Hold]:
        return [hold for hold in self.holds if not hold.lifted_at and hold.during.upper > self.today]

    def of(self, review: StrikeReview) -> ReviewNow | None:
        return review_now(review, [each.miss_count for each in self.counters])

    def proposed(self, review: ReviewNow | None) -> ProposedHold | None:
        """The hold that the review's miss rule proposes today."""
        if review is None or not review.miss_count.step or not (hold := review.miss_count.step.hold):
            return None
        ends = hold_ends(hold, review.miss_count.rule, self.today, self.calendar)
        return ProposedHold(ends - DAY, hold.message, hold.stays_open)

    @property
    def open_on_hold(self) -> list[str]:
        """Names of the types that the holds of today leave open."""
        spared = {slug for hold in self.held_now for slug in hold.stays_open}
        return [type.name for type in self.types if type.open_on_hold or type.slug in spared]

    @property
    def how_it_works(self) -> list[tuple[str, list[str]]]:
        """For each miss rule its title and sentences."""
        names = {type.slug: type.name for type in self.types}
        return [(rule_title(rule), rule_sentences(as_it_can_happen(rule, self.types), names)) for rule in self.rules]


def absences_of(student: User) -> Absences:
    """Four queries."""
    context = student_context(student.pk)
    circumstances = Query.objects.filter(person=student, category=Category.CIRCUMSTANCES, about_kind="booking")
    told = Exists(circumstances.filter(about_id=OuterRef("source_id")))
    strikes = list(Strike.objects.filter(student=student).select_related("excused_by").annotate(told=told))
    holds = list(Hold.objects.filter(student=student).select_related("decided_by", "lifted_by"))
    types = list(AppointmentType.objects.offered().order_by("order", "name"))
    miss_counts = [each for each in context.miss_counts if each.count]
    return Absences(
        strikes=strikes,
        counters=tuple(Counter(each) for each in miss_counts),
        counted=frozenset(miss.source_id for each in miss_counts for miss in each.misses),
        holds=holds,
        types=types,
        rules=context.miss_rules,
        today=context.facts.today,
        calendar=context.calendar,
    )


@dataclass(frozen=True, slots=True)
class Story:
    """Everything a manager needs to decide, on one page."""

    student: User
    courses: list[Enrolment]
    absences: Absences
    review: ReviewNow | None
    proposed: ProposedHold | None
    closed_reviews: list[StrikeReview]
    grants: list[Grant]
    bookings: list[Booking]
    queries: list[Query]


def story_of(student: User, by: User) -> Story:
    """Nine queries, always."""
    reviews = list(StrikeReview.objects.visible_to(by).filter(student=student).select_related("closed_by", "hold"))
    bookings = Booking.objects.visible_to(by).filter(student=student).with_people().order_by("-during")
    absences = absences_of(student)
    review = next((now for each in reviews if each.is_open and (now := absences.of(each))), None)
    return Story(
        student=student,
        courses=list(Enrolment.objects.filter(student=student).select_related("programme__school")),
        absences=absences,
        review=review,
        proposed=absences.proposed(review),
        closed_reviews=[review for review in reviews if not review.is_open],
        grants=list(Grant.objects.with_use().filter(student=student).select_related("policy", "granted_by")),
        bookings=list(bookings[:RECENT]),
        queries=list(Query.objects.answered_by(by).filter(person=student).order_by("-last_at", "-pk")[:RECENT]),
    )


def reviews_to_decide(by: User) -> list[ReviewNow]:
    """Five queries. Proposed holds first, then those waiting longest. Only reviews for which something counts today."""
    waiting = list(StrikeReview.objects.visible_to(by).open().select_related("student").order_by("opened_at"))
    today, misses = local_day(database_now()), misses_of(review.student_id for review in waiting)
    rules, calendar = miss_rules_in_force(today), academic_calendar(policy_in_force().academic_year_ends)
    found = [review_now(review, state(misses.get(review.student_id, []), rules, today, calendar)) for review in waiting]
    return sorted((each for each in found if each), key=lambda each: not each.miss_count.proposes_hold)


def reviews_closed(by: User) -> QuerySet[StrikeReview]:
    closed = StrikeReview.objects.visible_to(by).filter(closed_at__isnull=False)
    return closed.select_related("student", "closed_by").order_by("-closed_at")


def holds_listed(by: User) -> QuerySet[Hold]:
    """Holds that are not over, in order of their dates."""
    today = local_day(database_now())
    in_force = Hold.objects.visible_to(by).not_over(today)
    return in_force.select_related("student", "decided_by").order_by("during")
