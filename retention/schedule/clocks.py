"""Querysets of rows that are due on a night. Each first matches on the night after the last day of the period.

Days are local days and ranges are half-open. No query uses NOT IN, which matches nothing if the list has a NULL.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.admin.models import LogEntry
from django.db.models import Case, DateField, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from accounts.models import NOT_STAFF, Draft, Enrolment, FeedRun, IdempotencyKey, SignIn, Status, User
from accounts.rules.policy import Policy
from eligibility.rules.calendar import AcademicCalendar
from eligibility.rules.retention_dates import forgotten_if_ended_by
from foundation.values.month_days import month_and_day
from foundation.values.times import at, months_after
from messaging.models import HAS_WORDS, OutboxMessage
from messaging.operations.forget import OVER
from queries.models import Handling, InboundEmail, Query, QueryStatus
from retention.models import Package, PackageState, RetentionWarning
from security.models import Lead

LEFT_ON = Coalesce("left_feed_on", "expected_end_on")
ENDED_ON = Coalesce("completed_on", Case(When(status=Status.WITHDRAWN, then=LEFT_ON)), output_field=DateField())
"""When a course ended; the same rule as `eligibility.rules.retention_dates.CourseEnd.ended_on`."""

GOES_ON = (Status.CURRENT, Status.INTERRUPTED)


@dataclass(frozen=True, slots=True)
class PurgeDate:
    """`day`: the local day in whose first hours the run takes place. `policy`: the settings in force on that day."""

    day: date
    policy: Policy

    @property
    def calendar(self) -> AcademicCalendar:
        return AcademicCalendar(year_ends=month_and_day(self.policy.academic_year_ends))

    def days_ago(self, days: int) -> datetime:
        """Data kept for `days` days is due if it is older than this moment."""
        return at(self.day - timedelta(days=days), time.min)

    def months_ago(self, months: int) -> datetime:
        """Data kept for `months` calendar months is due if it is older than this moment."""
        day = months_after(self.day, -months)
        while months_after(day, months) >= self.day:
            day -= timedelta(days=1)
        return at(day + timedelta(days=1), time.min)


def people_with_clock() -> QuerySet[User]:
    """People who are not staff and whose courses are all over: their retention period has started, or its start is
    unknown.
    """
    courses = Enrolment.objects.filter(student=OuterRef("pk"))
    return (
        User.objects.filter(Exists(courses), roles__contained_by=sorted(NOT_STAFF))
        .exclude(Exists(courses.filter(status__in=GOES_ON)))
        .order_by("pk")
    )


def people_due(night: PurgeDate) -> QuerySet[User]:
    """People past their last day who were told in time (DATA-4): the day that we told them has passed too."""
    ended = Enrolment.objects.filter(student=OuterRef("pk")).annotate(ended_on=ENDED_ON)
    latest = ended.filter(ended_on__isnull=False).order_by("-ended_on").values("ended_on")[:1]
    told = RetentionWarning.objects.filter(person=OuterRef("pk"), ended_on__gte=OuterRef("last_ended"))
    return (
        people_past_their_day(night)
        .annotate(last_ended=Subquery(latest))
        .filter(Exists(told.filter(kept_until__lt=night.day)))
        .exclude(Exists(told.filter(kept_until__gte=night.day)))
    )


def people_past_their_day(night: PurgeDate) -> QuerySet[User]:
    """People whose last course ended long enough ago. A current or new course stops the retention period."""
    last = forgotten_if_ended_by(night.day, night.policy.retention_years, night.calendar)
    ended = Enrolment.objects.filter(student=OuterRef("pk")).annotate(ended_on=ENDED_ON)
    return (
        people_with_clock()
        .filter(Exists(ended.filter(ended_on__lte=last)))
        .exclude(Exists(ended.filter(ended_on__gt=last)))
    )


def people_to_warn(night: PurgeDate) -> QuerySet[User]:
    """People whose last day is within `retention_warning_days` or past, and who are not due.

    Some have been told already: `warn_people` compares the days.
    """
    later = PurgeDate(night.day + timedelta(days=night.policy.retention_warning_days + 1), night.policy)
    return people_past_their_day(later).exclude(pk__in=people_due(night).order_by().values("pk"))


def people_without_clock() -> QuerySet[User]:
    """Students and graduates whose end of course is unknown: an officer must check them; they are never due.

    They have no course, or only withdrawn courses without a date, or a current course that is no longer in the student
    feed.
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
    """Queries resolved more than two months ago (MAIL-1, a setting). Merged queries are deleted with their target."""
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


def drafts_due(night: PurgeDate) -> QuerySet[Draft]:
    return Draft.objects.filter(saved_at__lt=night.days_ago(night.policy.draft_days))


def request_keys_due(night: PurgeDate) -> QuerySet[IdempotencyKey]:
    return IdempotencyKey.objects.filter(created_at__lt=night.days_ago(night.policy.request_key_days))


def admin_log_due(night: PurgeDate) -> QuerySet[LogEntry]:
    return LogEntry.objects.filter(action_time__lt=night.days_ago(night.policy.admin_log_days))


def packages_due(night: PurgeDate) -> QuerySet[Package]:
    """Released copies whose download period has ended, and copies of closed requests that were never released."""
    past = Q(state=PackageState.RELEASED, expires_on__lt=night.day)
    return Package.objects.exclude(state=PackageState.GONE).filter(past | Q(request__state="closed", released_at=None))
