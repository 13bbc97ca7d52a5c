"""Factories for tests: rows as small as possible, but realistic."""

from datetime import date, datetime, time, timedelta
from typing import Any

import factory
from psycopg2.extras import DateRange, DateTimeTZRange

from accounts.models import Enrolment, FeeStatus, Level, Programme, Role, School, Status, User
from appointments.models import AppointmentType, Booking, BookingStatus, DiaryBlock, DiaryTemplate
from appointments.models.booking import OCCUPYING
from eligibility.models import (
    AcademicPeriod,
    Activity,
    ActivityKind,
    AllocationPolicy,
    Audience,
    MissPolicy,
    Period,
    PeriodKind,
)
from foundation.values.times import at, local_day
from places.models import Confidentiality, Location, MeetingMode

PASSWORD = "correct horse battery"


class SchoolFactory(factory.django.DjangoModelFactory[School]):
    name = factory.Sequence(lambda n: f"School of Subject {n}")
    faculty = "Faculty of Arts"

    class Meta:
        model = School
        skip_postgeneration_save = True


class ProgrammeFactory(factory.django.DjangoModelFactory[Programme]):
    code = factory.Sequence(lambda n: f"prog-{n}")
    name = factory.Sequence(lambda n: f"BA Subject {n}")
    school = factory.SubFactory(SchoolFactory)

    class Meta:
        model = Programme
        skip_postgeneration_save = True


class UserFactory(factory.django.DjangoModelFactory[User]):
    given_name = "Robin"
    family_name = factory.Sequence(lambda n: f"Person{n}")
    email = factory.Sequence(lambda n: f"person{n}@example.ac.uk")
    roles = factory.LazyFunction(list)

    class Meta:
        model = User
        skip_postgeneration_save = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> User:
        return User.objects.create_user(password=kwargs.pop("password", PASSWORD), **kwargs)


class StudentFactory(UserFactory):
    """A home undergraduate in the second year, unless a course is given."""

    given_name = "Amara"
    phone = "+447700900123"
    university_id = factory.Sequence(lambda n: f"S{n:07d}")
    roles = factory.LazyFunction(lambda: [Role.STUDENT])

    class Meta:
        model = User
        skip_postgeneration_save = True

    @factory.post_generation
    def course(self, create: bool, extracted: dict[str, Any] | None, **kwargs: Any) -> None:
        if create and extracted is not False:
            EnrolmentFactory(student=self, **(extracted or {}))


class EnrolmentFactory(factory.django.DjangoModelFactory[Enrolment]):
    student = factory.SubFactory(StudentFactory, course=False)
    programme = factory.SubFactory(ProgrammeFactory)
    level = Level.UNDERGRADUATE
    status = Status.CURRENT
    fee_status = FeeStatus.HOME
    year_of_study = 2
    started_on = date(2025, 9, 15)

    class Meta:
        model = Enrolment
        skip_postgeneration_save = True


class AudienceFactory(factory.django.DjangoModelFactory[Audience]):
    slug = factory.Sequence(lambda n: f"audience-{n}")
    name = "everybody"
    rule = factory.LazyFunction(lambda: {"everybody": True})

    class Meta:
        model = Audience
        skip_postgeneration_save = True


class AllocationPolicyFactory(factory.django.DjangoModelFactory[AllocationPolicy]):
    slug = factory.Sequence(lambda n: f"policy-{n}")
    name = "Careers guidance"
    limit = 1
    period = Period.SEMESTER

    class Meta:
        model = AllocationPolicy
        skip_postgeneration_save = True


class LocationFactory(factory.django.DjangoModelFactory[Location]):
    name = factory.Sequence(lambda n: f"Atrium room {n}")
    building = "The Atrium"
    mode = MeetingMode.IN_PERSON
    confidentiality = Confidentiality.CONFIDENTIAL
    confidentiality_note = "Private room: what you say is confidential to careers staff."

    class Meta:
        model = Location
        skip_postgeneration_save = True


