"""The waiting list of an event: a freed place is offered to one person at a time, and nobody is registered unasked.

Every operation locks the event; those that change what a student has also lock the student first.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Max

from accounts.models import User
from accounts.operations.once import Once
from accounts.operations.record_audit import record_audit
from accounts.rules.policy import Policy, policy_in_force
from eligibility.models import WaitingEntry, WaitingState
from eligibility.rules.waiting import offer_ends_at
from eligibility.selectors.student_facts import student_context
from events.models import Event, Registration
from events.notices.registration import LAPSED, LIST_CLOSED, WAITING, about_waiting, offer_notices
from events.operations.admit import NO_DETAILS, RegistrationDetails, admit
from events.operations.leave_list import end_waiting
from events.operations.locked import LockedEvent, lock_event, lock_student_and_event
from events.rules.registering import may_attend, may_register, may_register_for, registration_is_open
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.values.sources import SourceKind
from messaging.operations.queue_message import queue_messages


@in_one_transaction
def join_waiting_list(*, event: Event, student: User, mode: str, by: User, once: str = "") -> WaitingEntry:
    """Puts the student at the end of the list of a full event. Refused if there is a place (`places_free`).

    Locks the student, then the event, so that numbers have no gaps. Sent twice with one key, it joins once.
    """
    require(may_register_for(student, by), status=403)
    key = Once(by, once, ("wait", event.public_id, student.public_id, mode))
    if earlier := key.earlier():
        return WaitingEntry.objects.get(public_id=earlier)
    locked = lock_student_and_event(student, event)
    require(may_register(locked.event, locked.context, mode, locked.own.clash))
    if locked.own.is_registered:
        raise Refused("registered_already", "You are registered for this event already.", "You need do nothing more.")
    if locked.places[mode].can_have_one(locked.context.facts.groups):
        raise Refused("places_free", "There is a place.", "Register now instead of waiting.")
    source = locked.event.source
    last = WaitingEntry.objects.of(source).aggregate(last=Max("number"))["last"] or 0
    entry = WaitingEntry.objects.create(
        student=student, **source.fields, lane=mode, number=last + 1, joined_at=locked.now
    )
    _record(entry, by, "waiting_list_joined")
    queue_messages([about_waiting(WAITING, entry, locked.event)], locked.now)
    key.remember(entry.public_id)
    return entry


@in_one_transaction
def accept_offer(
    *, entry: WaitingEntry, by: User, details: RegistrationDetails = NO_DETAILS, once: str = ""
) -> Registration:
    """Registers the student in the place that is kept for them. Refused if the offer has run out (`offer_over`)."""
    require(may_register_for(entry.student, by), status=403)
    key = Once(by, once, ("accept", entry.public_id, sorted(details.answers.items()), details.access_needs))
    if earlier := key.earlier():
        return Registration.objects.with_event().get(public_id=earlier)
    event = Event.objects.get(public_id=entry.source_id)
    locked = lock_student_and_event(entry.student, event)
    held = WaitingEntry.objects.select_for_update(no_key=True).get(pk=entry.pk)
    _require_offer(held, locked.now)
    require(may_register(locked.event, locked.context, held.lane, locked.own.clash))
    registration = admit(locked, entry.student, held.lane, details, by, is_offered=True)
    end_waiting(held, WaitingState.ACCEPTED, locked.now)
    key.remember(registration.public_id)
    return registration


@in_one_transaction
def leave_waiting_list(*, entry: WaitingEntry, by: User) -> WaitingEntry:
    """Leaves the list, or declines an offer, which goes to the next person. Pressed twice, it is done once."""
    require(may_register_for(entry.student, by), status=403)
    locked = lock_event(Event.objects.get(public_id=entry.source_id))
    held = WaitingEntry.objects.select_for_update(no_key=True).get(pk=entry.pk)
    if not held.is_on_the_list:
        return held
    declined = held.state == WaitingState.OFFERED
    end_waiting(held, WaitingState.PASSED if declined else WaitingState.LEFT, locked.now)
    _record(held, by, "offer_declined" if declined else "waiting_list_left")
    if declined:
        offer_places(lock_event(locked.event), policy_in_force())
    return held


def offer_places(locked: LockedEvent, policy: Policy) -> list[WaitingEntry]:
    """Offers every free place to the next people who can have it, in order of joining. The caller has locked the event.

    Those who may not attend now are skipped, keep their number and are asked again next time. After registration closes
    nothing is offered.
    """
    event, now, offered = locked.event, locked.now, []
    ends = offer_ends_at(now, event.starts_at, event.closes_at, policy)
    if ends is None or not registration_is_open(event, now):
        return []
    for mode, places in locked.places.items():
        if not (places.free and (places.waiting or places.skipped)):
            continue
        waiting = WaitingEntry.objects.of(event.source).waiting().filter(lane=mode).select_related("student")
        offered += _offer(waiting, event, places.free, now, ends)
    for entry in offered:
        _record(entry, None, "place_offered")
    queue_messages([notice for each in offered for notice in offer_notices(each, event, policy)], now)
    return offered


def _offer(
    waiting: Iterable[WaitingEntry], event: Event, free: int, now: datetime, ends: datetime
) -> list[WaitingEntry]:
    offered: list[WaitingEntry] = []
    for entry in waiting:
        if len(offered) == free:
            break
        if may_attend(event, student_context(entry.student_id)):
            entry.state, entry.offered_at, entry.offer_ends_at = WaitingState.OFFERED, now, ends
            entry.skipped_at = None
            offered.append(entry)
        else:
            entry.skipped_at = now
        entry.save(update_fields=["state", "offered_at", "offer_ends_at", "skipped_at"])
    return offered


def sweep_waiting_lists() -> int:
    """Ends offers that have run out, offers free places, and closes the lists of events whose registration is over.

    One transaction for each event. Returns how many events it looked at. A second run finds nothing to do.
    """
    waited_for = WaitingEntry.objects.on_the_list().filter(source_kind=SourceKind.EVENT)
    events = list(Event.objects.filter(public_id__in=waited_for.values("source_id")).order_by("pk"))
    for event in events:
        sweep_event(event=event)
    return len(events)


@in_one_transaction
def sweep_event(*, event: Event) -> None:
    locked, policy = lock_event(event), policy_in_force()
    entries = WaitingEntry.objects.of(event.source).on_the_list().select_related("student")
    if not registration_is_open(locked.event, locked.now) and locked.now >= (
        locked.event.registration_opens_at or locked.now
    ):
        for entry in entries:
            _close(entry, locked)
        return
    for entry in entries.offered().filter(offer_ends_at__lte=locked.now):
        end_waiting(entry, WaitingState.LAPSED, locked.now)
        _record(entry, None, "offer_lapsed")
        queue_messages([about_waiting(LAPSED, entry, locked.event)], locked.now)
    offer_places(lock_event(event), policy)


def _close(entry: WaitingEntry, locked: LockedEvent) -> None:
    """A cancelled event has its own message, so its waiting people get that one."""
    end_waiting(entry, WaitingState.CLOSED, locked.now)
    _record(entry, None, "waiting_list_closed")
    queue_messages([about_waiting(LIST_CLOSED, entry, locked.event)], locked.now)


def _require_offer(entry: WaitingEntry, now: datetime) -> None:
    if not entry.is_offered(now):
        raise Refused(
            "offer_over",
            "This place is no longer kept for you.",
            "If the event is full, you can join the waiting list again.",
        )


def _record(entry: WaitingEntry, by: User | None, action: str) -> None:
    record_audit(actor=by, action=action, on=entry, student=entry.student, event=entry.source_id)
