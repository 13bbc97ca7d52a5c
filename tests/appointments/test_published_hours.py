"""Published hours: time out and closures are not open, changed weekly hours reach published days, rooms are shared
knowingly.
"""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from psycopg2.extras import DateTimeTZRange

from appointments.models import DiaryBlock, DiaryTemplate, TimeOut
from appointments.operations.book import book_appointment
from appointments.operations.change_template import BOOKED, OVERLAPS, ChangedTemplate, change_template
from appointments.operations.choice import Choice, Details
from appointments.operations.diary import CLOSED, add_block, publish_template
from appointments.selectors.diary import Week, diary_week
from appointments.selectors.free_times import TimeSearch, free_starts
from appointments.selectors.rearrange import bookings_to_rearrange
from eligibility.models import PeriodKind
from eligibility.rules.calendar import AcademicCalendar
from foundation.outcomes.refusals import Refused
from foundation.values.times import at, database_now, week_start
from tests.cast import Cast
from tests.factories import AppointmentTypeFactory, DiaryTemplateFactory, LocationFactory, period, publish
from tests.page_parts import alerts, codes

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


def week_of(cast: Cast) -> Week:
    return diary_week(cast.adviser.pk, week_start(cast.day), database_now())


def open_rows(week: Week) -> list[tuple[int, int]]:
    return [(entry.row, entry.span) for day in week.days for entry in day.entries if entry.kind == "free"]


# A sick day looks taken.


@pytest.mark.parametrize(
    ("starts", "ends", "rows", "hours"),
    [
        (time(0), time(23), [], 0),
        (time(9), time(17), [], 0),
        (time(9), time(12), [(37, 60)], 5),
        (time(11), time(12), [(1, 24), (37, 60)], 7),
        (time(15), time(20), [(1, 72)], 6),
        (time(17), time(18), [(1, 96)], 8),
    ],
)
def test_time_out_is_not_open(cast: Cast, starts: time, ends: time, rows: list[tuple[int, int]], hours: int) -> None:
    assert open_rows(week_of(cast)) == [(1, 96)]
    span = DateTimeTZRange(at(cast.day, starts), at(cast.day, ends))
    TimeOut.objects.create(adviser=cast.adviser, during=span, reason="ill")
    TimeOut.objects.create(adviser=cast.other_adviser, during=DateTimeTZRange(cast.starts(9), cast.starts(17)))
    week = week_of(cast)
    assert open_rows(week) == rows
    assert week.published == timedelta(hours=hours)


def test_several_times_out_are_all_taken_away(cast: Cast) -> None:
    for hour in (10, 12, 12, 14):
        span = DateTimeTZRange(cast.starts(hour), cast.starts(hour + 1))
        TimeOut.objects.create(adviser=cast.adviser, during=span, reason="")
    assert week_of(cast).published == timedelta(hours=5)


def test_a_closed_day_is_not_open(cast: Cast) -> None:
    publish(cast.adviser, cast.type, cast.room, day=week_start(cast.day) + timedelta(days=5))
    period(PeriodKind.CLOSURE, cast.day - WEEK, cast.day + DAY)
    week = week_of(cast)
    assert week.published == timedelta(hours=8)
    assert len(open_rows(week)) == 1


def test_no_block_is_added_on_a_closed_day(cast: Cast, client: Client) -> None:
    day = cast.day + WEEK
    period(PeriodKind.CLOSURE, day, day + DAY)
    client.force_login(cast.adviser)
    typed = {"day": str(day), "starts": "9:00", "ends": "12:00", "types": [cast.type.pk], "locations": [cast.room.pk]}
    answer = client.post(reverse("block_create"), typed)
    assert (answer.status_code, codes(answer)) == (409, {"day": ["closed"]})
    assert not DiaryBlock.objects.filter(local_date=day).exists()


# A room that somebody else has is said before saving.


def block_form(cast: Cast, room: Any, starts: str = "13:00") -> dict[str, Any]:
    return {
        "day": str(cast.day + WEEK),
        "starts": starts,
        "ends": "15:00",
        "types": [cast.type.pk],
        "locations": [room.pk],
    }


