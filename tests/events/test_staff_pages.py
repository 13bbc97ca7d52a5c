"""Staff make, change, publish and cancel events, see who comes, and run the door."""

import io
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from accounts.models import AuditEntry, User
from events.models import (
    CheckIn,
    CheckInDevice,
    Event,
    EventEmployer,
    EventPicture,
    EventQuestion,
    EventSeries,
    EventState,
    Registration,
    RegistrationNeeds,
)
from events.operations.edit_event import WeeklyRule, copy_event
from events.rules.room_code import is_room_code, room_code
from foundation.values.times import database_now, local
from messaging.models import OutboxMessage
from tests.cast import Cast
from tests.events.factories import EventTypeFactory, an_event, registered
from tests.events.test_attendance import now_on
from tests.factories import AudienceFactory, StudentFactory

pytestmark = pytest.mark.django_db


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def stamp(moment: datetime) -> str:
    """As a browser writes it."""
    return moment.isoformat().replace("+00:00", "Z")


def page(client: Client, name: str, *args: str, **asked: str) -> str:
    answer = client.get(reverse(name, args=args), asked)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def fields(cast: Cast, **more: object) -> dict[str, object]:
    return {
        "title": "CV workshop", "type": EventTypeFactory().pk, "summary": "Bring your CV.", "day": str(cast.day),
        "starts": "14:00", "ends": "15:00", "venue": "1 Example Street", "in_person": "20", **more,
    }  # fmt: skip


