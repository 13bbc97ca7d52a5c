"""May this student register for this event, wait for it, cancel? Decided from facts; writes nothing."""

from datetime import datetime

from accounts.models import Role, User
from eligibility.models import HoldCovers
from eligibility.rules.allocation import may_book_at_all, may_take_one
from eligibility.rules.audiences import may_use
from eligibility.rules.facts import Context
from events.models import Event, Registration, RegistrationStatus
from foundation.outcomes.decisions import ALLOWED, Decision, all_of, refuse
from foundation.values.times import told_when

HARD = frozenset({"account_suspended", "event_cancelled", "event_over", "event_draft", "way_not_offered"})
"""Refusals that nobody can override."""

NOT_YOURS = refuse("not_yours", "You can register for events yourself only.")
HELD = refuse("held", "This registration is on hold.", "We will release it or cancel it, and email you.")


def may_register_for(student: User, by: User) -> Decision:
    """Nobody registers for somebody else, but for careers staff (SEC-2)."""
    return ALLOWED if by == student or (by.is_careers_staff and student.is_student) else NOT_YOURS


def takes_place(event: Event, now: datetime) -> Decision:
    """Is it published, not cancelled and not over?"""
    if event.is_draft:
        return refuse("event_draft", "This event is not published yet.")
    if event.is_cancelled:
        return refuse("event_cancelled", "This event has been cancelled.", "Choose another event.")
    if now >= event.ends_at:
        return refuse("event_over", "This event is over.", "Choose another event.")
    return ALLOWED


def registration_is_open(event: Event, now: datetime) -> Decision:
    decision = takes_place(event, now)
    if not decision:
        return decision
    opens = event.registration_opens_at
    if opens and now < opens:
        return refuse("registration_not_open", f"Registration opens on {told_when(opens)}.", "Come back then.")
    if now >= event.closes_at:
        return refuse(
            "registration_closed",
            f"Registration closed on {told_when(event.closes_at)}.",
            "Ask the careers service whether there is a place.",
        )
    return ALLOWED


def may_attend(event: Event, context: Context) -> Decision:
    """Is the event for this student at all (ELIG-1)? The account, holds on events, the audience."""
    day, facts = event.local_date, context.facts
    account = may_book_at_all(facts, day, context.policy.service_email, what=HoldCovers.EVENTS)
    audience = may_use(event.audience.condition_on(day), facts, day) if event.audience else ALLOWED
    return all_of([account, audience])


def within_allocation(event: Event, context: Context) -> Decision:
    """How many events of its type the student can register for in a period, if the type says so."""
    contact = context.policy.service_email
    return may_take_one(event.type.limits, context.facts, event.local_date, context.calendar, "", contact)


def may_register(event: Event, context: Context, mode: str, clash: str = "") -> Decision:
    """Everything except whether a place is free, which the operation decides under the event's lock.

    `clash`: the title of another event at that time that the student is registered for.
    """
    if not event.places(mode):
        return refuse("way_not_offered", "You cannot attend this event in this way.", "Choose another way to attend.")
    at_once = (
        refuse("event_clash", f"You are registered for “{clash}” at that time.", "Cancel that one first.")
        if clash
        else ALLOWED
    )
    decisions = [registration_is_open(event, context.facts.now), may_attend(event, context)]
    return all_of([*decisions, within_allocation(event, context), at_once])


def may_override(decision: Decision, by: User) -> Decision:
    """Careers staff may override a limit with a reason; only a manager a hold, and nobody the HARD codes."""
    for refusal in decision.reasons:
        if refusal.code in HARD:
            return refusal
        if refusal.code == "on_hold" and not by.has_role(Role.CAREERS_MANAGER):
            return refuse("on_hold", refusal.message, "Only a careers manager can override a hold.")
    return ALLOWED


def may_cancel(registration: Registration, now: datetime) -> Decision:
    """Until the event starts."""
    if registration.is_held:
        return HELD
    if registration.status != RegistrationStatus.REGISTERED:
        return refuse("not_changeable", f"This registration is {registration.get_status_display().lower()} already.")
    if now >= registration.event.starts_at:
        return refuse(
            "too_late",
            f"This event started on {told_when(registration.event.starts_at)}. You could cancel until then.",
            "If something kept you from coming, tell the careers service.",
        )
    return ALLOWED


def is_late_cancelling(registration: Registration, now: datetime) -> bool:
    """Cancelling now counts as missing it. Never if we changed the event and asked whether they still come."""
    asked = registration.asked_again_at is not None and registration.still_coming_at is None
    return not asked and now >= registration.event.free_until
