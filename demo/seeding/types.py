"""The ten appointment types."""

from __future__ import annotations

from datetime import time
from typing import Any

from appointments.models import AppointmentType
from demo.seeding.institution import Institution, public_id
from eligibility.models import AllocationPolicy, Audience
from places.models import MeetingMode

ROOM, ONLINE, TELEPHONE = MeetingMode.IN_PERSON, MeetingMode.ONLINE, MeetingMode.TELEPHONE
HOUR = 60

TYPES: tuple[dict[str, Any], ...] = (
    {
        "slug": "careers-guidance",
        "name": "Careers guidance",
        "summary": "Talk through where you are, where you would like to be, and what to do next.",
        "description": "No idea yet, too many ideas, or a plan to test: bring whatever you have. You will leave with "
        "one or two next steps that you chose yourself.",
        "minutes": 30,
        "turnaround_minutes": 10,
        "audience": "clients",
        "policies": ["guidance-fortnight", "guidance-semester"],
        "horizon_days": 14,
        "notice_minutes": 2 * HOUR,
        "modes": [ROOM, ONLINE],
        "topics": [
            "Choosing a career",
            "Further study",
            "Changing course",
            "Finding work experience",
            "Something else",
        ],
    },
    {
        "slug": "applications-advice",
        "name": "Applications advice",
        "summary": "Feedback on a CV, a covering letter or an application form.",
        "description": "Bring the document and the advert it answers. Held in an open area.",
        "minutes": 20,
        "turnaround_minutes": 5,
        "audience": "cv-ready",
        "policies": ["applications-week"],
        "release_time": time(17, 30),
        "release_working_days": 3,
        "term_only": True,
        "confidential_by_nature": False,
        "modes": [ROOM, ONLINE],
        "topics": ["CV", "Covering letter", "Application form", "Personal statement", "LinkedIn profile"],
    },
    {
        "slug": "practice-interview",
        "name": "Practice interview",
        "summary": "A realistic interview for the job you have applied for, with feedback.",
        "description": "We read the advert beforehand and ask what that employer would ask.",
        "minutes": 45,
        "turnaround_minutes": 15,
        "audience": "clients",
        "policies": ["interviews-semester"],
        "horizon_days": 10,
        "notice_minutes": 24 * HOUR,
        "modes": [ROOM, ONLINE],
        "topics": ["Job interview", "Placement interview", "Course interview", "Recorded video interview"],
        "questions": [
            {"key": "employer", "label": "Which employer is it with?", "required": True},
            {"key": "interview_date", "label": "When is the interview?", "required": True},
        ],
        "document_wanted": "the job advert",
    },
    {
        "slug": "research-consultation",
        "name": "Research postgraduates' consultation",
        "summary": "Academic and other careers, for people doing a research degree.",
        "minutes": 45,
        "turnaround_minutes": 15,
        "audience": "research",
        "policies": ["research-semester"],
        "horizon_days": 21,
        "modes": [ROOM, ONLINE],
        "topics": ["Academic careers", "Leaving academia", "Fellowships", "CV and applications"],
    },
    {
        "slug": "working-in-the-uk",
        "name": "International students: working in the UK",
        "summary": "Finding work in the UK as an overseas student, and what employers need to know.",
        "description": "We explain how recruitment works here. We cannot give advice about immigration law.",
        "minutes": 30,
        "audience": "overseas",
        "policies": ["international-semester"],
        "horizon_days": 14,
        "modes": [ROOM, ONLINE],
        "topics": ["Part-time work", "Graduate jobs", "Talking to employers about visas"],
    },
    {
        "slug": "placement-check-in",
        "name": "Placement-year check-in",
        "summary": "How the search for your placement year, or the year itself, is going.",
        "minutes": 30,
        "audience": "placement-year",
        "policies": ["placement-month"],
        "horizon_days": 14,
        "modes": [ROOM, ONLINE, TELEPHONE],
        "topics": ["Finding a placement", "Offers and paperwork", "On placement now"],
    },
    {
        "slug": "graduate-guidance",
        "name": "Graduate guidance",
        "summary": "Careers guidance for graduates, by video or telephone.",
        "minutes": 30,
        "audience": "graduates",
        "policies": ["graduate-month"],
        "horizon_days": 14,
        "modes": [ONLINE, TELEPHONE],
        "topics": ["First graduate job", "Changing direction", "Further study"],
    },
    {
        "slug": "disability-and-neurodiversity",
        "name": "Disability and neurodiversity",
        "summary": "What to say to employers and when, adjustments, and employers who mean it.",
        "minutes": 30,
        "audience": "disability",
        "policies": ["disability-semester"],
        "horizon_days": 14,
        "modes": [ROOM, ONLINE],
        "topics": ["Telling an employer", "Adjustments in recruitment", "Adjustments at work"],
    },
    {
        "slug": "quick-query",
        "name": "Quick query (drop-in)",
        "summary": "Ten minutes at the help desk today, for one question.",
        "minutes": 10,
        "audience": "everybody",
        "policies": [],
        "open_on_hold": True,
        "horizon_days": 0,
        "confidential_by_nature": False,
        "modes": [ROOM],
    },
    {
        "slug": "mock-assessment-centre",
        "name": "Mock assessment centre",
        "summary": "A group of up to twelve: a group exercise, a case and feedback from recruiters.",
        "minutes": 90,
        "capacity": 12,
        "audience": "met-employers",
        "policies": ["assessment-semester"],
        "horizon_days": 28,
        "confidential_by_nature": False,
        "modes": [ROOM],
    },
)


def seed_types(institution: Institution) -> None:
    random = institution.random("types")
    audiences = {audience.slug: audience for audience in Audience.objects.all()}
    policies = {policy.slug: policy for policy in AllocationPolicy.objects.all()}
    for number, definition in enumerate(TYPES):
        fields = {**definition, "audience": audiences[definition["audience"]]}
        counted = fields.pop("policies")
        type = AppointmentType(public_id=public_id(random), order=number * 10, colour=number % 8, **fields)
        type.full_clean()
        type.save()
        type.policies.set([policies[slug] for slug in counted])
