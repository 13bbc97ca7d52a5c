"""Tells people in time that their data will be deleted, and how to take a copy (DATA-4)."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from accounts.operations.record_audit import record_audit
from eligibility.rules.retention_dates import kept_until
from foundation.values.times import database_now
from messaging.operations.queue_message import queue_messages
from retention.models import PurgeRun, RetentionWarning
from retention.notices.people import leaving
from retention.schedule.clocks import PurgeDate, people_to_warn
from retention.selectors.dates import course_ends

AT_A_TIME = 500


def warn_people(run: PurgeRun, night: PurgeDate) -> int:
    """Warns once for each last day: somebody whose period starts again is warned again."""
    position = warned = 0
    while people := list(people_to_warn(night).filter(pk__gt=position)[:AT_A_TIME]):
        warned += _warn(night, people)
        position = people[-1].pk
    if warned:
        record_audit(actor=None, action="people_warned", on=run, count=warned)
    return warned


@transaction.atomic
def _warn(night: PurgeDate, people: list[User]) -> int:
    now, ends = database_now(), course_ends([person.pk for person in people])
    told = set(RetentionWarning.objects.filter(person__in=people).values_list("person_id", "kept_until"))
    new: list[tuple[User, RetentionWarning]] = []
    for person in people:
        until = kept_until(ends.get(person.pk, ()), night.policy.retention_years, night.calendar)
        if until is not None and (person.pk, until) not in told:
            new.append((person, RetentionWarning(person=person, kept_until=until, warned_at=now)))
    RetentionWarning.objects.bulk_create([warning for _, warning in new], ignore_conflicts=True)
    queue_messages([leaving(person, warning.kept_until) for person, warning in new], now)
    return len(new)
