"""Diaries: publishing templates, one-off blocks, withdrawing blocks, time out and rearranging; the week as a grid."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from psycopg2.extras import DateTimeTZRange
from syrupy.assertion import SnapshotAssertion

from accounts.models import Role
from appointments.models import Booking, DiaryBlock, DiaryTemplate, TimeOut
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from appointments.operations.diary import CLOSED, Published, add_block, publish_template, withdraw_block
from appointments.operations.time_out import end_time_out, take_time_out
from appointments.selectors.diary import DiaryEntry, Week, diary_week, side_by_side
from appointments.selectors.free_times import TimeSearch, free_starts
from appointments.selectors.rearrange import bookings_to_rearrange
from eligibility.models import PeriodKind
from eligibility.rules.calendar import AcademicCalendar, Span
from foundation.outcomes.refusals import Refused
from foundation.values.times import at, database_now, spoken_day, week_start
from tests.cast import Cast
from tests.factories import AppointmentTypeFactory, DiaryTemplateFactory, period, stored_booking
from tests.page_parts import codes, empty_states, fields_at_fault, sentences_of

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


def template(cast: Cast, weekday: int, starts: time = time(9), ends: time = time(12)) -> DiaryTemplate:
    made = DiaryTemplateFactory(adviser=cast.adviser, weekday=weekday, starts=starts, ends=ends)
    made.types.add(cast.type)
    made.locations.add(cast.room)
    return made


def publish_days(
    cast: Cast, made: DiaryTemplate, first: date, last: date, calendar: AcademicCalendar | None = None
) -> Published:
    """Publishes a template. Deletes the cast's own blocks first, because the cast's day may be among the days."""
    cast.adviser.diary_blocks.filter(template=None).delete()
    when = {"first": first, "last": last, "calendar": calendar or AcademicCalendar()}
    return publish_template(template=made, by=cast.adviser, **when)


# Templates and blocks.


@pytest.mark.parametrize("change", [date(2026, 10, 25), date(2027, 3, 28)])
@pytest.mark.parametrize("weekday", [0, 6])
def test_nine_stays_nine_when_the_clocks_change(cast: Cast, change: date, weekday: int) -> None:
    first, last = change - timedelta(days=8), change + timedelta(days=8)
    done = publish_days(cast, template(cast, weekday), first, last)
    blocks = DiaryBlock.objects.filter(template__isnull=False)
    assert done.added == blocks.count() >= 2
    for block in blocks:
        starts, ends = (moment.astimezone(LONDON) for moment in (block.during.lower, block.during.upper))
        assert (starts.time(), ends.time(), starts.date()) == (time(9), time(12), block.local_date)
        assert block.local_date.weekday() == weekday
    offsets = {block.during.lower.hour for block in blocks}
    assert offsets == {8, 9}, "an hour apart in UTC"


def test_closed_days_are_skipped_and_reported(cast: Cast) -> None:
    monday = date(2026, 12, 21)
    calendar = AcademicCalendar(closures=(Span("closure:1", "Christmas", date(2026, 12, 24), date(2027, 1, 4)),))
    done = publish_days(cast, template(cast, 0), monday, monday + timedelta(days=20), calendar)
    assert done.added == 2
    assert done.skipped == ((date(2026, 12, 28), CLOSED),)


def test_publishing_twice_adds_nothing(cast: Cast) -> None:
    made, first = template(cast, 2), date(2026, 12, 1)
    assert publish_days(cast, made, first, first + timedelta(days=27)).added == 4
    again = publish_days(cast, made, first, first + timedelta(days=34))
    assert (again.added, [why for _, why in again.skipped]) == (1, ["already published"] * 4)
    assert DiaryBlock.objects.filter(template=made).count() == 5
    made.refresh_from_db()
    assert made.published_until == first + timedelta(days=34)


def test_published_blocks_offer_the_templates_types_and_places(cast: Cast) -> None:
    made, first = template(cast, 2), date(2026, 12, 2)
    publish_days(cast, made, first, first)
    block = DiaryBlock.objects.get(template=made)
    assert (list(block.types.all()), list(block.locations.all())) == ([cast.type], [cast.room])


@pytest.mark.parametrize("days", [-1, 201, 4000])
def test_publishing_has_a_span(cast: Cast, days: int) -> None:
    with pytest.raises(Refused) as refused:
        publish_days(cast, template(cast, 0), date(2026, 12, 1), date(2026, 12, 1) + timedelta(days=days))
    assert refused.value.code == "publication_span"


def one_off(cast: Cast, starts: int, ends: int, day: date | None = None) -> DiaryBlock:
    return add_block(
        adviser=cast.adviser,
        day=day or cast.day + timedelta(days=1),
        starts=time(starts),
        ends=time(ends),
        types=[cast.type],
        locations=[cast.room],
        by=cast.adviser,
    )


def test_overlapping_time_is_refused_with_a_sentence(cast: Cast) -> None:
    one_off(cast, 9, 12)
    with pytest.raises(Refused) as refused:
        one_off(cast, 11, 13)
    assert refused.value.code == "block_overlaps"
    constraint = next(each for each in DiaryBlock._meta.constraints if each.violation_error_code == "block_overlaps")
    assert refused.value.message == constraint.violation_error_message, "as the lost race says it"
    one_off(cast, 12, 13)


@pytest.mark.parametrize(("starts", "ends", "days", "code"), [(12, 12, 1, "block_empty"), (9, 10, -3, "in_the_past")])
def test_impossible_times_are_refused(cast: Cast, starts: int, ends: int, days: int, code: str) -> None:
    with pytest.raises(Refused) as refused:
        one_off(cast, starts, ends, database_now().date() + timedelta(days=days))
    assert refused.value.code == code


@pytest.mark.parametrize("role", ["other_adviser", "front_desk", "student", "outsider"])
def test_nobody_changes_another_diary_but_managers(cast: Cast, role: str) -> None:
    made, by = template(cast, 0), getattr(cast, role)
    block = cast.adviser.diary_blocks.get()
    away = TimeOut.objects.create(adviser=cast.adviser, during=DateTimeTZRange(cast.starts(9), cast.starts(10)))
    day, calendar = cast.day + timedelta(days=9), AcademicCalendar()
    for change in (
        lambda: publish_template(template=made, first=day, last=day, calendar=calendar, by=by),
        lambda: withdraw_block(block=block, by=by),
        lambda: take_time_out(
            adviser=cast.adviser, starts_at=cast.starts(9), ends_at=cast.starts(10), reason="", by=by
        ),
        lambda: end_time_out(time_out=away, by=by),
    ):
        with pytest.raises(Refused) as refused:
            change()
        assert (refused.value.code, refused.value.status) == ("not_yours", 403)
    withdraw_block(block=block, by=cast.manager)


def test_withdrawing_leaves_bookings_and_lists_them(cast: Cast) -> None:
    booking = book_appointment(student=cast.student, choice=cast.choice(9), details=Details(), by=cast.student)
    assert withdraw_block(block=cast.adviser.diary_blocks.get(), by=cast.adviser) == [booking]
    booking.refresh_from_db()
    assert booking.status == "booked"


# Time out.


def test_time_out_over_bookings_gives_the_list_to_rearrange(cast: Cast) -> None:
    inside, outside = (
        book_appointment(student=student, choice=cast.choice(hour), details=Details(), by=student)
        for student, hour in ((cast.student, 11), (cast.other_student, 13))
    )
    away, listed = take_time_out(
        adviser=cast.adviser, starts_at=cast.starts(11, 15), ends_at=cast.starts(12), reason="dentist", by=cast.adviser
    )
    assert listed == [inside]
    inside.refresh_from_db()
    assert inside.status == "booked", "it stands until somebody rearranges it"
    assert outside not in bookings_to_rearrange(database_now())
    search = TimeSearch(
        cast.type, cast.day, cast.day, database_now(), AcademicCalendar(), adviser=cast.adviser.public_id
    )
    assert "11:40" not in [start.label for start in free_starts(search)]
    end_time_out(time_out=away, by=cast.adviser)
    assert not bookings_to_rearrange(database_now()).exists()
    assert "11:40" in [start.label for start in free_starts(search)]


# The week.


def week_of(cast: Cast, day: date | None = None) -> Week:
    return diary_week(cast.adviser.pk, week_start(day or cast.day), database_now())


def entries(week: Week, kind: str) -> list[DiaryEntry]:
    return [entry for day in week.days for entry in day.entries if entry.kind == kind]


def test_the_grid_has_rows_of_five_minutes(cast: Cast) -> None:
    book_appointment(student=cast.student, choice=cast.choice(9, 40), details=Details(), by=cast.student)
    week = week_of(cast)
    (booked,), (free,) = entries(week, "booking"), entries(week, "free")
    assert (booked.row, booked.span, booked.title) == (9, 6, "Amara Okafor")
    assert (free.row, free.span) == (1, 96)
    assert (week.hours[0].label, week.hours[-1].label, len(week.days)) == ("09:00", "16:00", 5)


@pytest.mark.parametrize("sunday", [date(2026, 10, 25), date(2027, 3, 28)])
def test_the_grid_keeps_wall_clock_time_when_the_clocks_change(cast: Cast, sunday: date) -> None:
    stored_booking(cast.student, cast.adviser, cast.type, cast.room, at(sunday, time(10)))
    stored_booking(cast.other_student, cast.adviser, cast.type, cast.room, at(sunday - timedelta(days=1), time(10)))
    week = week_of(cast, sunday)
    assert [day.date.weekday() for day in week.days] == list(range(7))
    assert [(entry.row, entry.span) for entry in entries(week, "booking")] == [(13, 6), (13, 6)]


def test_time_out_of_several_days_is_cut_to_each_day(cast: Cast) -> None:
    monday = week_start(cast.day)
    during = DateTimeTZRange(at(monday, time(15)), at(monday + timedelta(days=2), time(11)))
    TimeOut.objects.create(adviser=cast.adviser, during=during, reason="Leave")
    assert [(entry.row, entry.span) for entry in entries(week_of(cast), "time_out")] == [(73, 24), (1, 96), (1, 24)]


def test_a_closed_day_says_so(cast: Cast) -> None:
    period(PeriodKind.CLOSURE, cast.day, cast.day + timedelta(days=1), "Staff day")
    (closure,) = entries(week_of(cast), "closure")
    assert (closure.title, closure.detail) == ("Closed", "Staff day")


def test_a_group_is_one_entry(cast: Cast) -> None:
    group = AppointmentTypeFactory(name="Mock assessment centre", capacity=12, minutes=90)
    for seat, student in enumerate((cast.student, cast.other_student), 1):
        booking = Booking(student=student, adviser=cast.adviser, type=group, location=cast.room, mode="in_person")
        booking.during = booking.occupies = DateTimeTZRange(cast.starts(13), cast.starts(14, 30))
        booking.local_date, booking.booked_at = cast.day, database_now()
        booking.session, booking.seat = "one", seat
        booking.save()
    (entry,) = entries(week_of(cast), "booking")
    assert (entry.title, entry.status_label, entry.span) == ("Mock assessment centre", "2 of 12 booked", 18)


def test_bookings_that_overlap_lie_side_by_side() -> None:
    def entry(starts: int, ends: int) -> DiaryEntry:
        hour = datetime(2026, 12, 2, tzinfo=LONDON)
        return DiaryEntry("booking", hour + timedelta(hours=starts), hour + timedelta(hours=ends), "x")

    placed = side_by_side([entry(9, 11), entry(10, 12), entry(11, 13), entry(13, 14)])
    assert [item.lane for item in placed] == ["1-of-3", "2-of-3", "3-of-3", ""]
    assert [item.lane for item in side_by_side([entry(9, 10), entry(9, 10)])] == ["1-of-2", "2-of-2"]


@pytest.mark.parametrize("hour", [0, 5, 23])
def test_every_booking_stays_visible(cast: Cast, hour: int) -> None:
    stored_booking(cast.student, cast.adviser, cast.type, cast.room, cast.starts(hour))
    stored_booking(cast.other_student, cast.adviser, cast.type, cast.room, cast.starts(16))
    placed = entries(week_of(cast), "booking")
    assert len(placed) == 2
    assert all(entry.row >= 1 and entry.row + entry.span - 1 <= 168 for entry in placed)


# The pages.


def offer(cast: Cast, **more: str) -> dict[str, object]:
    return {
        "starts": "13:00",
        "ends": "15:00",
        "types": [cast.type.pk],
        "locations": [cast.room.pk],
        **more,
    }


def test_template_create(cast: Cast, client: Client) -> None:
    client.force_login(cast.adviser)
    answer = client.post(reverse("template_create"), offer(cast, weekday="2"))
    made = DiaryTemplate.objects.get()
    assert answer.url == reverse("template_publish", args=[made.public_id])
    assert (made.adviser, made.weekday, list(made.types.all())) == (cast.adviser, 2, [cast.type])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ends": "12:00"}, "__all__"),
        ({"ends": "13:10"}, "ends"),
        ({"types": []}, "types"),
        ({"locations": []}, "locations"),
        ({"weekday": "9"}, "weekday"),
        ({"starts": "25:00"}, "starts"),
    ],
)
def test_template_create_says_what_is_wrong(
    cast: Cast, client: Client, wrong: dict[str, str], field: str, snapshot: SnapshotAssertion
) -> None:
    client.force_login(cast.adviser)
    answer = client.post(reverse("template_create"), offer(cast, weekday="2") | wrong)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == [field]
    assert sentences_of(form, field) == snapshot
    assert not DiaryTemplate.objects.exists()


def test_a_place_must_suit_the_type(cast: Cast, client: Client) -> None:
    cast.type.modes = ["online"]
    cast.type.save()
    client.force_login(cast.adviser)
    answer = client.post(reverse("template_create"), offer(cast, weekday="2"))
    assert fields_at_fault(answer) == ["id_locations_0"]
    assert codes(answer) == {"locations": ["place_unsuitable"]}


def test_template_edit_and_delete(cast: Cast, client: Client) -> None:
    made = template(cast, 0)
    client.force_login(cast.manager)
    client.post(reverse("template_edit", args=[made.public_id]), offer(cast, weekday="4"))
    made.refresh_from_db()
    assert (made.weekday, made.adviser) == (4, cast.adviser)
    client.post(reverse("template_delete", args=[made.public_id]))
    assert not DiaryTemplate.objects.exists()
    assert DiaryBlock.objects.exists()


def test_template_publish(cast: Cast, client: Client) -> None:
    made = template(cast, 0)
    monday = week_start(cast.day) + timedelta(days=7)
    closed, last = monday + timedelta(days=21), monday + timedelta(days=28)
    period(PeriodKind.CLOSURE, closed, closed + timedelta(days=1), "Stock-taking")
    client.force_login(cast.adviser)
    url, span = reverse("template_publish", args=[made.public_id]), {"first": str(monday), "last": str(last)}
    shown = client.post(url, span)
    assert shown.context["published"].added == 4
    assert f"{spoken_day(closed)}: {CLOSED}" in shown.content.decode()
    assert client.post(url, span).context["published"].added == 0
    wrong = client.post(url, {"first": str(monday), "last": str(monday - timedelta(days=6))})
    assert wrong.status_code == 422
    assert fields_at_fault(wrong) == ["id_last"]
    assert codes(wrong) == {"last": ["publication_span"]}


def test_time_out_create(cast: Cast, client: Client) -> None:
    book_appointment(student=cast.student, choice=cast.choice(9), details=Details(), by=cast.student)
    client.force_login(cast.adviser)
    url, typed = reverse("time_out_create"), {"first_day": str(cast.day), "reason": "ill"}
    asked = client.post(url, typed)
    assert (asked.status_code, len(asked.context["hit"])) == (409, 1), "it asks first"
    assert not TimeOut.objects.exists()
    answer = client.post(url, {**typed, "confirmed": asked.context["seal"]}, follow=True)
    assert answer.request["PATH_INFO"] == reverse("rearrange_list")
    assert "Amara Okafor" in answer.content.decode()
    away = TimeOut.objects.get()
    assert (away.during.lower, away.during.upper) == (cast.starts(0), cast.starts(0, day=cast.day + timedelta(days=1)))
    client.post(reverse("time_out_end", args=[away.public_id]))
    assert not TimeOut.objects.exists()


def test_time_out_create_in_the_past(cast: Cast, client: Client) -> None:
    client.force_login(cast.adviser)
    answer = client.post(reverse("time_out_create"), {"first_day": "2020-01-01"})
    assert answer.status_code == 422
    assert "over already" in answer.content.decode()


def test_diary_week(cast: Cast, client: Client) -> None:
    book_appointment(student=cast.student, choice=cast.choice(9), details=Details(), by=cast.student)
    query = {"week": str(cast.day), "adviser": cast.adviser.public_id}
    for role in ("adviser", "other_adviser", "front_desk", "manager"):
        client.force_login(getattr(cast, role))
        shown = client.get(reverse("diary_week"), query).content.decode()
        assert "Amara Okafor" in shown
        assert ("Block out time" in shown) == (role in ("adviser", "manager"))


def test_diary_week_where_nobody_has_a_diary(cast: Cast, client: Client) -> None:
    for adviser in (cast.adviser, cast.other_adviser):
        adviser.roles = [Role.EDITOR]
        adviser.save()
    client.force_login(cast.manager)
    for name in ("diary_week", "availability_list"):
        assert empty_states(client.get(reverse(name))) == 1
    assert client.get(reverse("template_create")).status_code == 404


def test_the_week_says_what_is_to_be_rearranged(cast: Cast, client: Client) -> None:
    book_appointment(student=cast.student, choice=cast.choice(9), details=Details(), by=cast.student)
    take_time_out(
        adviser=cast.adviser, starts_at=cast.starts(9), ends_at=cast.starts(12), reason="ill", by=cast.adviser
    )
    week = week_of(cast)
    assert (week.to_rearrange, entries(week, "booking")[0].status_label) == (1, "To rearrange")
    client.force_login(cast.adviser)
    shown = client.get(f"{reverse('diary_week')}?week={cast.day}").content.decode()
    assert f"{reverse('rearrange_list')}?adviser=" in shown
    day = client.get(f"{reverse('today')}?day={cast.day}").content.decode()
    assert "Rearrange" in day