@pytest.mark.parametrize(
    ("starts", "ends", "asks"),
    [(time(14), time(16), True), (time(9), time(13), False), (time(15), time(17), False), (time(9), time(17), True)],
)
def test_a_room_of_another_adviser_is_asked_about(
    cast: Cast, client: Client, starts: time, ends: time, asks: bool
) -> None:
    publish(cast.other_adviser, cast.type, cast.room, day=cast.day + WEEK, starts=starts, ends=ends)
    client.force_login(cast.adviser)
    answer = client.post(reverse("block_create"), block_form(cast, cast.room))
    assert (answer.status_code == 409) == asks
    if asks:
        (shared,) = answer.context["shared"]
        assert cast.other_adviser.name in shared.text
        assert cast.room.name in shared.text
        assert alerts(answer) == ["warning"]
        assert not cast.adviser.diary_blocks.filter(local_date=cast.day + WEEK).exists()
        seal = {"confirmed": answer.context["seal"]}
        assert client.post(reverse("block_create"), block_form(cast, cast.room) | seal).status_code == 302
    assert cast.adviser.diary_blocks.filter(local_date=cast.day + WEEK).exists()


def test_places_for_many_and_former_advisers_need_no_question(cast: Cast, client: Client) -> None:
    publish(cast.other_adviser, cast.type, cast.online, cast.other_room, day=cast.day + WEEK)
    client.force_login(cast.adviser)
    assert client.post(reverse("block_create"), block_form(cast, cast.online)).status_code == 302
    cast.adviser.diary_blocks.filter(local_date=cast.day + WEEK).delete()
    cast.other_adviser.is_active = False
    cast.other_adviser.save()
    assert client.post(reverse("block_create"), block_form(cast, cast.other_room)).status_code == 302


def test_publishing_asks_about_rooms_once_for_all_days(cast: Cast, client: Client) -> None:
    made = weekly(cast)
    for number in (1, 2, 3):
        publish(cast.other_adviser, cast.type, cast.room, day=cast.day + number * WEEK)
    client.force_login(cast.adviser)
    url = reverse("template_publish", args=[made.public_id])
    span = {"first": str(cast.day + WEEK), "last": str(cast.day + 4 * WEEK)}
    asked = client.post(url, span)
    assert (asked.status_code, len(asked.context["shared"])) == (409, 1)
    assert not made.blocks.exists()
    assert client.post(url, span | {"confirmed": asked.context["seal"]}).context["published"].added == 4
    assert client.post(url, span).status_code == 200, "nothing new, nothing to ask"


# Changed weekly hours reach published days that are still free.


def weekly(cast: Cast) -> DiaryTemplate:
    made = DiaryTemplateFactory(adviser=cast.adviser, weekday=cast.day.weekday(), starts=time(9), ends=time(12))
    made.types.add(cast.type)
    made.locations.add(cast.room)
    return made


@pytest.fixture
def published(cast: Cast) -> DiaryTemplate:
    """Three weeks from next week on; the second has an appointment at 09:00."""
    made = weekly(cast)
    first = cast.day + WEEK
    when = {"first": first, "last": first + 2 * WEEK, "calendar": AcademicCalendar()}
    publish_template(template=made, by=cast.adviser, **when)
    choice = Choice(cast.type, cast.starts(9, day=first + WEEK), cast.adviser, "in_person", cast.room)
    book_appointment(student=cast.student, choice=choice, details=Details(), by=cast.student)
    return made


def change(cast: Cast, made: DiaryTemplate, booked_too: bool = False, **fields: Any) -> ChangedTemplate:
    places = fields.pop("locations", [cast.room])
    types = fields.pop("types", [cast.type])
    for name, value in fields.items():
        setattr(made, name, value)
    return change_template(template=made, types=types, locations=places, booked_too=booked_too, by=cast.adviser)


def hours(made: DiaryTemplate) -> list[tuple[date, date]]:
    return list(made.blocks.order_by("during").values_list("local_date", "during__startswith"))


def test_free_days_change_and_booked_days_keep_their_hours(cast: Cast, published: DiaryTemplate) -> None:
    first = cast.day + WEEK
    changed = change(cast, published, starts=time(13), ends=time(16))
    assert (changed.changed, changed.skipped, changed.must_move) == (2, ((first + WEEK, BOOKED),), [])
    starts = [at(first, time(13)), at(first + WEEK, time(9)), at(first + 2 * WEEK, time(13))]
    assert [moment for _, moment in hours(published)] == starts
    for day, offered in ((first, "13:00"), (first + WEEK, "09:40"), (first + 2 * WEEK, "13:00")):
        search = TimeSearch(cast.type, day, day, database_now(), AcademicCalendar(), ignore_window=True)
        assert free_starts(search)[0].label == offered, "what students are offered"
    assert not bookings_to_rearrange(database_now()).exists()


def test_types_and_places_change_too(cast: Cast, published: DiaryTemplate) -> None:
    other = AppointmentTypeFactory()
    change(cast, published, types=[other], locations=[cast.online])
    first, booked, last = published.blocks.order_by("during")
    for block in (first, last):
        assert (list(block.types.all()), list(block.locations.all())) == ([other], [cast.online])
    assert (list(booked.types.all()), list(booked.locations.all())) == ([cast.type], [cast.room])


