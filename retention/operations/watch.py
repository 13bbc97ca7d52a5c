"""Hourly reminders about things that nobody has acted on. Each is sent once, or once a day."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from accounts.operations.record_audit import Subject, record_audit
from accounts.rules.policy import policy_in_force
from accounts.selectors.roles import role_review
from foundation.values.times import database_now, local_day
from messaging.notices.notice import Notice
from messaging.operations.queue_message import queue_messages
from retention.models import LegalHold, RequestState, RightsRequest
from retention.notices.officers import hold_ends, late, request_waits, roles_to_review
from retention.selectors.lateness import lateness
from retention.selectors.officers import officers

SOON = timedelta(days=7)
"""How long before its deadline officers are reminded of a request."""


@transaction.atomic
def watch() -> int:
    """Queues reminders of missing nightly runs, ending legal holds, requests due soon or late, and an overdue review of
    roles; returns how many.
    """
    now = database_now()
    today = local_day(now)
    told = _late_nights(today) if lateness(now).is_late else []
    told += _holds(today) + _requests(today) + _reviews(today)
    if told:
        queue_messages(told, now)
        record_audit(actor=None, action="retention_alerted", on=Subject("retention"), count=len(told))
    return len(told)


def _late_nights(today: date) -> list[Notice]:
    return [late(officer, today) for officer in officers()]


def _reviews(today: date) -> list[Notice]:
    """Reminds once a week while nobody has reviewed who has which role."""
    review = role_review(today, policy_in_force().role_review_months)
    return [roles_to_review(officer, f"{today:%G-W%V}") for officer in officers()] if review.is_due else []


def _holds(today: date) -> list[Notice]:
    """Reminds each hold's owner once."""
    soon = today + timedelta(days=policy_in_force().legal_hold_alert_days)
    ending = LegalHold.objects.in_force(today).filter(expires_on__lte=soon, alerted_on__isnull=True)
    found = list(ending.select_related("owner").select_for_update(of=("self",)))
    LegalHold.objects.filter(pk__in=[hold.pk for hold in found]).update(alerted_on=today)
    return [hold_ends(hold.owner, hold) for hold in found]


def _requests(today: date) -> list[Notice]:
    """Reminds once when a week is left, and daily once the request is late."""
    open_ones = RightsRequest.objects.filter(state=RequestState.OPEN, due_on__lte=today + SOON)
    found = list(open_ones.exclude(alerted_on=today).select_for_update(of=("self",)))
    found = [each for each in found if each.alerted_on is None or each.due_on < today]
    RightsRequest.objects.filter(pk__in=[each.pk for each in found]).update(alerted_on=today)
    return [
        request_waits(officer, each, "late_request" if each.due_on < today else "due_soon", today)
        for officer in officers()
        for each in found
        if officer.pk != each.person_id
    ]
