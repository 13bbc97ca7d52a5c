"""Which rows are due on a night, as querysets. Each is true on the first night after the last day and on no night
before it: days are local days, ranges half-open, and nothing is asked with NOT IN."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.admin.models import LogEntry
from django.db.models import Case, DateField, Exists, OuterRef, Q, QuerySet, When
from django.db.models.functions import Coalesce

from accounts.models import NOT_STAFF, Enrolment, FeedRun, SignIn, Status, User
from accounts.rules.policy import Policy
from appointments.models import IdempotencyKey
from eligibility.rules.calendar import AcademicCalendar, month_and_day
from eligibility.rules.retention_dates import forgotten_if_ended_by
from foundation.values.times import at, months_after
from messaging.models import HAS_WORDS, OutboxMessage
from messaging.operations.forget import OVER
from queries.models import Handling, InboundEmail, Query, QueryStatus
from retention.models import Package, PackageState
from security.models import Lead

LEFT_ON = Coalesce("left_feed_on", "expected_end_on")
ENDED_ON = Coalesce("completed_on", Case(When(status=Status.WITHDRAWN, then=LEFT_ON)), output_field=DateField())
"""When a course ended; the same rule as `eligibility.rules.retention_dates.CourseEnd.ended_on`."""

GOES_ON = (Status.CURRENT, Status.INTERRUPTED)


@dataclass(frozen=True, slots=True)
class PurgeDate:
    """`day`: the local day in whose first hours it is; the policy is the one in force on it."""

    day: date
    policy: Policy

    @property
    def calendar(self) -> AcademicCalendar:
        return AcademicCalendar(year_ends=month_and_day(self.policy.academic_year_ends))

    def days_ago(self, days: int) -> datetime:
        """What is kept for so many days and is of a moment before this one is due."""
        return at(self.day - timedelta(days=days), time.min)

    def months_ago(self, months: int) -> datetime:
        """What is kept for so many calendar months and is of a moment before this one is due."""
        day = months_after(self.day, -months)
        while months_after(day, months) >= self.day:
            day -= timedelta(days=1)
        return at(day + timedelta(days=1), time.min)


def people_with_clock() -> QuerySet[User]:
    """Whose courses are all over, and nobody who works here: of these the end of the last one is known or asked for."""
    courses = Enrolment.objects.filter(student=OuterRef("pk"))
    return (
        User.objects.filter(Exists(courses), roles__contained_by=sorted(NOT_STAFF))
        .exclude(Exists(courses.filter(status__in=GOES_ON)))
        .order_by("pk")
    )


def people_due(night: PurgeDate) -> QuerySet[User]:
    """DATA-4: whose last course ended so long ago. A course that goes on, and a new one, stop the clock."""
    last = forgotten_if_ended_by(night.day, night.policy.retention_years, night.calendar)
    ended = Enrolment.objects.filter(student=OuterRef("pk")).annotate(ended_on=ENDED_ON)
    return (
        people_with_clock()
        .filter(Exists(ended.filter(ended_on__lte=last)))
        .exclude(Exists(ended.filter(ended_on__gt=last)))
    )


def people_to_warn(night: PurgeDate) -> QuerySet[User]:
    """Those who will be due within the days of the setting, and are not yet."""
    later = PurgeDate(night.day + timedelta(days=night.policy.retention_warning_days + 1), night.policy)
    last = forgotten_if_ended_by(night.day, night.policy.retention_years, night.calendar)
    ended = Enrolment.objects.filter(student=OuterRef("pk")).annotate(ended_on=ENDED_ON)
    return people_due(later).filter(Exists(ended.filter(ended_on__gt=last)))


def people_without_clock() -> QuerySet[User]:
    """Students and graduates of whom nobody knows when their course ended: for a person to look at, never due.

    No course at all, only courses given up on no known day, or a course that goes on and has left the student feed.
    """
    courses = Enrolment.objects.filter(student=OuterRef("pk"))
    known = courses.annotate(ended_on=ENDED_ON).filter(ended_on__isnull=False)
    in_feed = courses.filter(status__in=GOES_ON, left_feed_on__isnull=True)
    left_behind = courses.filter(status__in=GOES_ON, left_feed_on__isnull=False)
    unknown = ~Exists(courses) | (~Exists(known) & ~Exists(courses.filter(status__in=GOES_ON)))
    stuck = Exists(left_behind) & ~Exists(in_feed)
    students = User.objects.filter(roles__contained_by=sorted(NOT_STAFF), roles__len__gt=0)
    return students.filter(unknown | stuck).order_by("left_feed_on", "pk")


def queries_due(night: PurgeDate) -> QuerySet[Query]:
    """MAIL-1: resolved, and two months have passed. What was merged goes with what it was merged into."""
    before = night.months_ago(night.policy.email_retention_months)
    over = Query.objects.filter(state=QueryStatus.RESOLVED, resolved_at__lt=before, merged_into__isnull=True)
    return over.order_by("pk")


def mail_due(night: PurgeDate) -> QuerySet[InboundEmail]:
    before = night.months_ago(night.policy.email_retention_months)
    return InboundEmail.objects.filter(query__isnull=True, received_at__lt=before).exclude(handling=Handling.QUEUED)


def addressed_due(night: PurgeDate) -> QuerySet[OutboxMessage]:
    before = night.months_ago(night.policy.email_retention_months)
    over = OutboxMessage.objects.filter(recipient__isnull=True, state__in=OVER, created_at__lt=before)
    return over.filter(Q(sent_at__isnull=True) | Q(sent_at__lt=before))


def words_due(night: PurgeDate) -> QuerySet[OutboxMessage]:
    before = night.days_ago(night.policy.message_words_days)
    over = OutboxMessage.objects.filter(state__in=OVER, created_at__lt=before)
    return over.filter(HAS_WORDS)


def sign_ins_due(night: PurgeDate) -> QuerySet[SignIn]:
    return SignIn.objects.filter(ended_at__lt=night.days_ago(night.policy.sign_in_record_days))


def leads_due(night: PurgeDate) -> QuerySet[Lead]:
    return Lead.objects.filter(judged_at__lt=night.days_ago(night.policy.lead_retention_days))


def feed_files_due(night: PurgeDate) -> QuerySet[FeedRun]:
    before = night.days_ago(night.policy.feed_file_days)
    return FeedRun.objects.filter(started_at__lt=before, files_deleted_at__isnull=True)


def request_keys_due(night: PurgeDate) -> QuerySet[IdempotencyKey]:
    return IdempotencyKey.objects.filter(created_at__lt=night.days_ago(night.policy.request_key_days))


def admin_log_due(night: PurgeDate) -> QuerySet[LogEntry]:
    return LogEntry.objects.filter(action_time__lt=night.days_ago(night.policy.admin_log_days))


def packages_due(night: PurgeDate) -> QuerySet[Package]:
    """Copies that can no longer be downloaded, and those that were never released and nobody needs any more."""
    past = Q(state=PackageState.RELEASED, expires_on__lt=night.day)
    return Package.objects.exclude(state=PackageState.GONE).filter(past | Q(request__state="closed", released_at=None))
