"""`appointments.rules.taking_place` as SQL: for lists of bookings, for free times, and the facts for one booking."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When

from accounts.models import GIVE_APPOINTMENTS
from appointments.models import DiaryBlock, OnlineRoom, TimeOut
from appointments.models.booking import BookingQuerySet
from appointments.rules.taking_place import Circumstances, Hindrance
from eligibility.models import AcademicPeriod, PeriodKind
from foundation.db.extra_columns import ExtraColumn
from foundation.values.times import local_day
from places.models import MeetingMode, PlaceUse

ROLES = [str(role) for role in GIVE_APPOINTMENTS]
ADVISING = f"is_active AND roles && ARRAY{ROLES}::varchar[]"
"""Of a row of people: may their times be offered?"""

PLACE_IN_USE = "is_open"
"""Of a row of places: may it be offered?"""

PLACE_TAKEN = "SELECT FROM places_placeuse event WHERE event.location_id = {place} AND event.during && {during}"
"""An event has the place for itself."""

JOINABLE = """(
    EXISTS (SELECT FROM appointments_onlineroom own WHERE own.adviser_id = {adviser})
    OR NOT EXISTS (SELECT FROM appointments_location place_to_join
      WHERE place_to_join.id = {place} AND place_to_join.mode = 'online' AND place_to_join.link = ''))"""
"""An online time needs a link to join: the adviser's own or the place's (`rules/joining.py`)."""

AWAY = "SELECT FROM appointments_timeout away WHERE away.adviser_id = {adviser} AND away.during && {during}"

_closures = AcademicPeriod.objects.filter(kind=PeriodKind.CLOSURE, during__contains=OuterRef("local_date"))
_time_out = TimeOut.objects.filter(adviser=OuterRef("adviser"), during__overlap=OuterRef("during"))
_events = PlaceUse.objects.filter(location=OuterRef("location"), during__overlap=OuterRef("during"))
_own_rooms = OnlineRoom.objects.filter(adviser=OuterRef("adviser"))
_blocks = DiaryBlock.objects.filter(
    adviser=OuterRef("adviser"),
    local_date=OuterRef("local_date"),
    during__startswith__lte=OuterRef("during__startswith"),
    during__endswith__gte=OuterRef("during__endswith"),
)
"""By adviser and day: PostgreSQL would look up `@>` in the index of ranges, which took three times as long."""

CONDITIONS: Mapping[Hindrance, Any] = {
    Hindrance.ADVISER_OFF: Q(adviser__is_active=False),
    Hindrance.ADVISER_ROLE: ~Q(adviser__roles__overlap=ROLES),
    Hindrance.CLOSED: Exists(_closures),
    Hindrance.PLACE_CLOSED: Q(location__is_open=False),
    Hindrance.PLACE_TAKEN: Exists(_events),
    Hindrance.WAY_TO_MEET: ~Q(location__mode=F("mode")) | ~Q(type__modes__contains=[F("mode")]),
    Hindrance.NO_LINK: Q(mode=MeetingMode.ONLINE, own_link="", location__link="") & ~Exists(_own_rooms),
    Hindrance.AWAY: Exists(_time_out),
    Hindrance.WITHDRAWN: ~Exists(_blocks),
    Hindrance.TYPE_WITHDRAWN: ~Exists(_blocks.filter(types=OuterRef("type"))),
    Hindrance.PLACE_WITHDRAWN: ~Exists(_blocks.filter(locations=OuterRef("location"))),
}

_FINE = (
    Exists(_blocks.filter(types=OuterRef("type"), locations=OuterRef("location")))
    & Q(adviser__is_active=True, adviser__roles__overlap=ROLES, location__is_open=True)
    & Q(location__mode=F("mode"), type__modes__contains=[F("mode")])
    & (~Q(mode=MeetingMode.ONLINE, own_link="", location__link="") | Exists(_own_rooms))
    & ~Exists(_time_out)
    & ~Exists(_events)
    & ~Exists(_closures)
)
"""None of the conditions: looked at first, because nearly every booking can take place."""

HINDRANCE = Case(
    When(_FINE, Value("")),
    *(When(CONDITIONS[hindrance], Value(str(hindrance))) for hindrance in Hindrance),
    default=Value(""),
    output_field=CharField(),
)


def with_hindrance(bookings: BookingQuerySet) -> BookingQuerySet:
    """Each booking with `.hindrance`: why it cannot take place as booked, or empty. No further query."""
    found: BookingQuerySet = bookings.annotate(**{"hindrance": HINDRANCE})
    return found


FACTS = f"""
SELECT json_build_object(
  'is_active', adviser.is_active, 'roles', adviser.roles, 'in_use', place.is_open, 'place_mode', place.mode,
  'link', {JOINABLE.format(adviser="adviser.id", place="place.id")},
  'taken', EXISTS ({PLACE_TAKEN.format(place="place.id", during="tstzrange(%s, %s)")}),
  'modes', (SELECT modes FROM appointments_appointmenttype WHERE id = %s),
  'away', EXISTS ({AWAY.format(adviser="adviser.id", during="tstzrange(%s, %s)")}),
  'blocks', (SELECT json_agg(json_build_object('start', lower(block.during),
      'type', EXISTS (SELECT FROM appointments_diaryblock_types offered
        WHERE offered.diaryblock_id = block.id AND offered.appointmenttype_id = %s),
      'place', EXISTS (SELECT FROM appointments_diaryblock_locations held
        WHERE held.diaryblock_id = block.id AND held.location_id = place.id)))
    FROM appointments_diaryblock block
    WHERE block.adviser_id = adviser.id AND block.during @> tstzrange(%s, %s)
      AND (NOT %s OR block.release_at IS NULL OR block.release_at <= statement_timestamp()))
)
FROM accounts_user adviser CROSS JOIN appointments_location place WHERE adviser.id = %s AND place.id = %s
"""  # noqa: S608 - SQL of our own, no input
"""Written in SQL: building the query with the ORM cost more CPU than the rest of a booking. At most one block contains
a time, because the blocks of an adviser do not overlap.
"""


def facts_column(
    *, type_id: int, adviser_id: int, location_id: int, starts: datetime, ends: datetime, released: bool
) -> ExtraColumn:
    """What `offered_time` reads. `released`: count only blocks whose release time has passed."""
    span = (starts, ends)
    return ExtraColumn(FACTS, [*span, type_id, *span, type_id, *span, released, adviser_id, location_id])


@dataclass(frozen=True, slots=True)
class OfferedTime:
    """`block_start` is the start of the published block around the time; None if there is none."""

    circumstances: Circumstances
    block_start: datetime | None


def offered_time(facts: Mapping[str, Any], starts: datetime, mode: str) -> OfferedTime:
    block = (facts["blocks"] or [None])[0]
    about = Circumstances(
        day=local_day(starts),
        mode=mode,
        type_modes=facts["modes"],
        adviser_is_active=facts["is_active"],
        adviser_roles=facts["roles"],
        place_in_use=facts["in_use"],
        place_is_taken=facts["taken"],
        place_mode=facts["place_mode"],
        has_link=facts["link"],
        is_away=facts["away"],
        published=block is not None,
        offers_type=block is not None and block["type"],
        offers_place=block is not None and block["place"],
    )
    return OfferedTime(about, block and datetime.fromisoformat(block["start"]))
