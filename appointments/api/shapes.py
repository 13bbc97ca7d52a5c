"""What is answered, as plain values: hot paths build dictionaries, the serializers only describe them."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from appointments.models import AppointmentType, Booking, Location, TimeOut
from appointments.rules.booking import may_change
from appointments.rules.confidentiality import privacy_of
from appointments.rules.windows import opening_words
from appointments.selectors.diaries import Diary
from appointments.selectors.free_times import FreeTime
from appointments.selectors.student_types import TypeOffer
from eligibility.rules.allocation import AllocationBalance
from foundation.api.json_days import spoken_utc
from foundation.outcomes.decisions import Decision
from foundation.values.times import spoken_when


def place_shape(type: AppointmentType, location: Location) -> dict[str, Any]:
    privacy = privacy_of(type, location)
    return {
        "type": type.name,
        "minutes": type.minutes,
        "location": location.name,
        "building": location.building,
        "directions": location.directions,
        "confidentiality": str(privacy.level),
        "confidentiality_label": privacy.label,
        "confidentiality_note": privacy.sentence,
        "recording": privacy.recording,
    }


def free_time_shapes(times: Iterable[FreeTime], type: AppointmentType) -> list[dict[str, Any]]:
    """One query, for the places."""
    times = list(times)
    found = Location.objects.filter(public_id__in={time.location for time in times})
    places = {place.public_id: place_shape(type, place) for place in found} if times else {}
    lasts = timedelta(minutes=type.minutes)
    return [
        {
            "type": time.type,
            "start": spoken_utc(time.starts_at),
            "adviser": time.adviser,
            "mode": time.mode,
            "location": time.location,
            "shown": {
                "when": spoken_when(time.starts_at, time.starts_at + lasts),
                "adviser": time.adviser_name,
                **places[time.location],
            },
        }
        for time in times
        if time.location in places
    ]


def booking_shape(booking: Booking, reader: User, now: datetime, needs: Mapping[int, str]) -> dict[str, Any]:
    """No query, where the booking came `with_people`. What staff wrote about it is for staff only; access needs are
    there where `needs` (from `read_needs`) has the booking."""
    shape = {
        "id": booking.public_id,
        "student": booking.student.public_id,
        "type": booking.type.public_id,
        "start": spoken_utc(booking.starts_at),
        "end": spoken_utc(booking.ends_at),
        "adviser": booking.adviser.public_id,
        "mode": str(booking.mode),
        "location": booking.location.public_id,
        "status": str(booking.status),
        "counts": booking.consumes,
        "may_change": bool(may_change(booking, now)),
        "topic": booking.topic,
        "help_wanted": booking.help_wanted,
        "answers": booking.answers,
        "recording_permission": booking.recording_permission,
        "booked_at": spoken_utc(booking.booked_at),
        "arrived_at": spoken_utc(booking.arrived_at) if booking.arrived_at else None,
        "minutes_late": booking.minutes_late,
        "sequence": booking.sequence,
    }
    if booking.pk in needs:
        shape["access_needs"] = needs[booking.pk]
    if reader.is_careers_staff:
        shape |= {"override_reason": booking.override_reason, "status_reason": booking.status_reason}
    shape["shown"] = {
        "when": booking.when,
        "student": booking.student.name,
        "adviser": booking.adviser.name,
        **place_shape(booking.type, booking.location),
    }
    return shape


def type_shape(type: AppointmentType, offer: TypeOffer | None) -> dict[str, Any]:
    return {
        "id": type.public_id,
        "slug": type.slug,
        "name": type.name,
        "summary": type.summary,
        "description": type.description,
        "minutes": type.minutes,
        "places": type.capacity,
        "modes": list(type.modes),
        "topics": list(type.topics),
        "questions": list(type.questions),
        "opens": opening_words(type),
        "confidential_by_nature": type.confidential_by_nature,
        "may_book": bool(offer.decision) if offer else None,
        "reasons": reason_shapes(offer.decision) if offer else [],
        "first_day": offer.first_day if offer else None,
        "allocation": [allocation_shape(where) for where in offer.balances] if offer else [],
    }


def reason_shapes(decision: Decision) -> list[dict[str, str]]:
    if decision:
        return []
    return [{"code": each.code, "message": each.message, "remedy": each.remedy} for each in decision.reasons]


def allocation_shape(where: AllocationBalance) -> dict[str, Any]:
    return {
        "name": where.policy.name,
        "period": where.policy.period_words,
        "limit": where.limit,
        "used": where.used,
        "left": where.left,
        "again_on": where.again_on,
        "sentence": where.sentence,
    }


def diary_shape(diary: Diary, reader: User, now: datetime, needs: Mapping[int, str]) -> dict[str, Any]:
    return {
        "adviser": {"id": diary.adviser.public_id, "name": diary.adviser.name},
        "blocks": [_block_shape(block) for block in diary.blocks],
        "bookings": [booking_shape(booking, reader, now, needs) for booking in diary.bookings],
        "time_out": [_time_out_shape(out) for out in diary.time_out],
    }


def _block_shape(block: Any) -> dict[str, Any]:
    return {
        "id": block.public_id,
        "start": spoken_utc(block.during.lower),
        "end": spoken_utc(block.during.upper),
        "types": block.type_ids,
        "locations": block.location_ids,
        "bookable_from": spoken_utc(block.release_at) if block.release_at else None,
    }


def _time_out_shape(out: TimeOut) -> dict[str, Any]:
    return {
        "id": out.public_id,
        "start": spoken_utc(out.during.lower),
        "end": spoken_utc(out.during.upper),
        "reason": out.reason,
    }
