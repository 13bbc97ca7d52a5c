"""How two people meet online or by telephone: links, who sees them, and numbers to call."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from icalendar import Calendar

from accounts.models import AuditEntry, PolicySetting, User
from appointments.forms.joining import LocationForm
from appointments.models import Booking, OnlineRoom
from appointments.notices.calendar_file import calendar_file, invitation
from appointments.operations.book import book_appointment
from appointments.operations.cancel import cancel_booking
from appointments.operations.choice import Choice, Details
from appointments.operations.forget import forget_diaries
from appointments.operations.joining import change_joining, save_place, set_online_room
from appointments.operations.move import move_booking
from appointments.rules.joining import link_of
from appointments.selectors.free_times import (
    TimeSearch,
    counted_starts,
    free_starts,
    free_times,
    free_times_at,
    nearest_free_times,
)
from eligibility.rules.calendar import AcademicCalendar
from foundation.outcomes.refusals import Refused
from foundation.values.links import LONGEST_LINK, https_link
from foundation.values.times import database_now, local_day
from messaging.models import DeliveryState, OutboxMessage
from messaging.operations.deliver import deliver_message
from places.models import Location
from tests.appointments.student_browser import as_, page_of
from tests.cast import Cast
from tests.clock import stop_database_clock
from tests.factories import stored_booking
from tests.page_parts import codes, hidden_version, refusals

pytestmark = pytest.mark.django_db

OWN, ROOM, PLACE = (f"https://meet.example.ac.uk/{name}" for name in ("this-once", "helen", "careers"))


def at_place(cast: Cast, place: Location, hour: int = 9, adviser: User | None = None) -> Choice:
    return replace(cast.choice(hour), location=place, mode=str(place.mode), adviser=adviser or cast.adviser)


def online(cast: Cast, hour: int = 9) -> Booking:
    choice = at_place(cast, cast.online, hour)
    return book_appointment(student=cast.student, choice=choice, details=Details(), by=cast.student)


def without_link(cast: Cast) -> None:
    Location.objects.filter(pk=cast.online.pk).update(link="")
    cast.online.refresh_from_db()


def again(booking: Booking) -> Booking:
    found: Booking = Booking.objects.with_people().get(pk=booking.pk)
    return found


def code_of(attempt: Callable[..., object], **said: Any) -> tuple[str, str]:
    with pytest.raises(Refused) as refused, transaction.atomic():
        attempt(**said)
    return refused.value.code, refused.value.field


@pytest.mark.parametrize(
    ("own", "room", "place", "link"),
    [
        (OWN, ROOM, PLACE, OWN),
        ("", ROOM, PLACE, ROOM),
        ("", "", PLACE, PLACE),
        (OWN, "", "", OWN),
        ("", ROOM, "", ROOM),
        ("", "", "", ""),
    ],
)
def test_the_link_typed_comes_first_then_the_advisers_then_the_places(
    cast: Cast, own: str, room: str, place: str, link: str, django_assert_num_queries: Any
) -> None:
    booking = online(cast)
    Booking.objects.update(own_link=own)
    Location.objects.filter(pk=cast.online.pk).update(link=place)
    if room:
        OnlineRoom.objects.create(adviser=cast.adviser, link=room)
    found = again(booking)
    with django_assert_num_queries(0):
        assert link_of(found) == link


def test_an_appointment_in_person_has_no_link(cast: Cast) -> None:
    OnlineRoom.objects.create(adviser=cast.adviser, link=ROOM)
    booking = stored_booking(cast.student, cast.adviser, cast.type, cast.room, cast.starts())
    assert link_of(again(booking)) == ""


def search(cast: Cast, mode: str = "online") -> TimeSearch:
    return TimeSearch(cast.type, cast.day, cast.day, database_now(), AcademicCalendar(), mode=mode)


def offered(cast: Cast) -> dict[str, set[str]]:
    """The advisers, or the number of starts, that each of the statements offers online."""
    asked, nine = search(cast), cast.starts()
    return {
        "starts": {str(len(free_starts(asked)))},
        "counted": {str(each.advisers) for each in counted_starts(asked)},
        "times": {each.adviser for each in free_times(asked, limit=100)},
        "at": {each.adviser for each in free_times_at(asked, nine)},
        "nearest": {each.adviser for each in nearest_free_times(asked, nine)},
    }


def test_no_online_time_is_offered_where_there_is_no_link(cast: Cast) -> None:
    assert "0" not in offered(cast)["starts"]
    without_link(cast)
    nothing: set[str] = set()
    assert offered(cast) == {**dict.fromkeys(("counted", "times", "at", "nearest"), nothing), "starts": {"0"}}
    assert free_starts(search(cast, "in_person"))


def test_an_adviser_with_a_link_is_offered_where_the_place_has_none(cast: Cast) -> None:
    without_link(cast)
    OnlineRoom.objects.create(adviser=cast.other_adviser, link=ROOM)
    found = offered(cast)
    assert found["counted"] == {"1"}
    assert found["times"] == found["at"] == {cast.other_adviser.public_id}
    assert found["nearest"] == {cast.other_adviser.public_id}


@pytest.mark.parametrize("by", ["student", "adviser"])
def test_nobody_can_book_online_without_a_link(cast: Cast, by: str) -> None:
    without_link(cast)
    said = {"student": cast.student, "details": Details(), "by": getattr(cast, by)}
    assert code_of(book_appointment, choice=at_place(cast, cast.online), **said)[0] == "not_offered"
    OnlineRoom.objects.create(adviser=cast.adviser, link=ROOM)
    assert link_of(again(book_appointment(choice=at_place(cast, cast.online), **said))) == ROOM


@pytest.mark.parametrize(
    "link",
    [
        "http://meet.example.ac.uk/a",
        "meet.example.ac.uk/a",
        "javascript:alert(1)",
        "https://",
        "https://amara@meet.example.ac.uk/a",
        "https://meet.example.ac.uk/a b",
        "https://meet.example.ac.uk/\u202ea",
        "https://meet.example.ac.uk/" + "a" * LONGEST_LINK,
    ],
)
def test_a_link_that_cannot_be_opened_safely_is_refused(cast: Cast, link: str) -> None:
    with pytest.raises(ValueError, match="link"):
        https_link(link)
    assert code_of(set_online_room, adviser=cast.adviser, link=link, by=cast.adviser) == ("link_unusable", "link")
    answer = as_(cast.adviser).post(reverse("online_room_edit"), {"link": link})
    assert answer.status_code == 422
    assert codes(answer)["link"] in (["link_unusable"], ["max_length"])


def test_the_database_takes_https_only(cast: Cast) -> None:
    booking = online(cast)
    for change in (
        lambda: Booking.objects.filter(pk=booking.pk).update(own_link="http://meet.example.ac.uk"),
        lambda: OnlineRoom.objects.create(adviser=cast.adviser, link="http://meet.example.ac.uk"),
        lambda: Location.objects.filter(pk=cast.online.pk).update(link="http://meet.example.ac.uk"),
        lambda: Location.objects.filter(pk=cast.room.pk).update(link=PLACE),
        lambda: Booking.objects.filter(pk=booking.pk).update(phone="+447700900123"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_link_is_typed_once_and_told(cast: Cast) -> None:
    """The student is told at once, and the reminder and the calendar have the new link."""
    booking = online(cast)
    assert PLACE in invitation(again(booking)).replace("\r\n ", "")
    changed = again(change_joining(booking=booking, link=f" {OWN} ", by=cast.front_desk))
    assert (link_of(changed), changed.sequence) == (OWN, 1)
    for text in (invitation(changed), calendar_file(changed)):
        (event,) = Calendar.from_ical(text).walk("VEVENT")
        assert OWN in event["DESCRIPTION"]
        assert (event["SEQUENCE"], event["CLASS"]) == (1, "PRIVATE")
    waiting = OutboxMessage.objects.filter(regarding=booking.public_id, state=DeliveryState.QUEUED)
    assert {each.context["sequence"] for each in waiting} == {1}
    assert "appointments.booked" not in {each.kind for each in waiting}
    for kind in ("appointments.changed", "appointments.reminder"):
        message = waiting.get(kind=kind)
        OutboxMessage.objects.filter(pk=message.pk).update(not_before=booking.booked_at, try_at=booking.booked_at)
        deliver_message(message.public_id)
        message.refresh_from_db()
        assert OWN in message.body_text
        assert OWN in message.body_html
        assert PLACE not in message.body_text


def test_the_link_is_in_no_audit_entry(cast: Cast) -> None:
    change_joining(booking=online(cast), link=OWN, by=cast.adviser)
    set_online_room(adviser=cast.adviser, link=ROOM, by=cast.adviser)
    assert {"joining_changed", "online_room_set"} <= set(AuditEntry.objects.values_list("action", flat=True))
    said = repr(list(AuditEntry.objects.values()))
    assert OWN not in said
    assert ROOM not in said


def test_saving_the_same_link_tells_nobody(cast: Cast) -> None:
    booking = change_joining(booking=online(cast), link=OWN, by=cast.adviser)
    change_joining(booking=booking, link=OWN, by=cast.adviser)
    assert again(booking).sequence == 1


def test_an_advisers_new_link_reaches_those_it_changes(cast: Cast) -> None:
    by_place, by_own = online(cast), online(cast, 11)
    change_joining(booking=by_own, link=OWN, by=cast.adviser)
    in_person = book_appointment(student=cast.other_student, choice=cast.choice(13), details=Details(), by=cast.adviser)
    set_online_room(adviser=cast.adviser, link=ROOM, by=cast.adviser)
    told = OutboxMessage.objects.filter(kind="appointments.changed").exclude(regarding=by_own.public_id)
    assert [each.regarding for each in told] == [by_place.public_id]
    assert (again(by_place).sequence, again(by_own).sequence, again(in_person).sequence) == (1, 1, 0)


def test_a_places_new_link_reaches_those_it_changes(cast: Cast) -> None:
    by_place = online(cast)
    OnlineRoom.objects.create(adviser=cast.other_adviser, link=ROOM)
    by_room = stored_booking(cast.other_student, cast.other_adviser, cast.type, cast.online, cast.starts())
    cast.online.link = OWN
    save_place(location=cast.online, by=cast.administrator)
    assert (link_of(again(by_place)), link_of(again(by_room))) == (OWN, ROOM)
    assert (again(by_place).sequence, again(by_room).sequence) == (1, 0)


def test_no_link_is_taken_from_appointments_ahead(cast: Cast) -> None:
    set_online_room(adviser=cast.adviser, link=ROOM, by=cast.adviser)
    without_link(cast)
    booking = online(cast)
    assert code_of(set_online_room, adviser=cast.adviser, link="", by=cast.adviser) == ("link_needed", "link")
    assert OnlineRoom.objects.exists()
    Location.objects.filter(pk=cast.online.pk).update(link=PLACE)
    set_online_room(adviser=cast.adviser, link="", by=cast.adviser)
    assert link_of(again(booking)) == PLACE
    cast.online.refresh_from_db()
    assert place_form(cast, link="").errors.as_data()["link"][0].code == "link_needed"
    cancel_booking(booking=booking, by=cast.student)
    assert place_form(cast, link="").is_valid()


def place_form(cast: Cast, **said: str) -> LocationForm:
    kept = {name: getattr(cast.online, name) for name in ("name", "mode", "confidentiality", "confidentiality_note")}
    return LocationForm({**kept, "is_open": "on", **said}, instance=cast.online)


def test_a_typed_link_is_not_removed_where_there_is_no_other(cast: Cast) -> None:
    booking = change_joining(booking=online(cast), link=OWN, by=cast.adviser)
    without_link(cast)
    assert code_of(change_joining, booking=booking, link="", by=cast.adviser) == ("link_missing", "link")
    assert link_of(again(booking)) == OWN


@pytest.mark.parametrize(("minutes", "may"), [(29, True), (30, False)])
def test_a_link_can_be_changed_until_the_end(cast: Cast, minutes: int, may: bool) -> None:
    booking = online(cast)
    stop_database_clock(booking.starts_at + timedelta(minutes=minutes))
    if may:
        change_joining(booking=booking, link=OWN, by=cast.front_desk)
    else:
        assert code_of(change_joining, booking=booking, link=OWN, by=cast.front_desk)[0] == "too_late"
    assert (link_of(again(booking)) == OWN) is may


def test_a_link_that_a_colleague_changed_meanwhile_is_asked_about_once(cast: Cast) -> None:
    booking, client = online(cast), as_(cast.adviser)
    page = page_of("joining_edit", booking)
    version = hidden_version(client.get(page))
    change_joining(booking=booking, link=OWN, by=cast.front_desk)
    stale = client.post(page, {"link": ROOM, "version": version})
    assert (stale.status_code, refusals(stale)) == (409, ["changed_since"])
    assert link_of(again(booking)) == OWN
    assert stale.context["form"]["link"].value() == ROOM
    assert client.post(page, {"link": ROOM, "version": hidden_version(stale)}).status_code == 302
    assert link_of(again(booking)) == ROOM


@pytest.mark.parametrize("who", ["student", "outsider"])
def test_only_careers_staff_change_a_link(cast: Cast, who: str) -> None:
    booking = online(cast)
    answer = as_(getattr(cast, who)).post(page_of("joining_edit", booking), {"link": OWN})
    assert answer.status_code in (403, 404)
    assert link_of(again(booking)) == PLACE


def test_a_move_to_another_adviser_drops_the_typed_link(cast: Cast) -> None:
    booking = change_joining(booking=online(cast), link=OWN, by=cast.adviser)
    same = move_booking(booking=booking, choice=at_place(cast, cast.online, 11), by=cast.student)
    assert link_of(again(same)) == OWN
    other = move_booking(booking=same, choice=at_place(cast, cast.online, 11, cast.other_adviser), by=cast.student)
    assert link_of(again(other)) == PLACE


@pytest.mark.parametrize("who", ["student", "adviser", "other_adviser", "front_desk", "manager"])
def test_only_the_two_who_meet_see_the_link(cast: Cast, who: str) -> None:
    booking = change_joining(booking=online(cast), link=OWN, by=cast.front_desk)
    set_online_room(adviser=cast.adviser, link=ROOM, by=cast.manager)
    client, mine = as_(getattr(cast, who)), who in ("student", "adviser")
    if who == "student":
        pages = [page_of("booking_detail", booking), page_of("booking_booked", booking)]
    else:
        day = f"?day={cast.day}&adviser=all"
        pages = [page_of("staff_booking_detail", booking), page_of("joining_edit", booking)]
        for hidden in (reverse("today") + day, reverse("diary_week") + f"?week={cast.day}"):
            assert OWN not in client.get(hidden).content.decode()
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200
        assert (OWN in answer.content.decode()) is mine
    if who in ("adviser", "manager"):
        room = client.get(reverse("online_room_edit") + f"?adviser={cast.adviser.public_id}").content.decode()
        assert (ROOM in room) is mine
    api = client.get(reverse("api_booking_detail", args=[booking.public_id]))
    assert OWN not in api.content.decode()


def test_the_link_is_gone_with_the_appointment(cast: Cast) -> None:
    booking = online(cast)
    cancel_booking(booking=booking, by=cast.student)
    assert PLACE not in as_(cast.student).get(page_of("booking_detail", booking)).content.decode()
    assert PLACE not in invitation(again(booking)).replace("\r\n ", "")


def starting(cast: Cast, minutes: int) -> Booking:
    """An online appointment that starts in so many minutes; it lasts 30."""
    starts = database_now() + timedelta(minutes=minutes)
    return stored_booking(cast.student, cast.adviser, cast.type, cast.online, starts)


def today_of(booking: Booking, who: User) -> str:
    answer = as_(who).get(reverse("today") + f"?day={booking.local_date}&adviser=all")
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("minutes", "setting", "shown"),
    [(17, None, False), (13, None, True), (-25, None, True), (-31, None, False), (33, 30, False), (27, 30, True)],
)
def test_join_is_on_today_from_a_set_time(cast: Cast, minutes: int, setting: int | None, shown: bool) -> None:
    booking = starting(cast, minutes)
    if setting:
        today = local_day(database_now())
        PolicySetting.objects.create(
            key="join_minutes_before", value=setting, effective_from=today, set_by=cast.administrator
        )
    assert (f'href="{PLACE}"' in today_of(booking, cast.adviser)) is shown
    assert PLACE not in today_of(booking, cast.front_desk)


def test_a_setting_of_tomorrow_does_not_count_today(cast: Cast) -> None:
    booking, later = starting(cast, 30), local_day(database_now()) + timedelta(days=1)
    PolicySetting.objects.create(key="join_minutes_before", value=60, effective_from=later, set_by=cast.administrator)
    assert PLACE not in today_of(booking, cast.adviser)


@pytest.mark.parametrize("status", ["held", "cancelled", "attended"])
def test_nobody_joins_what_does_not_take_place(cast: Cast, status: str) -> None:
    booking = starting(cast, 5)
    said = {"ended_at": None if status == "held" else booking.starts_at}
    Booking.objects.filter(pk=booking.pk).update(status=status, **said)
    assert PLACE not in today_of(booking, cast.adviser)


def test_only_the_adviser_and_managers_set_an_advisers_link(cast: Cast) -> None:
    assert code_of(set_online_room, adviser=cast.adviser, link=ROOM, by=cast.other_adviser)[0] == "not_yours"
    set_online_room(adviser=cast.adviser, link=ROOM, by=cast.manager)
    manager = as_(cast.manager)
    empty = manager.post(reverse("online_room_edit") + f"?adviser={cast.adviser.public_id}", {"link": ""})
    assert codes(empty)["link"] == ["required"]
    assert OnlineRoom.objects.get().link == ROOM


def test_a_link_goes_with_the_advisers_diary(cast: Cast) -> None:
    set_online_room(adviser=cast.adviser, link=ROOM, by=cast.adviser)
    forget_diaries([cast.adviser.pk])
    assert not OnlineRoom.objects.exists()
