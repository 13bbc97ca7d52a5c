"""Uploads CVs for some students; a few are attached to upcoming appointments, one is shared with an adviser."""

from random import Random

from accounts.models import User
from appointments.models import Booking, BookingStatus
from demo.seeding import named_people as named
from demo.seeding.institution import Institution
from demo.seeding.papers import paper_docx, paper_pdf
from demo.seeding.tables import table
from documents.models import Document, DocumentKind
from documents.operations.check import check_due
from documents.operations.share import share_for_source, share_with_adviser
from documents.operations.upload import upload_document

PHRASES = table("phrases")
ADVERT, WORK = PHRASES["advert"], PHRASES["cv_lines"]


def seed_documents(institution: Institution) -> None:
    """Runs outside a transaction, as uploads do. Does not change existing documents."""
    random = institution.random(f"documents:{institution.today}")
    people = {person.email: person for person in User.objects.filter(email__in=EMAILS)}
    fresh = people[named.FRESH.email]
    if not fresh.documents.exists():
        cv = _cv(random, fresh)
        _hand_in(
            fresh,
            paper_docx("Application form", ADVERT[:2]),
            "Application form.docx",
            DocumentKind.APPLICATION,
        )
        share_with_adviser(document=cv, adviser=people[named.ADVISER.email], by=fresh)
    for booking in _coming(institution, people):
        _attach(random, booking)
    check_due(seconds=60)


def _coming(institution: Institution, people: dict[str, User]) -> list[Booking]:
    """Upcoming appointments of the named people, and some of the named adviser's."""
    ahead = Booking.objects.filter(status=BookingStatus.BOOKED, local_date__gte=institution.today).with_people()
    own = list(ahead.filter(student__in=people.values()))
    adviser = ahead.filter(adviser=people[named.ADVISER.email]).order_by("during")
    return own + list(adviser[: institution.some(24)])[::2]


def _attach(random: Random, booking: Booking) -> None:
    student = booking.student
    if student.documents.exists():
        return
    documents = [_cv(random, student)]
    if booking.type.document_wanted:
        documents.append(
            _hand_in(student, paper_pdf("Job advert", ADVERT), "Pelham Software advert.pdf", DocumentKind.ADVERT)
        )
    share_for_source(documents=documents, source=booking.source, by=student)


def _cv(random: Random, student: User) -> Document:
    lines = [
        student.email,
        "",
        "Experience",
        *random.sample(WORK, 3),
        "",
        "Interests",
        "Running, baking, choir",
    ]
    as_pdf = random.random() < 0.6
    content = paper_pdf(student.name, lines) if as_pdf else paper_docx(student.name, lines)
    return _hand_in(student, content, f"{student.family_name} CV.{'pdf' if as_pdf else 'docx'}", DocumentKind.CV)


def _hand_in(student: User, content: bytes, filename: str, kind: str) -> Document:
    return upload_document(owner=student, content=content, filename=filename, kind=kind, by=student)


EMAILS = [person.email for person in named.NAMED_PEOPLE]
