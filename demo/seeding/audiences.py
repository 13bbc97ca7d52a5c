"""Northbridge's rules on who can use what and how often, as configuration (ELIG-1)."""

from __future__ import annotations

from typing import Any

from eligibility.models import Activity, ActivityKind, AllocationPolicy, Audience, Period

LEVELS = ["undergraduate", "postgraduate_taught", "postgraduate_research"]

STUDENTS: dict[str, Any] = {"course": {"level": LEVELS, "status": ["current"]}}
TAUGHT: dict[str, Any] = {"course": {"level": LEVELS[:2], "status": ["current"]}}
RESEARCH: dict[str, Any] = {"course": {"level": LEVELS[2:], "status": ["current"]}}
RECENT: dict[str, Any] = {"course": {"status": ["completed"], "completed_within_years": 2}}
CLIENTS: dict[str, Any] = {"any": [STUDENTS, RECENT]}
CV_READY: dict[str, Any] = {
    "any": [
        {"activity": "cv-essentials", "name": "CV Essentials", "completed": True},
        {"activity": "cv-score", "name": "the CV score", "score_at_least": 70},
    ]
}
MET_EMPLOYERS: dict[str, Any] = {
    "activity": "employer-sessions",
    "name": "the employer sessions",
    "attended_at_least": 1,
}

AUDIENCES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("clients", "students at every level and graduates within two years of course end", CLIENTS),
    ("cv-ready", "students and recent graduates whose CV is ready", {"all": [CLIENTS, CV_READY]}),
    ("research", "research postgraduates", RESEARCH),
    ("overseas", "overseas students", {"course": {"fee_status": ["overseas"], "status": ["current"]}}),
    (
        "placement-year",
        "students whose programme has a placement year",
        {"course": {"placement_year": True, "status": ["current"]}},
    ),
    ("graduates", "graduates within two years of course end", RECENT),
    (
        "disability",
        "students and recent graduates who have told us that they are disabled or neurodivergent",
        {"all": [CLIENTS, {"declares_disability": True}]},
    ),
    ("everybody", "everybody", {"everybody": True}),
    (
        "met-employers",
        "undergraduates, taught postgraduates and recent graduates who have been to an employer session",
        {"all": [{"any": [TAUGHT, RECENT]}, MET_EMPLOYERS]},
    ),
)

ACTIVITIES = (
    ("cv-essentials", "CV Essentials", ActivityKind.COMPLETION),
    ("cv-score", "CV score", ActivityKind.SCORE),
    ("interview-essentials", "Interview Essentials", ActivityKind.COMPLETION),
    ("practice-interview-tool", "Practice-interview tool", ActivityKind.ATTENDANCE),
    ("employer-sessions", "Employer sessions", ActivityKind.ATTENDANCE),
)

POLICIES: tuple[tuple[str, str, int, Period, int | None], ...] = (
    ("guidance-fortnight", "Careers guidance", 1, Period.ROLLING_DAYS, 14),
    ("guidance-semester", "Careers guidance", 3, Period.SEMESTER, None),
    ("applications-week", "Applications advice", 1, Period.WEEK, None),
    ("interviews-semester", "Practice interviews", 2, Period.SEMESTER, None),
    ("research-semester", "Research postgraduates' consultations", 2, Period.SEMESTER, None),
    ("international-semester", "Working in the UK", 1, Period.SEMESTER, None),
    ("placement-month", "Placement-year check-ins", 1, Period.MONTH, None),
    ("graduate-month", "Graduate guidance", 1, Period.MONTH, None),
    ("disability-semester", "Disability and neurodiversity", 2, Period.SEMESTER, None),
    ("assessment-semester", "Mock assessment centre", 1, Period.SEMESTER, None),
)


def seed_audiences() -> None:
    Audience.objects.bulk_create([Audience(slug=slug, name=name, rule=rule) for slug, name, rule in AUDIENCES])
    Activity.objects.bulk_create([Activity(slug=slug, name=name, kind=kind) for slug, name, kind in ACTIVITIES])
    AllocationPolicy.objects.bulk_create(
        [
            AllocationPolicy(slug=slug, name=name, limit=limit, period=period, rolling_days=days)
            for slug, name, limit, period, days in POLICIES
        ]
    )
