"""Tells people in time that their data will be deleted, and how to take a copy (DATA-4)."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from accounts.models import User
from accounts.operations.record_audit import record_audit
from eligibility.rules.retention_dates import kept_until, last_end
from foundation.values.times import database_now
from messaging.operations.queue_message import queue_messages
from retention.models import PurgeRun, RetentionWarning
from retention.notices.people import leaving
from retention.schedule.clocks import PurgeDate, people_to_warn
from retention.selectors.dates import course_ends, told_day, told_days

AT_A_TIME = 500


def warn_people(run: PurgeRun, night: PurgeDate) -> int:
    """Tells people `retention_warning_days` before their last day, or that long before we delete anything if a change
    has made them late.

    Once for each last day: somebody whose period starts again is warned again.
    """
    position = warned = 0
    while people := list(people_to_warn(night).filter(pk__gt=position)[:AT_A_TIME]):
        warned += _warn(night, people)
        position = people[-1].pk
    if warned:
        record_audit(actor=None, action="people_warned", on=run, count=warned)
    return warned


@transaction.atomic
def _warn(night: PurgeDate, people: list[User]) -> int:
    now, keys = database_now(), [person.pk for person in people]
    ends, told = course_ends(keys), told_days(keys)
    in_time = night.day + timedelta(days=night.policy.retention_warning_days)
    new: list[tuple[User, RetentionWarning]] = []
    for person in people:
        courses = ends.get(person.pk, [])
        until, ended_on = kept_until(courses, night.policy.retention_years, night.calendar), last_end(courses)
        if until is None or ended_on is None or told_day(told.get(person.pk, ()), ended_on) >= until:
            continue
        day = max(until, in_time)
        new.append((person, RetentionWarning(person=person, kept_until=day, ended_on=ended_on, warned_at=now)))
    RetentionWarning.objects.bulk_create([warning for _, warning in new], ignore_conflicts=True)
    queue_messages([leaving(person, warning.kept_until) for person, warning in new], now)
    return len(new)
