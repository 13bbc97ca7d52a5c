"""What students had to do with events: its period starts with the end of their last course (DATA-4)."""

from __future__ import annotations

from retention.schedule import forgetting
from retention.schedule.data_class import Clock, DataClass, Shown, Table
from retention.schedule.reasons import SERVICE

REGISTRATION_PARTS = ("RegistrationAnswer", "RegistrationNeeds", "CheckIn", "EventFeedback")

EVENTS = DataClass(
    "events",
    "Events",
    "The events you registered or waited for, your answers, whether you came, and what you thought of them.",
    SERVICE,
    Clock.COURSE,
    "retention_years",
    (
        Table("events.Registration", "student"),
        *(Table(f"events.{name}", "registration__student") for name in REGISTRATION_PARTS),
        Table("eligibility.WaitingEntry", "student"),
    ),
    forget=forgetting.forget_events,
    shown=(
        Shown(
            place=5,
            who="Careers staff; access needs: organisers and front desk; employers: only what you agreed to",
            correct="Cancel until the event starts. If your attendance is wrong, write to {service_email}",
            noun="registration",
            counts=("events.Registration", "eligibility.WaitingEntry"),
            seen_at="registration_list",
            seen_words="My events",
        ),
    ),
)
