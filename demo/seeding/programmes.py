"""Three faculties, nine Schools and about sixty programmes."""

from __future__ import annotations

from django.utils.text import slugify

from accounts.models import Level, Programme, School

FACULTIES: dict[str, dict[str, tuple[str, str]]] = {
    "Faculty of Humanities": {
        "School of Arts and Languages": (
            "BA English Literature|BA History|BA Philosophy|BA French and Spanish",
            "MA Creative Writing|MA Translation Studies",
        ),
        "School of Social Sciences": (
            "BA Politics|BSc Sociology|BSc Economics*|BA Social Anthropology",
            "MSc Economics|MA Human Rights",
        ),
        "Northbridge Business School": (
            "BSc Business Management*|BSc Accounting and Finance*|BSc Marketing*|BSc International Business",
            "MSc Management|MSc Finance",
        ),
    },
    "Faculty of Science and Engineering": {
        "School of Computing": (
            "BSc Computer Science*|BSc Software Engineering*|BSc Artificial Intelligence|MEng Computing*",
            "MSc Data Science|MSc Cyber Security",
        ),
        "School of Engineering": (
            "BEng Mechanical Engineering*|BEng Civil Engineering*|MEng Aerospace Engineering|BEng Electronics*",
            "MSc Renewable Energy|MSc Project Management",
        ),
        "School of Natural Sciences": (
            "BSc Physics|BSc Chemistry*|BSc Mathematics|BSc Geography",
            "MSc Environmental Science|MSc Statistics",
        ),
    },
    "Faculty of Health": {
        "School of Medicine": (
            "MBChB Medicine|BSc Biomedical Sciences*|BSc Pharmacology*",
            "MSc Public Health|MSc Genomic Medicine",
        ),
        "School of Nursing and Midwifery": (
            "BSc Adult Nursing|BSc Midwifery|BSc Mental Health Nursing",
            "MSc Advanced Practice|MSc Health Leadership",
        ),
        "School of Psychology": (
            "BSc Psychology*|BSc Cognitive Science|BSc Speech and Language Therapy",
            "MSc Clinical Psychology|MSc Occupational Psychology",
        ),
    },
}


def seed_programmes() -> None:
    """A star marks a programme with a placement year."""
    names = [(faculty, school) for faculty, schools in FACULTIES.items() for school in schools]
    School.objects.bulk_create(
        [School(name=name, faculty=faculty, contact_email=f"{slugify(name)}@example.ac.uk") for faculty, name in names]
    )
    schools = {school.name: school for school in School.objects.all()}
    rows = [
        _programme(name, level, schools[school])
        for faculty in FACULTIES.values()
        for school, (first, taught) in faculty.items()
        for level, names in (
            (Level.UNDERGRADUATE, first.split("|")),
            (Level.POSTGRADUATE_TAUGHT, taught.split("|")),
            (Level.POSTGRADUATE_RESEARCH, [f"PhD {_subject(school)}"]),
        )
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
