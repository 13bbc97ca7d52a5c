"""The people to try the portal as, and each one's situation, which `situations.py` creates."""

from dataclasses import dataclass

from accounts.models import Role


@dataclass(frozen=True)
class NamedPerson:
    email: str
    given_name: str
    family_name: str
    roles: tuple[str, ...]
    situation: str
    job: str = ""
    """The role that the launcher prints beside the address, for the people to begin with."""

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


def named_person(name: str, role: Role, situation: str = "", job: str = "") -> NamedPerson:
    given, _, family = name.rpartition(" ")
    email = f"{given}.{family}@example.ac.uk".lower().replace(" ", "")
    return NamedPerson(email, given, family, (str(role),), situation, job)


FRESH = named_person("Amara Okafor", Role.STUDENT, "Second-year undergraduate; has not used anything yet", "student")
USED_UP = named_person("Ben Whitfield", Role.STUDENT, "Final-year undergraduate; careers guidance used up for now")
TWO_MISSES = named_person("Chloe Raman", Role.STUDENT, "Undergraduate who has missed two appointments")
ON_HOLD = named_person("Dylan Price", Role.STUDENT, "Undergraduate on hold after three missed appointments")
FINISHING = named_person("Mei Zhang", Role.STUDENT, "Taught postgraduate from overseas; completes in September")
RESEARCHER = named_person("Farid Haddad", Role.STUDENT, "Research postgraduate, third year")
LAST_YEAR = named_person(
    "Grace Adeyemi", Role.GRADUATE, "Graduate of last year; the service is open to her", "graduate"
)
LONG_AGO = named_person(
    "Harry Novak", Role.GRADUATE, "Graduate about three years out; services for graduates have ended"
)
ADVISER = named_person("Helen Marsh", Role.ADVISER, "Careers consultant with a full day today", "adviser")
FRONT_DESK = named_person("Kofi Mensah", Role.FRONT_DESK, "Front-desk colleague; sees arrivals, no notes", "front desk")
MANAGER = named_person("Moira Campbell", Role.CAREERS_MANAGER, "Careers manager; runs every diary", "manager")
WELLBEING_LEAD = named_person("Nadia Rahman", Role.WELLBEING_LEAD, "Wellbeing lead")
ALUMNI_RELATIONS = named_person("Owen Pritchard", Role.ALUMNI_RELATIONS, "Alumni-relations officer")
GOVERNANCE = named_person("Priya Nair", Role.INFORMATION_GOVERNANCE, "Information-governance officer")
EDITOR = named_person("Rosa Santos", Role.EDITOR, "Website editor")
ADMINISTRATOR = named_person(
    "Sam Ellis", Role.ADMINISTRATOR, "Administrator; types, places, calendar and policy", "administrator"
)

NAMED_STUDENTS = (FRESH, USED_UP, TWO_MISSES, ON_HOLD, FINISHING, RESEARCHER, LAST_YEAR, LONG_AGO)
NAMED_STAFF = (ADVISER, FRONT_DESK, MANAGER, WELLBEING_LEAD, ALUMNI_RELATIONS, GOVERNANCE, EDITOR, ADMINISTRATOR)
NAMED_PEOPLE = NAMED_STUDENTS + NAMED_STAFF