class TestMaking:
    def test_a_draft_is_made_published_and_seen(self, cast: Cast) -> None:
        client = as_(cast.adviser)
        page(client, "event_create")
        client.post(reverse("event_create"), fields(cast))
        event = Event.objects.get()
        assert (event.state, event.places_in_person, event.organisers.get().person) == ("draft", 20, cast.adviser)
        assert local(event.starts_at).hour == 14
        client.post(reverse("event_publish", args=[event.public_id]))
        assert event.title in page(Client(), "event_list")

    def test_what_is_missing_is_said_and_nothing_typed_is_lost(self, cast: Cast) -> None:
        answer = as_(cast.adviser).post(reverse("event_create"), fields(cast, starts="", in_person=""))
        assert answer.status_code == 422
        assert "Bring your CV." in answer.content.decode()
        assert not Event.objects.exists()

    def test_over_midnight(self, cast: Cast) -> None:
        as_(cast.adviser).post(reverse("event_create"), fields(cast, starts="22:00", ends="01:00"))
        event = Event.objects.get()
        assert event.ends_at - event.starts_at == timedelta(hours=3)

    def test_the_front_desk_edits_nothing(self, cast: Cast) -> None:
        event = an_event()
        for name in ("event_edit", "event_times", "event_cancel", "event_copy"):
            assert as_(cast.front_desk).get(reverse(name, args=[event.public_id])).status_code == 404
        page(as_(cast.front_desk), "staff_event_detail", event.public_id)

    def test_every_page_of_an_event_opens(self, cast: Cast) -> None:
        event, client = an_event(online=3), as_(cast.adviser)
        registered(event, cast.student)
        for name in (
            "staff_event_detail", "event_edit", "event_times", "event_places_edit", "event_people", "event_questions",
            "event_reserves", "event_picture_edit", "event_cancel", "event_copy", "series_create", "event_message",
            "event_registrations", "event_print", "event_badges", "staff_registration_create", "event_attendance",
            "event_door", "device_create", "room_code",
        ):  # fmt: skip
            page(client, name, event.public_id)

    def test_changing_everything_about_an_event(self, cast: Cast) -> None:
        event, client = an_event(), as_(cast.adviser)
        client.post(reverse("event_people", args=[event.public_id]), {
            "organisers": [cast.adviser.pk, cast.front_desk.pk],
            "employers": "Bellweather Bank | https://bank.example.org | Stand 4\nIsis Museums",
        })  # fmt: skip
        assert event.organisers.count() == 2
        assert EventEmployer.objects.get(name="Bellweather Bank").note == "Stand 4"
        wrong = client.post(reverse("event_people", args=[event.public_id]), {"employers": "X | http://x.example"})
        assert (wrong.status_code, EventEmployer.objects.count()) == (422, 2)
        form = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-label": "Lunch?", "form-0-kind": "choice",
                "form-0-choices": "yes\nno"}  # fmt: skip
        client.post(reverse("event_questions", args=[event.public_id]), form)
        assert EventQuestion.objects.get().choices == ["yes", "no"]
        client.post(reverse("event_places_edit", args=[event.public_id]), {"in_person": "9", "online": ""})
        event.refresh_from_db()
        assert event.places_in_person == 9

    def test_two_colleagues_change_one_event(self, cast: Cast) -> None:
        event, client = an_event(), as_(cast.adviser)
        seen = event.version
        Event.objects.filter(pk=event.pk).update(summary="Changed meanwhile")
        said = {"title": "Mine", "type": event.type_id, "summary": "What I typed", "version": seen}
        answer = client.post(reverse("event_edit", args=[event.public_id]), said)
        assert answer.status_code == 409
        assert "What I typed" in answer.content.decode()
        event.refresh_from_db()
        assert event.summary == "Changed meanwhile"

    def test_pictures_are_drawn_again_and_others_refused(self, cast: Cast) -> None:
        event, client, url = an_event(), as_(cast.adviser), "event_picture_edit"
        drawn = io.BytesIO()
        Image.new("RGB", (3000, 200), "red").save(drawn, "PNG")
        bar = drawn.getvalue()
        for content, alt, status in ((b"<svg onload=1>", "A", 422), (bar, "", 422), (bar, "A red bar", 302)):
            upload = io.BytesIO(content)
            upload.name = "picture.png"
            answer = client.post(reverse(url, args=[event.public_id]), {"upload": upload, "alt": alt})
            assert answer.status_code == status
        picture = EventPicture.objects.get()
        assert (picture.width, picture.alt) == (1200, "A red bar")
        answer = Client().get(reverse("event_image", args=[event.public_id]))
        assert answer["Content-Type"] == "image/webp"
        assert 'alt="A red bar"' in page(Client(), "event_detail", event.public_id)

    def test_copying_keeps_the_clock_over_a_clock_change(self, cast: Cast) -> None:
        event = an_event()
        EventQuestion.objects.create(event=event, label="Why?")
        for days in range(0, 300, 37):
            copy = copy_event(event=event, starts_at=event.starts_at + timedelta(days=days), by=cast.adviser)
            assert copy.ends_at - copy.starts_at == event.ends_at - event.starts_at
        assert copy.questions.count() == 1
        assert copy.state == EventState.DRAFT

    def test_a_series_leaves_out_closures_and_unticked_days(self, cast: Cast) -> None:
        event, client = an_event(), as_(cast.adviser)
        first = event.local_date + timedelta(days=7)
        said = {"title": "Workshops", "first": str(first), "last": str(first + timedelta(days=21)), "starts": "14:00"}
        shown = client.post(reverse("series_create", args=[event.public_id]), said)
        assert shown.status_code == 200
        assert not EventSeries.objects.exists()
        client.post(reverse("series_create", args=[event.public_id]), {**said, "make": "yes", "days": [str(first)]})
        assert Event.objects.filter(series=EventSeries.objects.get()).count() == 2
        assert len(WeeklyRule(first, first + timedelta(days=21), local(event.starts_at).time()).days()) == 4

    @pytest.mark.parametrize("rows", [1, 3])
    def test_staff_event_list_queries(self, cast: Cast, rows: int) -> None:
        for _ in range(rows):
            registered(an_event(type=EventTypeFactory(), starts=database_now() + timedelta(days=2)), StudentFactory())
        client = as_(cast.adviser)
        client.get(reverse("staff_event_list"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("staff_event_list"))
        assert len(queries) == 6


class TestListsOfPeople:
    def test_lists_for_organisers_and_for_employers(self, cast: Cast) -> None:
        event, client = an_event(shares_with_employers=True), as_(cast.adviser)
        mine, theirs = registered(event, cast.student), registered(event, cast.other_student)
        Registration.objects.filter(pk=theirs.pk).update(shares_with_employers=True)
        question = EventQuestion.objects.create(event=event, label="Hopes?", for_employers=True)
        mine.answers.create(question=question, text="=HYPERLINK(1)")
        whole = client.get(reverse("event_answers_export", args=[event.public_id])).content.decode()
        assert cast.student.contact_email in whole
        assert ",=HYPERLINK" not in whole
        shared = client.get(reverse("event_employer_export", args=[event.public_id])).content.decode()
        assert (cast.other_student.name in shared, cast.student.name in shared) == (True, False)
        assert cast.other_student.contact_email not in shared

    @pytest.mark.policy("DATA-3")
    def test_reading_access_needs_is_recorded(self, cast: Cast) -> None:
        event = an_event()
        RegistrationNeeds.objects.create(registration=registered(event, cast.student), text="Captions")
        assert "Captions" in page(as_(cast.front_desk), "event_registrations", event.public_id)
        assert "Captions" not in page(as_(cast.adviser), "event_registrations", event.public_id)
        assert AuditEntry.objects.filter(subject="event_access_needs", actor=cast.front_desk).count() == 1

    def test_registering_and_cancelling_for_a_student(self, cast: Cast) -> None:
        event, client = an_event(), as_(cast.front_desk)
        assert cast.student.name in page(client, "staff_registration_create", event.public_id, q=cast.student.name)
        said = {"student": cast.student.public_id, "mode": "in_person"}
        client.post(reverse("staff_registration_create", args=[event.public_id]), said)
        registration = Registration.objects.get()
        assert registration.registered_by == cast.front_desk
        client.post(reverse("staff_registration_cancel", args=[registration.public_id]))
        assert Registration.objects.get().status == "cancelled"

    def test_a_message_goes_to_everybody_registered_once(self, cast: Cast) -> None:
        event, client = an_event(), as_(cast.adviser)
        registered(event, cast.student)
        said = {"text": "Bring a pen.", "once": "22223333abcd"}
        for _ in range(2):
            client.post(reverse("event_message", args=[event.public_id]), said)
        assert OutboxMessage.objects.filter(kind="events.note").count() == 1


class TestDoor:
    @pytest.mark.policy("SEC-2")
    def test_a_code_shows_whose_it_is_and_one_press_checks_in(self, cast: Cast) -> None:
        event, client = now_on(), as_(cast.front_desk)
        registration = registered(event, cast.student)
        code = f"https://careers.example/registrations/{registration.public_id}/"
        assert cast.student.name in page(client, "event_door", event.public_id, q=code)
        assert not CheckIn.objects.exists()
        said = {"registration": registration.public_id, "how": "code"}
        for _ in range(2):
            client.post(reverse("door_check_in", args=[event.public_id]), said)
        assert CheckIn.objects.get().how == "code"
        client.post(reverse("door_undo", args=[event.public_id]), said)
        assert not CheckIn.objects.exists()

    def test_scanned_without_a_network_keeps_its_time(self, cast: Cast) -> None:
        event, client = now_on(), as_(cast.front_desk)
        registration = registered(event, cast.student)
        at = database_now() - timedelta(minutes=3)
        said = {"registration": registration.public_id, "at": stamp(at), "sent_key": "k1"}
        url = reverse("door_check_in", args=[event.public_id])
        assert [client.post(url, said).json()["outcome"] for _ in range(2)] == ["new", "earlier"]
        cancelled = registered(event, cast.other_student)
        Registration.objects.filter(pk=cancelled.pk).update(status="cancelled", ended_at=at)
        assert client.post(url, {**said, "registration": cancelled.public_id}).json()["outcome"] == "refused"
        assert Client().post(url, said).status_code == 302
        assert abs(CheckIn.objects.get().at - at) < timedelta(seconds=1)

    @pytest.mark.parametrize("wrong", [timedelta(days=-5), timedelta(hours=3)], ids=["behind", "ahead"])
    def test_a_tablet_with_a_wrong_clock_loses_no_scan(self, cast: Cast, wrong: timedelta) -> None:
        event, client = now_on(), as_(cast.front_desk)
        registration, now = registered(event, cast.student), database_now()
        said = {
            "registration": registration.public_id,
            "sent_key": "k1",
            "at": stamp(now + wrong - timedelta(minutes=3)),
        }
        answer = client.post(reverse("door_check_in", args=[event.public_id]), {**said, "clock": stamp(now + wrong)})
        assert answer.json()["outcome"] == "new"
        assert abs(CheckIn.objects.get().at - (now - timedelta(minutes=3))) < timedelta(seconds=5)

    def test_a_refused_scan_says_whose_it_was(self, cast: Cast) -> None:
        event, client = an_event(), as_(cast.front_desk)
        registration = registered(event, cast.student)
        said = {"registration": registration.public_id, "sent_key": "k1", "at": stamp(database_now())}
        answer = client.post(reverse("door_check_in", args=[event.public_id]), said).json()
        assert (answer["outcome"], answer["words"].partition(":")[0]) == ("refused", cast.student.name)

    def test_the_camera_is_for_the_door_alone(self, cast: Cast) -> None:
        event, client = now_on(), as_(cast.front_desk)
        door = client.get(reverse("event_door", args=[event.public_id]))
        assert "camera=(self)" in door["Permissions-Policy"]
        other = client.get(reverse("staff_event_detail", args=[event.public_id]))
        assert "camera=()" in other["Permissions-Policy"]

    def test_walk_ins_and_other_events(self, cast: Cast) -> None:
        event, client = now_on(places=1), as_(cast.front_desk)
        elsewhere = registered(an_event(title="Another talk"), cast.other_student)
        assert "Another talk" in page(client, "event_door", event.public_id, q=elsewhere.public_id)
        client.post(reverse("door_walk_in", args=[event.public_id]), {"student": cast.student.public_id})
        assert CheckIn.objects.get().how == "walk_in"

    @pytest.mark.policy("ELIG-1")
    def test_the_door_says_first_who_may_attend(self, cast: Cast) -> None:
        nobody = AudienceFactory(rule={"course": {"level": ["postgraduate_research"]}})
        event, client = now_on(places=1, audience=nobody), as_(cast.front_desk)
        url = reverse("event_door", args=[event.public_id])
        answer = client.get(url, {"q": cast.student.university_id})
        [alone] = answer.context["found"]
        assert [refusal.code for refusal in alone.decision.reasons] == ["not_eligible"]
        assert answer.context["free"] == "1 place is free."
        Event.objects.filter(pk=event.pk).update(audience=None)
        registered(event, cast.other_student)
        answer = client.get(url, {"q": cast.student.university_id})
        assert bool(answer.context["found"][0].decision)
        assert not answer.context["free"].startswith("1 ")
        there = client.get(url, {"q": cast.other_student.university_id})
        assert (there.context["found"][0].decision, there.context["free"]) == (None, "")

    def test_a_device_does_nothing_else_and_ends(self, cast: Cast) -> None:
        event, client = now_on(), as_(cast.front_desk)
        registration = registered(event, cast.student)
        client.post(reverse("device_create", args=[event.public_id]), {"name": "Entrance"})
        assert client.get(reverse("staff_event_list")).status_code == 302
        said = client.post(reverse("device_door"), {"code": registration.public_id})
        assert CheckIn.objects.get().how == "kiosk"
        assert cast.student.first_name in said.content.decode()
        other = registered(an_event(), cast.other_student)
        assert client.post(reverse("device_door"), {"code": other.public_id}).status_code == 409
        as_(cast.manager).post(reverse("device_end", args=[CheckInDevice.objects.get().public_id]))
        for visitor in (client, Client()):
            assert visitor.post(reverse("device_door"), {"code": registration.public_id}).status_code == 409

    @pytest.mark.policy("SEC-2")
    def test_a_screenshot_of_the_rooms_code_is_refused_after_its_seconds(self, cast: Cast) -> None:
        event, client = now_on(), as_(cast.student)
        registered(event, cast.student)
        now = database_now()
        old = room_code(event.public_id, now - timedelta(seconds=30), 10)
        assert client.post(reverse("self_check_in", args=[event.public_id, old])).status_code == 409
        assert is_room_code(room_code(event.public_id, now, 10), event.public_id, now + timedelta(seconds=10), 10)
        elsewhere = room_code("another", now, 10)
        assert client.post(reverse("self_check_in", args=[event.public_id, elsewhere])).status_code == 409
        assert not CheckIn.objects.exists()
        fresh = reverse("self_check_in", args=[event.public_id, room_code(event.public_id, database_now(), 10)])
        assert client.get(fresh).status_code == 200
        assert not CheckIn.objects.exists()
        client.post(fresh)
        assert CheckIn.objects.get().how == "self"
        assert as_(cast.other_student).post(fresh).status_code == 409

    def test_closing_and_reopening_the_attendance(self, cast: Cast) -> None:
        event, client = now_on(), as_(cast.adviser)
        registration = registered(event, cast.student)
        past = database_now() - timedelta(minutes=1)
        Event.objects.filter(pk=event.pk).update(during=(past - timedelta(hours=2), past))
        event.sessions.update(during=(past - timedelta(hours=2), past))
        page(client, "event_attendance", event.public_id)
        client.post(reverse("event_attendance", args=[event.public_id]), {"missed": [registration.public_id]})
        assert Registration.objects.get().status == "missed"
        client.post(reverse("event_attendance_reopen", args=[event.public_id]), {"reason": "They came."})
        assert Registration.objects.get().status == "registered"

    def test_marking_somebody_as_missed_and_there_is_refused(self, cast: Cast) -> None:
        event, client = now_on(), as_(cast.adviser)
        registration = registered(event, cast.student)
        past = database_now() - timedelta(minutes=1)
        Event.objects.filter(pk=event.pk).update(during=(past - timedelta(hours=2), past))
        event.sessions.update(during=(past - timedelta(hours=2), past))
        url, who = reverse("event_attendance", args=[event.public_id]), [registration.public_id]
        both = client.post(url, {"missed": who, "came": who})
        assert (both.status_code, cast.student.name in both.content.decode()) == (422, True)
        assert client.post(url, {"came": who}).status_code == 302
        assert (Registration.objects.get().status, CheckIn.objects.get().how) == ("attended", "list")
