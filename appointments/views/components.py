"""Components that show appointments: times, diaries, types and bookings (see `foundation/web/components.py`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from django import template
from django.conf import settings

from appointments.rules.confidentiality import LocationPrivacy
from appointments.selectors.diary import DiaryDay, DiaryEntry, HourLabel
from appointments.selectors.student_bookings import ShownBooking
from appointments.selectors.student_types import TypeOffer
from eligibility.rules.allocation import AllocationBalance
from eligibility.rules.situations import Situation
from foundation.values.times import spoken_time, zone_name
from foundation.web.components import Arguments, IconSize

Mode = Literal["", "in_person", "online", "telephone"]
Privacy = Literal["", "confidential", "not_confidential", "may_not_be"]
PrivacyLook = Literal["", "badge", "panel"]

STATUS_ICONS = {"attended": ("check", "Attended"), "arrived": ("door-open", "Arrived"), "missed": ("user-x", "Missed")}
MODE_ICONS = {"online": "video", "telephone": "phone"}

register = template.Library()


@register.inclusion_tag("components/allocation_meter.html")
def allocation_meter(balance: AllocationBalance, sentence: str, renews: str = "", name: str = "") -> Arguments:
    """How many appointments of a kind are left, as filled pips. `renews` says when more become available.

    `name` replaces the name of the policy.
    """
    return locals()


@register.inclusion_tag("components/booking_card.html")
def booking_card(shown: ShownBooking, level: int = 3) -> Arguments:
    """A student's appointment in a list, with its actions. `level` is the level of its heading."""
    return locals()


@register.inclusion_tag("components/booking_row.html")
def booking_row(item: Mapping[str, Any], target: str) -> Arguments:
    """An appointment in the staff list of a day, inside `<ol class="rows">`.

    An item has row (`DayRow`), booking, url, status, status_label, adviser, access_needs, join (a link), actions, and
    focus (whether to move the focus here). htmx replaces `target` (`#day`) with the response to an action. An action
    has label, url, icon and tone, and either name and value, or get (a link instead of a form).
    """
    return locals()


@register.inclusion_tag("components/booking_status.html")
def booking_status(status: str, label: str) -> Arguments:
    """The state of an appointment, with its icon."""
    return locals()


@register.inclusion_tag("components/booking_summary.html")
def booking_summary(
    title: str,
    when: str,
    adviser: str,
    place: str,
    privacy: LocationPrivacy,
) -> Arguments:
    """When, with whom and where an appointment takes place."""
    return locals()


@register.inclusion_tag("components/confidentiality.html")
def confidentiality(level: Privacy, sentence: str = "", look: PrivacyLook = "") -> Arguments:
    """Whether others may overhear the conversation, as icon and words, never by colour alone.

    `sentence` replaces the default text.
    """
    return locals()


@register.inclusion_tag("components/day_strip.html")
def day_strip(
    days: Sequence[Any],
    heading: str = "",
    previous_url: str = "",
    previous_label: str = "",
    next_url: str = "",
    next_label: str = "",
    now_url: str = "",
) -> Arguments:
    """Days to choose from. A day has date and href, and optionally count, reason (Full, Closed …), selected and today.

    A day with a reason or without times is not a link. htmx replaces `#times` with the response.
    """
    return locals()


@register.inclusion_tag("components/diary_key.html")
def diary_key(kinds: Sequence[Any]) -> Arguments:
    """The legend for the colours of a diary. Kinds have name and colour, 0 to 7."""
    return locals()


@register.inclusion_tag("components/icon.html")
def mode_icon(mode: Mode, size: IconSize = "") -> Arguments:
    """An icon for how people meet, next to the name of the place."""
    return {"name": MODE_ICONS.get(mode, "map-pin"), "label": "", "size": size}


@register.inclusion_tag("components/meeting_mode.html")
def meeting_mode(
    mode: Mode,
) -> Arguments:
    """How people meet, with an icon."""
    return locals()


@register.inclusion_tag("components/situation.html")
def situation(situation: Situation) -> Arguments:
    """What is so for the student now, with its one button."""
    return locals()


@register.inclusion_tag("components/their_time.html")
def their_time(moment: datetime) -> Arguments:
    """Empty, for `static/src/their_time.js`: the same moment where the reader's device is set to another zone."""
    return {"moment": moment, "zone": settings.INSTITUTION_TIME_ZONE}


@register.inclusion_tag("components/zone_note.html")
def zone_note() -> Arguments:
    """Says once, above a list of times, in which zone they are."""
    return {"zone_name": zone_name()}


@register.inclusion_tag("components/time_grid.html")
def time_grid(
    groups: Sequence[Any],
    empty: str = "",
) -> Arguments:
    """Times to choose from. A group has label and times; `empty` is the text shown if there are none.

    A time has label and href, and optionally at (the moment), detail, aria, selected, disabled and yours.
    """
    return locals()


@register.inclusion_tag("components/type_card.html")
def type_card(offer: TypeOffer, show_why: bool = True) -> Arguments:
    """An appointment type with how to book it or, with `show_why`, why not now."""
    return locals()


@register.inclusion_tag("components/week_diary.html")
def week_diary(days: Sequence[DiaryDay], hours: Sequence[HourLabel], now_row: int, label: str) -> Arguments:
    """A week of a diary. A row is five minutes, counted from 1 at the first hour; 168 at most."""
    shown = [{"day": day, "entries": [_shown_entry(entry) for entry in day.entries]} for day in days]
    return {"days": shown, "hours": hours, "now_row": now_row, "label": label}


def _shown_entry(entry: DiaryEntry) -> Arguments:
    """Computes an entry's classes and text here: doing it in the template for forty entries took a third of the page's
    time."""
    is_booking = entry.kind == "booking"
    place = [f"row-start-{entry.row} row-span-{entry.span}"]
    place += [] if is_booking else ["is-back"]
    place += [f"lane-{entry.lane}"] if entry.lane else []
    look = [
        "entry",
        f"entry-{entry.kind}",
        *([f"entry-{entry.status}"] if entry.status else []),
        f"kind-{entry.colour}",
    ]
    times = spoken_time(entry.start) if is_booking else f"{spoken_time(entry.start)}–{spoken_time(entry.end)}"
    icon, label = STATUS_ICONS.get(entry.status, ("", entry.status_label))
    said = {"title": entry.title, "detail": entry.detail, "url": entry.url, "aria": entry.aria}
    return {**said, "place": " ".join(place), "look": " ".join(look), "times": times, "icon": icon, "status": label}
