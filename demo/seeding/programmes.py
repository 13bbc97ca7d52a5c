"""Three faculties, nine Schools and about sixty programmes, from `tables/programmes.yaml`."""

from django.utils.text import slugify

from accounts.models import Level, Programme, School
from demo.seeding.tables import table

FACULTIES: dict[str, dict[str, dict[Level, list[str]]]] = table("programmes")


def seed_programmes() -> None:
    names = [(faculty, school) for faculty, schools in FACULTIES.items() for school in schools]
    School.objects.bulk_create(
        [School(name=name, faculty=faculty, contact_email=f"{slugify(name)}@example.ac.uk") for faculty, name in names]
    )
    schools = {school.name: school for school in School.objects.all()}
    rows = [
        _programme(name, level, schools[school])
        for faculty in FACULTIES.values()
        for school, taught in faculty.items()
        for level, names in {**taught, Level.POSTGRADUATE_RESEARCH: [f"PhD {_subject(school)}"]}.items()
        for name in names
    ]
    Programme.objects.bulk_create(rows)


def programmes_by_level() -> dict[str, list[Programme]]:
    """The level is the first letter of the code, because a programme has no field for it; enrolments do."""
    found: dict[str, list[Programme]] = {str(level): [] for level in LETTERS}
    levels = {letter: str(level) for level, letter in LETTERS.items()}
    for programme in Programme.objects.order_by("pk"):
        found[levels[programme.code[0]]].append(programme)
    return found


LETTERS = {Level.UNDERGRADUATE: "u", Level.POSTGRADUATE_TAUGHT: "t", Level.POSTGRADUATE_RESEARCH: "r"}


def _programme(name: str, level: Level, school: School) -> Programme:
    plain = name.rstrip("*")
    code = f"{LETTERS[level]}-{plain.lower().replace(' ', '-')}"
    return Programme(code=code, name=plain, school=school, has_placement_year=name.endswith("*"))


def _subject(school: str) -> str:
    return school.removeprefix("School of ").removeprefix("Northbridge ").removesuffix(" School")
