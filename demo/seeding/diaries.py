"""Weekly templates of seven consultants, four application advisers and the drop-in desk, published as dated blocks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random

from django.db import connection
from django.utils.text import slugify
from psycopg2.extras import DateTimeTZRange

from accounts.models import User
from appointments.models import AppointmentType, DiaryBlock, DiaryTemplate, OnlineRoom
from demo.seeding.institution import Institution, public_id
from demo.seeding.staff import application_advisers, consultants
from foundation.values.times import at, week_start
from places.models import Location

BACK, AHEAD = timedelta(days=365), timedelta(days=98)
"""Published from a year ago to about a term ahead."""

MORNING, AFTERNOON = (time(9, 30), time(12, 50)), (time(13, 30), time(16, 50))
"""Each has five guidance appointments."""

EARLY, LATE = (time(10), time(12, 30)), (time(13, 30), time(16))
DESK_EARLY, DESK_LATE = (time(10), time(13)), (time(13), time(16))

TALKS = ("careers-guidance", "practice-interview", "placement-check-in", "graduate-guidance")
SPECIAL = ("working-in-the-uk", "disability-and-neurodiversity", "research-consultation")

OUTREACH_BUILDINGS = ("Ashworth Building", "Library Commons", "Harbour Campus")

Hours = tuple[time, time]


@dataclass(frozen=True)
class Weekly:
    adviser: User
    weekday: int
    hours: Hours
    types: tuple[str, ...]
    places: tuple[str, ...]


def weekly_hours(random: Random) -> list[Weekly]:
    """No two advisers use the same room or desk at the same time, so that no booking fails for want of a room."""
    rows: list[Weekly] = []
    for number, adviser in enumerate(consultants()):
        rows += _consultant(random, number, adviser)
    for number, adviser in enumerate(application_advisers()):
        rows += _application_adviser(number, adviser)
    return rows


def _consultant(random: Random, number: int, adviser: User) -> list[Weekly]:
    room = f"Atrium room {number + 1}" if number < 6 else "Atrium pod A"
    types = (*TALKS, SPECIAL[number % 3])
    halves = [(weekday, hours) for weekday in range(5) for hours in (MORNING, AFTERNOON)]
    halves = [half for half in halves if half != (2, AFTERNOON)]  # Wednesday afternoons are for sport and groups
    chosen = halves if number == 0 else sorted(random.sample(halves, 6))
    rows = []
    for weekday, hours in chosen:
        outreach = hours == AFTERNOON and weekday == 3 and 0 < number <= len(OUTREACH_BUILDINGS)
        place = f"Careers desk, {OUTREACH_BUILDINGS[number - 1]}" if outreach else room
        rows.append(Weekly(adviser, weekday, hours, types, (place, "Online", "Telephone")))
    if number == 1:
        group = (time(14), time(15, 30))
        rows.append(Weekly(adviser, 2, group, ("mock-assessment-centre",), ("Atrium workshop room",)))
    return rows


def _application_adviser(number: int, adviser: User) -> list[Weekly]:
    """Applications advice on most days, and a turn of half a day at the drop-in desk."""
    desk, advice = "Atrium help desk", (f"Applications area, desk {number + 1}", "Online")
    rows = []
    for weekday in range(5):
        if weekday % 4 == number:
            rows.append(Weekly(adviser, weekday, DESK_EARLY, ("quick-query",), (desk,)))
            rows.append(Weekly(adviser, weekday, LATE, ("applications-advice",), advice))
        elif (weekday + 1) % 4 == number:
            rows.append(Weekly(adviser, weekday, EARLY, ("applications-advice",), advice))
            rows.append(Weekly(adviser, weekday, DESK_LATE, ("quick-query",), (desk,)))
        else:
            rows.append(Weekly(adviser, weekday, EARLY if number % 2 else LATE, ("applications-advice",), advice))
    return rows


def seed_templates(institution: Institution) -> None:
    random = institution.random("templates")
    types = {type.slug: type for type in AppointmentType.objects.all()}
    places = {place.name: place for place in Location.objects.all()}
    weekly = weekly_hours(random)
    templates = DiaryTemplate.objects.bulk_create(
        [
            DiaryTemplate(
                public_id=public_id(random),
                adviser=row.adviser,
                weekday=row.weekday,
                starts=row.hours[0],
                ends=row.hours[1],
            )
            for row in weekly
        ]
    )
    rooms = {row.adviser.pk: row.adviser for row in weekly if "Online" in row.places}
    OnlineRoom.objects.bulk_create(
        [OnlineRoom(adviser=each, link=f"https://meet.example.ac.uk/{slugify(each.name)}") for each in rooms.values()]
    )
    offered, held = DiaryTemplate.types.through, DiaryTemplate.locations.through
    pairs = list(zip(templates, weekly, strict=True))
    offered.objects.bulk_create(
        [offered(diarytemplate=made, appointmenttype=types[slug]) for made, row in pairs for slug in row.types]
    )
    held.objects.bulk_create(
        [held(diarytemplate=made, location=places[name]) for made, row in pairs for name in row.places]
    )


def publish(institution: Institution, first: date, last: date) -> int:
    """Creates a block for each template and day. Skips closed days, and blocks that overlap an existing one."""
    calendar, random = institution.calendar(), institution.random(f"blocks:{first}")
    newest = DiaryBlock.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    blocks = [
        _block(template, day, random)
        for template in DiaryTemplate.objects.order_by("pk")
        for day in _days(template.weekday, first, last)
        if not calendar.closed_on(day)
    ]
    DiaryBlock.objects.bulk_create(blocks, batch_size=2000, ignore_conflicts=True)
    take_over_from_templates(newest)
    DiaryTemplate.objects.update(published_until=last)
    return len(blocks)


def _days(weekday: int, first: date, last: date) -> Iterable[date]:
    day = week_start(first) + timedelta(days=weekday)
    while day <= last:
        if day >= first:
            yield day
        day += timedelta(days=7)


def _block(template: DiaryTemplate, day: date, random: Random) -> DiaryBlock:
    during = DateTimeTZRange(at(day, template.starts), at(day, template.ends))
    return DiaryBlock(
        public_id=public_id(random),
        adviser_id=template.adviser_id,
        during=during,
        local_date=day,
        template=template,
    )


TAKE_OVER = (
    "INSERT INTO appointments_diaryblock_{0} (diaryblock_id, {1}_id) SELECT block.id, held.{1}_id "
    "FROM appointments_diaryblock block "
    "JOIN appointments_diarytemplate_{0} held ON held.diarytemplate_id = block.template_id WHERE block.id > %s"
)


def take_over_from_templates(newest: int) -> None:
    """Copies types and places from the templates to every block after `newest`, in the database."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_OVER.format("types", "appointmenttype"), [newest])
        cursor.execute(TAKE_OVER.format("locations", "location"), [newest])
