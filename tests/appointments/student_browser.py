"""URLs of a student's pages, and how to send each step of booking, for tests without a browser."""

from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from accounts.models import User
from appointments.models import Booking
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from appointments.selectors.student_times import moment_text
from tests.cast import Cast


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def time_of(cast: Cast, hour: int = 9, minute: int = 0, **other: str) -> str:
    asked = {
        "start": moment_text(cast.starts(hour, minute)),
        "adviser": cast.adviser.public_id,
        "mode": "in_person",
        "location": cast.room.public_id,
    }
    return urlencode({key: value for key, value in {**asked, **other}.items() if value})


def step(name: str, cast: Cast, *time: int, **other: str) -> str:
    return f"{reverse(name, args=[cast.type.slug])}?{time_of(cast, *time, **other)}"


def booked(cast: Cast, hour: int = 9, minute: int = 0, student: User | None = None) -> Booking:
    student = student or cast.student
    return book_appointment(student=student, choice=cast.choice(hour, minute), details=Details(), by=student)


def page_of(name: str, booking: Booking) -> str:
    return reverse(name, args=[booking.public_id])


BOOKING_PAGES = [
    "booking_detail",
    "booking_booked",
    "booking_move",
    "booking_cancel",
    "booking_prepare",
    "booking_calendar",
]