def test_another_weekday_moves_within_the_week(cast: Cast, published: DiaryTemplate) -> None:
    other = (cast.day.weekday() + 1) % 7
    change(cast, published, weekday=other)
    days = [day for day, _ in hours(published)]
    assert [day.weekday() for day in days].count(other) == 2
    weeks = sorted({week_start(day) for day in days})
    assert weeks == [week_start(cast.day) + number * WEEK for number in (1, 2, 3)]


def test_a_day_that_is_closed_now_is_removed(cast: Cast, published: DiaryTemplate) -> None:
    first = cast.day + WEEK
    period(PeriodKind.CLOSURE, first, first + DAY)
    changed = change(cast, published, starts=time(13), ends=time(16))
    assert (first, CLOSED) in changed.skipped
    assert first not in [day for day, _ in hours(published)]


def test_other_published_time_is_not_overlapped(cast: Cast, published: DiaryTemplate) -> None:
    first = cast.day + WEEK
    publish(cast.adviser, cast.type, cast.room, day=first, starts=time(13), ends=time(17))
    changed = change(cast, published, starts=time(12), ends=time(14))
    assert (first, OVERLAPS) in changed.skipped
    assert (first, at(first, time(9))) in hours(published)


def test_past_days_do_not_change(cast: Cast) -> None:
    made = weekly(cast)
    day = cast.day - 2 * WEEK
    block = publish(cast.adviser, cast.type, cast.room, day=day, ends=time(12))
    DiaryBlock.objects.filter(pk=block.pk).update(template=made)
    assert change(cast, made, starts=time(13), ends=time(16)).changed == 0
    block.refresh_from_db()
    assert block.during.lower == at(day, time(9))


def test_only_the_owner_and_managers_change_it(cast: Cast, published: DiaryTemplate) -> None:
    with pytest.raises(Refused) as refused:
        change_template(
            template=published, types=[cast.type], locations=[cast.room], booked_too=False, by=cast.other_adviser
        )
    assert refused.value.code == "not_yours"


def test_days_with_appointments_change_after_a_question(cast: Cast, published: DiaryTemplate, client: Client) -> None:
    """Taking a type away from an adviser shows the appointments it hits before it is saved."""
    other = AppointmentTypeFactory()
    client.force_login(cast.manager)
    url = reverse("template_edit", args=[published.public_id])
    typed = {
        "weekday": published.weekday,
        "starts": "9:00",
        "ends": "12:00",
        "types": [other.pk],
        "locations": [cast.room.pk],
    }
    asked = client.post(url, typed | {"booked_too": "on"})
    assert (asked.status_code, [each.key for each in asked.context["hit"]]) == (
        409,
        [cast.student.bookings.get().public_id],
    )
    published.refresh_from_db()
    assert list(published.types.all()) == [cast.type], "nothing is saved"
    assert cast.student.name in asked.content.decode()
    answer = client.post(url, typed | {"booked_too": "on", "confirmed": asked.context["seal"]})
    assert answer.url.startswith(reverse("rearrange_list"))
    assert bookings_to_rearrange(database_now()).get().hindrance == "type_withdrawn"
    assert not published.blocks.exclude(types=other).exists()


def test_an_edit_of_free_days_needs_no_question(cast: Cast, published: DiaryTemplate, client: Client) -> None:
    client.force_login(cast.adviser)
    typed = {"weekday": published.weekday, "starts": "10:00", "ends": "12:00", "types": [cast.type.pk]}
    answer = client.post(reverse("template_edit", args=[published.public_id]), typed | {"locations": [cast.room.pk]})
    assert answer.status_code == 302
    assert published.blocks.filter(during__startswith__gt=database_now()).count() == 3


def test_publishing_time_again_takes_back_a_withdrawal(cast: Cast) -> None:
    choice = cast.choice(9)
    booking = book_appointment(student=cast.student, choice=choice, details=Details(), by=cast.student)
    cast.adviser.diary_blocks.all().delete()
    assert bookings_to_rearrange(database_now()).get() == booking
    room = LocationFactory()
    made = {"day": cast.day, "starts": time(9), "ends": time(10), "types": [cast.type], "by": cast.adviser}
    block = add_block(adviser=cast.adviser, locations=[room], **made)
    assert bookings_to_rearrange(database_now()).get().hindrance == "place_withdrawn"
    block.delete()
    add_block(adviser=cast.adviser, locations=[room, cast.room], **made)
    assert not bookings_to_rearrange(database_now()).exists()
