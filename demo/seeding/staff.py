"""Eighteen staff of the careers service, and officers elsewhere in the University who work with it."""

from accounts.models import Role, User
from demo.seeding import named_people as named
from demo.seeding.named_people import named_person
from demo.seeding.person import Registrar

OF_STAFF: dict[str, object] = {"phone": "", "university_id": None}


def consultants() -> list[User]:
    """Advisers with their own template for guidance; the named adviser first."""
    return list(User.objects.filter(email__in=CONSULTANT_EMAILS).order_by("pk"))


def application_advisers() -> list[User]:
    return list(User.objects.filter(email__in=APPLICATION_EMAILS).order_by("pk"))


CONSULTANTS = (
    named.ADVISER,
    *(
        named_person(name, Role.ADVISER)
        for name in ("Tariq Aziz", "Judith Lang", "Marcus Bell", "Yvonne Osei", "Callum Fraser", "Sunita Joshi")
    ),
)
APPLICATION_ADVISERS = tuple(
    named_person(name, Role.ADVISER) for name in ("Bethan Rees", "Leo Castillo", "Anita Kaur", "Joe Turner")
)
OTHERS = (
    named_person("Ruth Hargreaves", Role.CAREERS_MANAGER),
    named.MANAGER,
    named_person("Daniel Cho", Role.CAREERS_MANAGER),
    named.FRONT_DESK,
    named_person("Ellie Watts", Role.FRONT_DESK),
    named.ADMINISTRATOR,
    named.EDITOR,
)
SECOND_ADMINISTRATOR = named_person("Lena Fox", Role.ADMINISTRATOR)
"""Giving a role that opens concerns, cases or retention needs two people."""

SECOND_OFFICER = named_person("Iain Baird", Role.INFORMATION_GOVERNANCE)
"""Terminating an account, lifting a legal hold and changing a retention setting need two officers."""

OFFICERS = (
    named.WELLBEING_LEAD, named.ALUMNI_RELATIONS, named.GOVERNANCE, SECOND_OFFICER, SECOND_ADMINISTRATOR,
)  # fmt: skip
STAFF = (*CONSULTANTS, *APPLICATION_ADVISERS, *OTHERS)

CONSULTANT_EMAILS = [person.email for person in CONSULTANTS]
APPLICATION_EMAILS = [person.email for person in APPLICATION_ADVISERS]


def seed_staff(registrar: Registrar) -> None:
    User.objects.bulk_create(
        [
            registrar.person(
                list(person.roles),
                given=person.given_name,
                family=person.family_name,
                email=person.email,
                **OF_STAFF,
            )
            for person in (*STAFF, *OFFICERS)
        ]
    )
