"""Publishing and cancelling an event, and changing its time, place and places. The event is locked; people are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg2.extras import DateTimeTZRange

from accounts.models import User
from accounts.operations.record_audit import record_audit
from accounts.operations.require_as_seen import require_as_seen
from accounts.rules.policy import Policy, policy_in_force
from eligibility.operations.allocation import give_allocation_back
from events.models import Event, EventSeries, EventSession, EventState, Registration, RegistrationStatus
from events.models.registration import AHEAD
from events.notices.registration import CALLED_OFF, CHANGED
from events.operations.locked import LockedEvent, lock_event, lock_to_change
from events.operations.queue_notices import queue_registration_notices
from events.operations.waiting import offer_places, sweep_event
from events.rules.publishing import may_edit, may_move, may_publish
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.values.times import database_now, local_day
from places.models import Location
from places.operations.use_places import give_places_back, use_places


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """One session as it is to be. `public_id` names the session that is changed; empty for a new one."""

    starts_at: datetime
    ends_at: datetime
    location: Location | None = None
    venue: str = ""
    title: str = ""
    public_id: str = ""


@in_one_transaction
def publish_event(*, event: Event, by: User) -> Event:
    """Everybody can see it from now on. Refused (`event_incomplete`) if something that people need is missing."""
    require(may_edit(by), status=403)
    locked = lock_event(event)
    row = locked.event
    if row.is_published:
        return row
    require(may_publish(row, list(row.sessions.select_related("location")), locked.now))
    require_as_seen(event, row, by=by)
    _publish(row, locked.now, by)
    return row


@in_one_transaction
def publish_series(*, series: EventSeries, by: User) -> list[Event]:
    """Publishes all drafts of the series that are not over, or none of them if one lacks something; it says which.

    Locks the events in the order of their times, as `change_event` does. Done twice, there is nothing more to publish.
    """
    require(may_edit(by), status=403)
    now = database_now()
    rows = Event.objects.filter(series=series, state=EventState.DRAFT, during__endswith__gt=now)
    drafts = list(rows.select_for_update(no_key=True).order_by("during", "pk"))
    for row in drafts:
        decision = may_publish(row, list(row.sessions.select_related("location")), now)
        if not decision:
            raise Refused(decision.code, f"{row.when}: {decision.message}", decision.remedy)
        _publish(row, now, by)
    return drafts


def _publish(row: Event, now: datetime, by: User) -> None:
    row.state, row.published_at = EventState.PUBLISHED, now
    row.save(update_fields=["state", "published_at"])
    record_audit(actor=by, action="event_published", on=row)


@in_one_transaction
def cancel_event(*, event: Event, reason: str, by: User) -> Event:
    """Cancels the event, gives everybody's allocation back, frees its places and tells those registered and waiting.

    Everybody reads the reason. It cannot be undone: the messages say that it does not take place.
    """
    require(may_edit(by), status=403)
    if not reason.strip():
        raise Refused("reason_needed", "Enter why the event is cancelled.", field="reason", status=422)
    locked = lock_event(event)
    row, policy = locked.event, policy_in_force()
    if row.is_cancelled:
        return row
    if row.is_draft or locked.now >= row.ends_at:
        raise Refused("event_not_ahead", "Only a published event that is not over can be cancelled.")
    require_as_seen(event, row, by=by)
    row.state, row.cancelled_at, row.told_reason = EventState.CANCELLED, locked.now, reason.strip()
    row.sequence += 1
    row.save(update_fields=["state", "cancelled_at", "told_reason", "sequence"])
    give_places_back(source=row.source)
    for registration in _ahead(row):
        _call_off(registration, locked.now, policy, by)
    sweep_event(event=row)
    record_audit(actor=by, action="event_cancelled", on=row)
    return row


@in_one_transaction
def set_sessions(*, event: Event, sessions: Sequence[SessionTimes], by: User) -> Event:
    """Sets when and where the event takes place. People registered for a published event are told, and asked whether
    they still come; until they answer, cancelling is free.

    A place that another event uses at that time is refused by the database (`place_taken`), and a session that people
    came to keeps its start (`session_attended`). Locks the event.
    """
    if not sessions:
        raise Refused("session_missing", "Enter when the event takes place.", field="starts_at", status=422)
    locked = lock_to_change(event, by)
    row = locked.event
    before = _told(row)
    _save_sessions(row, sessions)
    row.during = DateTimeTZRange(min(each.starts_at for each in sessions), max(each.ends_at for each in sessions))
    row.local_date = local_day(row.starts_at)
    if _told(row) != before and row.is_published:
        row.sequence += 1
        _tell_changed(row, locked, before)
    row.save(update_fields=["during", "local_date", "sequence"])
    record_audit(actor=by, action="event_times_changed", on=row)
    return row


@in_one_transaction
def set_places(*, event: Event, in_person: int | None, online: int | None, by: User) -> Event:
    """Sets how many can attend in each way. Raising offers the new places to those who wait, several at once.

    Refused below what is taken and offered (`places_in_use`) or kept for groups (`places_kept`). Locks the event.
    """
    locked = lock_to_change(event, by)
    row, wanted = locked.event, {"in_person": in_person, "online": online}
    for mode, places in locked.places.items():
        many, in_use = wanted[mode] or 0, max(places.taken + places.offered, places.highest)
        kept = sum(each.reserve.places for each in places.kept)
        if many < in_use:
            words = f"{in_use} places are taken or offered."
            raise Refused("places_in_use", words, "Enter at least that.", field=mode)
        if many < kept:
            words = f"{kept} places are kept for groups."
            raise Refused("places_kept", words, "Enter at least that, or keep fewer.", field=mode)
    row.places_in_person, row.places_online = in_person, online
    row.save(update_fields=["places_in_person", "places_online"])
    record_audit(actor=by, action="event_places_changed", on=row)
    offer_places(lock_event(row), policy_in_force())
    return row


def _ahead(event: Event) -> list[Registration]:
    rows = Registration.objects.filter(event=event, status__in=AHEAD).select_related("student").order_by("pk")
    found = list(rows.select_for_update(no_key=True, of=("self",)))
    for registration in found:
        registration.event = event
    return found


def _call_off(registration: Registration, now: datetime, policy: Policy, by: User) -> None:
    give_allocation_back(source=registration.source, by_us=True)
    registration.status, registration.ended_at, registration.ended_by = RegistrationStatus.CANCELLED_BY_SERVICE, now, by
    registration.sequence += 1
    registration.save(update_fields=["status", "ended_at", "ended_by", "sequence"])
    queue_registration_notices(CALLED_OFF, registration, policy, now)


def _told(event: Event) -> list[tuple[str, str, str]]:
    """What people are told of: when and where each session is."""
    sessions = event.sessions.select_related("location").order_by("during")
    return [(each.starts_at.isoformat(), each.ends_at.isoformat(), each.place_words) for each in sessions]


def _save_sessions(event: Event, wanted: Sequence[SessionTimes]) -> None:
    """Sessions keep their ids, because check-ins refer to them. Those no longer wanted are deleted first, and times are
    set from the last to the first or back, so that a session never overlaps one that is about to move."""
    starts, sessions = {each.public_id: each.starts_at for each in wanted if each.public_id}, list(event.sessions.all())
    for session in sessions:
        require(may_move(session, starts.get(session.public_id)))
    event.sessions.exclude(public_id__in=starts).delete()
    rows = {session.public_id: session for session in sessions if session.public_id in starts}
    moving = [row for each in wanted if (row := rows.get(each.public_id)) and row.starts_at != each.starts_at]
    EventSession.objects.filter(pk__in=[row.pk for row in moving]).delete()
    for each in wanted:
        row = rows.get(each.public_id) or EventSession(event=event)
        row.during = DateTimeTZRange(each.starts_at, each.ends_at)
        row.location, row.venue, row.title = each.location, each.venue.strip(), each.title.strip()
        row.save(force_insert=row in moving or row.pk is None)
    use_places(
        source=event.source,
        uses=[(each.location, each.starts_at, each.ends_at) for each in wanted if each.location is not None],
    )


def _tell_changed(event: Event, locked: LockedEvent, before: list[tuple[str, str, str]]) -> None:
    policy = policy_in_force()
    for registration in _ahead(event):
        registration.asked_again_at, registration.still_coming_at = locked.now, None
        registration.sequence += 1
        registration.save(update_fields=["asked_again_at", "still_coming_at", "sequence"])
        queue_registration_notices(CHANGED, registration, policy, locked.now, was=before)
