"""schema.org Event as JSON for search engines. No link to join: it is only for people who registered."""

import json
from typing import Any

from django.conf import settings
from django.urls import reverse

from events.models import EventState
from events.selectors.student_events import ShownEvent
from foundation.web.markdown import markdown_text

SCHEMA = "https://schema.org"


def structured_data(shown: ShownEvent) -> str:
    """For a script element of type application/ld+json."""
    event = shown.event
    status = "EventCancelled" if event.state == EventState.CANCELLED else "EventScheduled"
    here = settings.SITE_URL + reverse("event_detail", args=[event.public_id])
    said = {
        "@context": SCHEMA,
        "@type": "Event",
        "name": event.title,
        "description": markdown_text(event.description) or event.summary,
        "startDate": event.starts_at.isoformat(),
        "endDate": event.ends_at.isoformat(),
        "eventStatus": f"{SCHEMA}/{status}",
        "eventAttendanceMode": f"{SCHEMA}/{_mode(shown)}EventAttendanceMode",
        "url": here,
        "organizer": {"@type": "Organization", "name": settings.BRAND["institution"], "url": settings.SITE_URL},
        "location": _place(shown, here),
    }
    return json.dumps(said).replace("<", "\\u003c")


def _mode(shown: ShownEvent) -> str:
    event = shown.event
    if event.places_online and event.places_in_person:
        return "Mixed"
    return "Online" if event.places_online else "Offline"


def _place(shown: ShownEvent, here: str) -> dict[str, Any]:
    if not shown.event.places_in_person:
        return {"@type": "VirtualLocation", "url": here}
    return {"@type": "Place", "name": shown.place_words, "address": settings.BRAND["institution"]}
