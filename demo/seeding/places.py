"""Locations, each with what the policy says about its confidentiality (APPT-1, APPT-2, APPT-3)."""

from __future__ import annotations

from random import Random

from demo.seeding.institution import Institution, public_id
from places.models import Confidentiality, Location, MeetingMode

PRIVATE = "Private room: what you say is confidential to careers staff."
POD = "Closed pod: what you say is confidential to careers staff."
OPEN = "Open, screened area: other people may overhear, so this is not confidential."
OUTREACH = "Desk in a shared space: it may not be confidential. Ask for a room in the Atrium if you need privacy."
GROUP = "Group session: the others taking part hear what you say, so it is not confidential."
ONLINE = "Online: confidential within the careers service, and not recorded without your permission."
TELEPHONE = "By telephone: confidential within the careers service. Calls are not recorded."

OUTREACH_BUILDINGS = ("Ashworth Building", "Library Commons", "Harbour Campus")


def seed_places(institution: Institution) -> None:
    random = institution.random("places")
    Location.objects.bulk_create([*_atrium(random), *_outreach(random), *_without_a_room(random)])


def _atrium(random: Random) -> list[Location]:
    room, pod, area = "Ground floor of the Atrium, past the help desk.", "First floor, by the stairs.", "Ground floor."
    rows = [(f"Atrium room {n}", Confidentiality.CONFIDENTIAL, PRIVATE, room) for n in range(1, 7)]
    rows += [(f"Atrium pod {letter}", Confidentiality.CONFIDENTIAL, POD, pod) for letter in "ABCD"]
    rows += [(f"Applications area, desk {n}", Confidentiality.NOT_CONFIDENTIAL, OPEN, area) for n in range(1, 5)]
    rows += [("Atrium help desk", Confidentiality.NOT_CONFIDENTIAL, OPEN, "Facing the main entrance.")]
    rows += [("Atrium workshop room", Confidentiality.NOT_CONFIDENTIAL, GROUP, "First floor, end of the corridor.")]
    return [
        Location(
            public_id=public_id(random),
            name=name,
            building="The Atrium",
            confidentiality=level,
            confidentiality_note=note,
            directions=way,
        )
        for name, level, note, way in rows
    ]


def _outreach(random: Random) -> list[Location]:
    return [
        Location(
            public_id=public_id(random),
            name=f"Careers desk, {building}",
            building=building,
            confidentiality=Confidentiality.MAY_NOT_BE,
            confidentiality_note=OUTREACH,
            directions="In the entrance hall.",
        )
        for building in OUTREACH_BUILDINGS
    ]


def _without_a_room(random: Random) -> list[Location]:
    rows = [
        ("Online", MeetingMode.ONLINE, ONLINE, ""),
        ("Telephone", MeetingMode.TELEPHONE, TELEPHONE, "Your adviser calls you."),
    ]
    return [
        Location(
            public_id=public_id(random),
            name=name,
            mode=mode,
            confidentiality=Confidentiality.CONFIDENTIAL,
            confidentiality_note=note,
            exclusive=False,
            directions=way,
            link="https://meet.example.ac.uk/careers" if mode == MeetingMode.ONLINE else "",
        )
        for name, mode, note, way in rows
    ]
