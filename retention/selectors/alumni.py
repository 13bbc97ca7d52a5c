"""Contact details for the alumni office (DATA-5): leavers who agreed, and those it must no longer contact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Enrolment, Role, Status, User
from messaging.models import ContactChannel, ContactPermission, Purpose
from retention.models import RightsRequest

AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Said:
    channel: str
    given: bool
    said_at: datetime
    how: str
    where: str


@dataclass(frozen=True, slots=True)
class AlumniContact:
    """`is_withdrawn`: the person agrees to nothing any more, or has restricted the use of their data.

    The office must stop and gets no contact details or course.
    """

    person: User
    course: Enrolment | None
    said: tuple[Said, ...]
    is_withdrawn: bool

    @property
    def agreed(self) -> tuple[str, ...]:
        return () if self.is_withdrawn else tuple(each.channel for each in self.said if each.given)

    @property
    def agreed_words(self) -> str:
        return ", ".join(str(ContactChannel(each).label) for each in self.agreed)

    @property
    def email(self) -> str:
        return self.person.contact_email if "email" in self.agreed else ""

    @property
    def phone(self) -> str:
        return self.person.phone if {"sms", "telephone"} & set(self.agreed) else ""

    @property
    def said_at(self) -> datetime:
        return max(each.said_at for each in self.said)

    @property
    def status(self) -> str:
        return "withdrawn" if self.is_withdrawn else "agreed"

    @property
    def programme(self) -> str:
        return self.course.programme.name if self.course else ""

    @property
    def school(self) -> str:
        return self.course.programme.school.name if self.course else ""

    @property
    def completed_on(self) -> date | None:
        return self.course.completed_on if self.course else None


def leavers_who_said() -> QuerySet[User]:
    """Graduates who have ever answered yes or no about the alumni office; not current students or people who never
    answered.
    """
    said = ContactPermission.objects.filter(person=OuterRef("pk"), purpose=Purpose.ALUMNI)
    graduates = User.objects.filter(Exists(said), roles__contains=[Role.GRADUATE])
    leavers: QuerySet[User] = graduates.exclude(roles__contains=[Role.STUDENT]).order_by("pk")
    return leavers


def alumni_contacts(people: list[User]) -> list[AlumniContact]:
    """Three queries for any number of people."""
    latest = ContactPermission.objects.filter(person__in=people, purpose=Purpose.ALUMNI).in_force()
    said: dict[int, list[Said]] = {}
    for each in latest:
        said.setdefault(each.person_id, []).append(
            Said(each.channel, each.given, each.said_at, each.get_how_display(), each.where)
        )
    courses: dict[int, Enrolment] = {}
    completed = Enrolment.objects.filter(student__in=people, status=Status.COMPLETED).select_related(
        "programme__school"
    )
    for course in completed.order_by("completed_on"):
        courses[course.student_id] = course
    restricted = set(
        RightsRequest.objects.restricting().filter(person__in=people).values_list("person_id", flat=True)
    )  # fmt: skip
    found = []
    for person in people:
        if words := tuple(said.get(person.pk, ())):
            is_withdrawn = person.pk in restricted or not any(each.given for each in words)
            latest_course = None if is_withdrawn else courses.get(person.pk)
            found.append(AlumniContact(person, latest_course, words, is_withdrawn))
    return found


def all_alumni_contacts() -> Iterator[AlumniContact]:
    """Reads in batches."""
    position = 0
    while people := list(leavers_who_said().filter(pk__gt=position)[:AT_A_TIME]):
        yield from alumni_contacts(people)
        position = people[-1].pk
