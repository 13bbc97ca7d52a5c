"""The benchmark's institution: few rows, made through the models. The many are poured in by `bench.fill`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from psycopg2.extras import DateRange

from accounts.models import Programme, School
from appointments.models import AppointmentType
from bench.keys import TOPIC
from eligibility.models import AcademicPeriod, Activity, ActivityKind, AllocationPolicy, Audience, Period, PeriodKind
from places.models import Confidentiality, Location, MeetingMode

GUIDANCE, BY_TEN, BY_ONE = "guidance", "guidance-by-ten", "guidance-by-one"
"""The same type, offered by all advisers, by ten of them, by one."""

LASTS, TAKES = timedelta(minutes=30), timedelta(minutes=40)


STUDENTS: dict[str, Any] = {
    "course": {"level": ["undergraduate", "postgraduate_taught", "postgraduate_research"], "status": ["current"]}
}
RECENT: dict[str, Any] = {"course": {"status": ["completed"], "completed_within_years": 2}}
CLIENTS: dict[str, Any] = {"any": [STUDENTS, RECENT]}
DID: dict[str, Any] = {"activity": "cv-essentials", "name": "CV Essentials", "completed": True}
MET: dict[str, Any] = {"activity": "employers", "name": "the employer sessions", "attended_at_least": 1}

AUDIENCES: dict[str, dict[str, Any]] = {
    "clients": CLIENTS,
    "cv-ready": {"all": [CLIENTS, DID]},
    "research": {"course": {"level": ["postgraduate_research"], "status": ["current"]}},
    "overseas": {"course": {"fee_status": ["overseas"], "status": ["current"]}},
    "graduates": RECENT,
    "met-employers": {"all": [CLIENTS, MET]},
}
OTHER_TYPES = {
    "Applications advice": "cv-ready",
    "Practice interview": "clients",
    "Research consultation": "research",
    "Working in the UK": "overseas",
    "Graduate guidance": "graduates",
    "Mock assessment centre": "met-employers",
}


def seed_institution(advisers: int, today: date) -> None:
    audiences = {slug: Audience.objects.create(slug=slug, name=slug, rule=rule) for slug, rule in AUDIENCES.items()}
    _lay_types(audiences)
    _lay_calendar(today)
    for slug, kind in (("cv-essentials", ActivityKind.COMPLETION), ("employers", ActivityKind.ATTENDANCE)):
        Activity.objects.create(slug=slug, name=slug, kind=kind)
    schools = [School.objects.create(name=f"School {n}", faculty=f"Faculty {n % 3}") for n in range(8)]
    for n in range(40):
        Programme.objects.create(code=f"p{n}", name=f"Programme {n}", school=schools[n % 8])
    _lay_places(advisers)


def _lay_types(audiences: dict[str, Audience]) -> None:
    """The limits are generous, so that whoever has a long history may still book."""
    semester = AllocationPolicy.objects.create(slug="semester", name="Guidance", limit=30, period=Period.SEMESTER)
    fortnight = AllocationPolicy.objects.create(
        slug="fortnight", name="Guidance", limit=20, period=Period.ROLLING_DAYS, rolling_days=14
    )
    month = AllocationPolicy.objects.create(slug="month", name="Other appointments", limit=10, period=Period.MONTH)
    minutes = {"minutes": int(LASTS.total_seconds() // 60), "turnaround_minutes": 10, "horizon_days": 40}
    modes = {"modes": list(MeetingMode.values), "topics": ["Choosing a career", "Further study", TOPIC]}
    for slug in (GUIDANCE, BY_TEN, BY_ONE):
        type = AppointmentType.objects.create(
            slug=slug, name="Careers guidance", summary="Talk.", audience=audiences["clients"], **minutes, **modes
        )
        type.policies.set([semester, fortnight])
    for name, audience in OTHER_TYPES.items():
        slug = name.lower().replace(" ", "-")
        type = AppointmentType.objects.create(
            slug=slug, name=name, summary="Talk.", audience=audiences[audience], **minutes, **modes
        )
        type.policies.set([month])


def _lay_calendar(today: date) -> None:
    """In the middle of a semester and a term, whatever day it is, with a closure that touches nothing."""
    span = DateRange(today - timedelta(days=50), today + timedelta(days=60))
    for kind in (PeriodKind.SEMESTER, PeriodKind.TERM):
        AcademicPeriod.objects.create(kind=kind, name="This one", during=span)
    closed = DateRange(today + timedelta(days=100), today + timedelta(days=103))
    AcademicPeriod.objects.create(kind=PeriodKind.CLOSURE, name="Closed", during=closed)


def _lay_places(advisers: int) -> None:
    """A room for each adviser, and two ways to meet without one."""
    note = "Private room: what you say is confidential to careers staff."
    private = {"confidentiality": Confidentiality.CONFIDENTIAL, "confidentiality_note": note}
    rooms = [Location(name=f"Room {n}", building="The Atrium", **private) for n in range(1, advisers + 1)]
    Location.objects.bulk_create(rooms)
    for mode in (MeetingMode.ONLINE, MeetingMode.TELEPHONE):
        link = "https://meet.example.ac.uk/careers" if mode == MeetingMode.ONLINE else ""
        Location.objects.create(name=mode.label, mode=mode, exclusive=False, link=link, **private)
