"""Two student feed files: last night's, already applied, and a new one that waits for a decision."""

from collections import Counter
from datetime import timedelta

from accounts.feed.columns import COLUMNS
from accounts.feed.operations.runs import start_feed_run
from accounts.feed.operations.work import work_on_waiting_runs
from accounts.models import Enrolment, FeedRun, FeedSource, User
from demo.seeding.institution import Institution
from demo.seeding.named_people import ADMINISTRATOR, NAMED_STUDENTS
from demo.seeding.person import FAMILY, GIVEN
from foundation.values.csv_files import csv_file

Row = dict[str, str]


def seed_feed(institution: Institution) -> None:
    """Imports both files as usual. The first changes nothing, because its people already exist."""
    if FeedRun.objects.exists():
        return
    courses = Enrolment.objects.select_related("student", "programme__school").order_by("pk")
    rows = [_row(course) for course in courses]
    start_feed_run(pieces=[_file(rows)], source=FeedSource.NIGHTLY, by=None, apply_when_checked=True)
    work_on_waiting_runs()
    night = institution.now - timedelta(hours=6)
    FeedRun.objects.update(started_at=night, checked_at=night, applied_at=night)
    by = User.objects.get(email=ADMINISTRATOR.email)
    start_feed_run(pieces=[_file(_changed(rows, institution))], source=FeedSource.PAGE, by=by)
    work_on_waiting_runs()


def _row(course: Enrolment) -> Row:
    person, programme = course.student, course.programme
    return {
        "university_id": str(person.university_id), "given_name": person.given_name,
        "family_name": person.family_name, "email": person.email, "phone": person.phone,
        "school": programme.school.name, "faculty": programme.school.faculty, "programme_code": programme.code,
        "programme_name": programme.name, "level": course.level, "mode": course.mode, "status": course.status,
        "fee_status": course.fee_status, "year_of_study": str(course.year_of_study),
        "start": str(course.started_on), "expected_end": str(course.expected_end_on or ""),
        "completion": str(course.completed_on or ""),
        "placement_year": "yes" if programme.has_placement_year else "no",
    }  # fmt: skip


def _file(rows: list[Row]) -> bytes:
    names = [column.name for column in COLUMNS if column.name != "preferred_name"]
    return csv_file([names, *([row[name] for name in names] for row in rows)])


def _changed(rows: list[Row], institution: Institution) -> list[Row]:
    """The file a week later: some people have married, moved or left, some are new, one programme is new, and a few
    rows are wrong.
    """
    random = institution.random("feed")
    courses = Counter(row["university_id"] for row in rows)
    single = [row for row in rows if row["status"] == "current" and courses[row["university_id"]] == 1]
    current = [row for row in single if row["email"] not in {person.email for person in NAMED_STUDENTS}]
    chosen = random.sample(current, institution.some(60))
    parts = {row["university_id"]: number for number, row in enumerate(chosen)}
    later = []
    for row in rows:
        number = parts.get(row["university_id"])
        if number is None or number % 6 == 5:
            later.append(row)
        elif number % 6:
            later.append({**row, **_news(row, number, random.choice(FAMILY))})
    return later + [_newcomer(rows[0], number, institution) for number in range(institution.some(40))]


def _news(row: Row, number: int, family: str) -> Row:
    news: list[Row] = [
        {},
        {"family_name": family},
        {"status": "interrupted"},
        {"mode": "part_time"},
        {"start": "15.9.2025"} if number < 24 else {"year_of_study": str(int(row["year_of_study"]) + 1)},
    ]
    return news[number % 6]


def _newcomer(like: Row, number: int, institution: Institution) -> Row:
    start = institution.today.replace(month=1, day=12)
    return {
        **like, "university_id": f"N{2_000_000 + number}", "given_name": GIVEN[number % len(GIVEN)],
        "family_name": FAMILY[number % len(FAMILY)], "email": f"newcomer{number}@example.ac.uk", "phone": "",
        "programme_code": "t-msc-sustainable-futures", "programme_name": "MSc Sustainable Futures",
        "level": "postgraduate_taught", "status": "current", "year_of_study": "1", "start": str(start),
        "expected_end": "", "completion": "", "placement_year": "no",
    }  # fmt: skip
