"""People in a security case: two officers, a graduate, and a student of a School that has an address."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from accounts.models import Enrolment, Role, School, User
from security.models import SecurityCase
from security.operations.open_case import open_case
from tests.cast import Cast
from tests.factories import EnrolmentFactory, ProgrammeFactory, SchoolFactory, StudentFactory, UserFactory

WHAT = "Two people used the account at the same time."


@dataclass
class Office:
    officer: User
    second: User
    graduate: User
    student: User
    school: School

    def case(self, person: User | None = None, **more: Any) -> SecurityCase:
        return open_case(person=person or self.graduate, summary=WHAT, by=self.officer, **more)


def assemble_office() -> Office:
    school = SchoolFactory(name="School of Law", contact_email="law-school@example.ac.uk")
    graduate = StudentFactory(
        given_name="Grace", family_name="Hill", roles=[Role.GRADUATE], course=False, personal_email="grace@example.net"
    )
    EnrolmentFactory(student=graduate, status="completed", completed_on=date(2026, 6, 10))
    student = StudentFactory(given_name="Sol", family_name="Reed", course=False)
    EnrolmentFactory(student=student, programme=ProgrammeFactory(name="LLB Law", school=school))
    return Office(
        officer=UserFactory(given_name="Priya", family_name="Nair", roles=[Role.INFORMATION_GOVERNANCE]),
        second=UserFactory(given_name="Iain", family_name="Baird", roles=[Role.INFORMATION_GOVERNANCE]),
        graduate=graduate,
        student=student,
        school=school,
    )


@pytest.fixture
def office(db: None) -> Office:
    return assemble_office()


@pytest.fixture
def strangers(cast: Cast) -> list[User]:
    """Everybody who is not information governance, the most powerful first."""
    wellbeing = UserFactory(roles=[Role.WELLBEING_LEAD])
    alumni = UserFactory(roles=[Role.ALUMNI_RELATIONS])
    staff = [cast.administrator, cast.manager, cast.adviser, cast.front_desk, cast.outsider, wellbeing, alumni]
    return [*staff, cast.student]


def courses(person: User) -> list[str]:
    return list(Enrolment.objects.filter(student=person).values_list("status", flat=True))
