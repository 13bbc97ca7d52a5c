"""How two people meet online or by telephone: links and numbers, which staff can change until the end."""

from datetime import datetime

from accounts.models import User
from accounts.operations.lock_people import lock_people
from accounts.operations.record_audit import record_audit
from accounts.rules.policy import policy_in_force
from appointments.models import Booking, OnlineRoom
from appointments.operations.as_seen import require_booking_as_seen
from appointments.operations.diary import may_run_diary
from appointments.operations.number_to_call import number_to_call
from appointments.operations.queue_notices import queue_booking_notices
from appointments.rules.booking import may_book_for
from appointments.rules.joining import link_of, may_change_joining
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.values.links import https_link
from foundation.values.times import database_now
from places.models import Location, MeetingMode


@in_one_transaction
def change_joining(*, booking: Booking, by: User, link: str = "", phone: str = "") -> Booking:
    """Changes the link typed for an online appointment, or the number of a telephone one, and tells the student.

    An empty link goes back to the adviser's or the place's. Refused (`link_missing`) if there is neither. Locks the
    booking.
    """
    require(may_book_for(booking.student, by), status=403)
    now, found = database_now(), Booking.objects.select_for_update(no_key=True, of=("self",)).with_people()
    changed = found.get(pk=booking.pk)
    require(may_change_joining(changed, now))
    require_booking_as_seen(booking, changed, by)
    before = (link_of(changed), changed.phone)
    if changed.mode == MeetingMode.ONLINE:
        changed.own_link = usable_link(link)
        if not link_of(changed):
            raise Refused("link_missing", "An online appointment needs a link.", "Enter the link.", field="link")
    else:
        changed.phone = number_to_call(changed.mode, phone, changed.student)
    changed.save(update_fields=["own_link", "phone"])
    record_audit(actor=by, action="joining_changed", on=changed, student=changed.student)
    if (link_of(changed), changed.phone) != before:
        _tell(changed, now)
    return changed


@in_one_transaction
def set_online_room(*, adviser: User, link: str, by: User) -> None:
    """Sets or removes an adviser's own link, and tells the students whose appointments it changes.

    Refused (`link_needed`) if appointments ahead would be left without a link. Locks the adviser.
    """
    require(may_run_diary(by, adviser), status=403)
    lock_people(adviser)
    now, link = database_now(), usable_link(link)
    before = _links_ahead(now, adviser=adviser)
    if link:
        OnlineRoom.objects.update_or_create(adviser=adviser, defaults={"link": link})
    else:
        OnlineRoom.objects.filter(adviser=adviser).delete()
    record_audit(actor=by, action="online_room_set" if link else "online_room_removed", on=adviser)
    _tell_new_links(before, now)


@in_one_transaction
def save_place(*, location: Location, by: User) -> None:
    """Saves a place whose link was changed, and tells the students whose appointments it changes.

    Refused like `set_online_room`.
    """
    now = database_now()
    before = _links_ahead(now, location=location)
    location.link = usable_link(location.link)
    location.save()
    record_audit(actor=by, action="place_link_changed", on=location)
    _tell_new_links(before, now)


def _links_ahead(now: datetime, **of: User | Location) -> dict[int, str]:
    """The links of online appointments that have not ended, by booking."""
    ahead = Booking.objects.upcoming(now).filter(mode=MeetingMode.ONLINE, **of).with_people()
    return {booking.pk: link_of(booking) for booking in ahead}


def _tell_new_links(before: dict[int, str], now: datetime) -> None:
    """Raises Refused (`link_needed`) if an appointment is left without the link it had. Locks the bookings."""
    affected = Booking.objects.filter(pk__in=before).with_people().select_for_update(no_key=True, of=("self",))
    for booking in affected.order_by("pk"):
        link = link_of(booking)
        if before[booking.pk] and not link:
            raise Refused("link_needed", "Appointments ahead use this link.", "Enter another link.", field="link")
        if link != before[booking.pk]:
            _tell(booking, now)


def usable_link(link: str) -> str:
    """The link, or an empty string. Raises Refused (`link_unusable`)."""
    try:
        return https_link(link) if link.strip() else ""
    except ValueError:
        raise Refused("link_unusable", "We can’t use this link.", "Begin it with https://.", field="link") from None


def _tell(booking: Booking, now: datetime) -> None:
    """Raises the sequence, so that calendars take the new entry and messages with the old link are withdrawn."""
    booking.sequence += 1
    booking.save(update_fields=["sequence"])
    queue_booking_notices("changed", booking, policy_in_force(), now)
