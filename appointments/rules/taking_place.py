"""Can an appointment be offered, and can it still take place? One answer for free times, booking, moving, Today, the
list to rearrange and messages.

The same rule is written as SQL in `appointments.selectors.taking_place`: for lists (HINDRANCE) and for free times
(ADVISING, PLACE_IN_USE, PLACE_TAKEN, JOINABLE, AWAY). A new condition is one more `Hindrance` here and there;
`tests/appointments/test_taking_place.py` compares all three.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from accounts.models import GIVE_APPOINTMENTS
from eligibility.rules.calendar import AcademicCalendar
from places.models import MeetingMode


class Hindrance(StrEnum):
    """Why an appointment cannot take place. If there are several reasons, the first in this order is given."""

    ADVISER_OFF = "adviser_off"
    ADVISER_ROLE = "adviser_role"
    CLOSED = "closed"
    PLACE_CLOSED = "place_closed"
    PLACE_TAKEN = "place_taken"
    WAY_TO_MEET = "way_to_meet"
    NO_LINK = "no_link"
    AWAY = "away"
    WITHDRAWN = "withdrawn"
    TYPE_WITHDRAWN = "type_withdrawn"
    PLACE_WITHDRAWN = "place_withdrawn"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The facts about one appointment, or one time that could be booked.

    `published`: one published block of the adviser contains the whole appointment. `offers_type` and `offers_place`:
    that block also offers its type and its place.
    """

    day: date
    mode: str
    type_modes: Collection[str]
    adviser_is_active: bool
    adviser_roles: Collection[str]
    place_in_use: bool
    place_is_taken: bool
    place_mode: str
    has_link: bool
    is_away: bool
    published: bool
    offers_type: bool
    offers_place: bool


def hindrance_of(about: Circumstances, calendar: AcademicCalendar) -> Hindrance | None:
    """The first reason why it cannot take place; None if it can."""
    hinders = {
        Hindrance.ADVISER_OFF: not about.adviser_is_active,
        Hindrance.ADVISER_ROLE: not set(GIVE_APPOINTMENTS) & set(about.adviser_roles),
        Hindrance.CLOSED: calendar.closed_on(about.day),
        Hindrance.PLACE_CLOSED: not about.place_in_use,
        Hindrance.PLACE_TAKEN: about.place_is_taken,
        Hindrance.WAY_TO_MEET: about.place_mode != about.mode or about.mode not in about.type_modes,
        Hindrance.NO_LINK: about.place_mode == MeetingMode.ONLINE and not about.has_link,
        Hindrance.AWAY: about.is_away,
        Hindrance.WITHDRAWN: not about.published,
        Hindrance.TYPE_WITHDRAWN: not about.offers_type,
        Hindrance.PLACE_WITHDRAWN: not about.offers_place,
    }
    return next((hindrance for hindrance in Hindrance if hinders[hindrance]), None)


def hindrance_words(hindrance: str, adviser: str, place: str) -> str:
    """What staff read in the list to rearrange, for example `Helen Marsh is away.`"""
    return {
        Hindrance.ADVISER_OFF: f"{adviser}’s account is switched off.",
        Hindrance.ADVISER_ROLE: f"{adviser} is no longer an adviser.",
        Hindrance.CLOSED: "The service is closed on that day.",
        Hindrance.PLACE_CLOSED: f"{place} is not in use.",
        Hindrance.PLACE_TAKEN: f"An event is in {place} at that time.",
        Hindrance.WAY_TO_MEET: "This type no longer meets in that way.",
        Hindrance.NO_LINK: "There is no link to join it.",
        Hindrance.AWAY: f"{adviser} is away.",
        Hindrance.WITHDRAWN: f"{adviser}’s time was withdrawn.",
        Hindrance.TYPE_WITHDRAWN: f"{adviser} no longer offers this type at that time.",
        Hindrance.PLACE_WITHDRAWN: f"{adviser} is no longer in {place} at that time.",
    }[Hindrance(hindrance)]