class OnlineFactory(LocationFactory):
    name = factory.Sequence(lambda n: f"Online {n}")
    building = ""
    mode = MeetingMode.ONLINE
    exclusive = False
    link = "https://meet.example.ac.uk/careers"


class TelephoneFactory(LocationFactory):
    name = factory.Sequence(lambda n: f"Telephone {n}")
    building = ""
    mode = MeetingMode.TELEPHONE
    exclusive = False


class AppointmentTypeFactory(factory.django.DjangoModelFactory[AppointmentType]):
    slug = factory.Sequence(lambda n: f"type-{n}")
    name = "Careers guidance"
    summary = "Talk through where you are going."
    minutes = 30
    turnaround_minutes = 10
    audience = factory.SubFactory(AudienceFactory)
    modes = factory.LazyFunction(lambda: [MeetingMode.IN_PERSON, MeetingMode.ONLINE, MeetingMode.TELEPHONE])
    horizon_days = 60

    class Meta:
        model = AppointmentType
        skip_postgeneration_save = True

    @factory.post_generation
    def policies(self, create: bool, extracted: list[AllocationPolicy] | None, **kwargs: Any) -> None:
        if create and extracted:
            self.policies.set(extracted)


class DiaryTemplateFactory(factory.django.DjangoModelFactory[DiaryTemplate]):
    weekday = 0
    starts = time(9)
    ends = time(12)

    class Meta:
        model = DiaryTemplate
        skip_postgeneration_save = True


def publish(
    adviser: User,
    type: AppointmentType,
    *locations: Location,
    day: date,
    starts: time = time(9),
    ends: time = time(17),
) -> DiaryBlock:
    """A block of published time."""
    during = DateTimeTZRange(at(day, starts), at(day, ends))
    block = DiaryBlock.objects.create(adviser=adviser, during=during, local_date=day)
    block.types.add(type)
    block.locations.add(*locations)
    return block


def period(kind: PeriodKind, first: date, after: date, name: str = "") -> AcademicPeriod:
    return AcademicPeriod.objects.create(kind=kind, name=name or kind.label, during=DateRange(first, after))


def miss_rules(*rules: dict[str, Any], since: date = date(2020, 1, 1), **changes: Any) -> MissPolicy:
    """These rules in force from `since`, each with `changes`."""
    value = [{**rule, **changes} for rule in rules]
    return MissPolicy.objects.update_or_create(effective_from=since, defaults={"value": value})[0]


def activity(slug: str = "cv-essentials", kind: ActivityKind = ActivityKind.COMPLETION) -> Activity:
    return Activity.objects.create(slug=slug, name="CV Essentials", kind=kind)


def stored_booking(
    student: User, adviser: User, type: AppointmentType, location: Location, starts_at: datetime, **fields: Any
) -> Booking:
    """A booking as if made earlier. It may be in the past, where no operation could create it.

    Unless `fields` say otherwise, a finished booking was marked at its start, and a student who has arrived came at its
    start.
    """
    status = fields.get("status", BookingStatus.BOOKED)
    if status not in OCCUPYING:
        fields.setdefault("ended_at", starts_at)
    if status == BookingStatus.ARRIVED:
        fields.setdefault("arrived_at", starts_at)
    booking = Booking(
        student=student,
        adviser=adviser,
        type=type,
        location=location,
        room=location if location.exclusive else None,
        mode=location.mode,
        during=DateTimeTZRange(starts_at, starts_at + timedelta(minutes=type.minutes)),
        occupies=DateTimeTZRange(starts_at, starts_at + timedelta(minutes=type.minutes + type.turnaround_minutes)),
        local_date=local_day(starts_at),
        booked_by=student,
        booked_at=starts_at - timedelta(days=3),
        **fields,
    )
    booking.session = booking.public_id
    booking.save()
    return booking
