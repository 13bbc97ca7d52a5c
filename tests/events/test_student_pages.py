"""What the public and students see, and the two taps from an event to a place."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from eligibility.models import WaitingEntry
from events.models import Event, EventEmployer, EventFeedback, EventQuestion, EventState, Registration
from events.operations.cancel_registration import cancel_registration
from events.operations.waiting import join_waiting_list
from foundation.values.times import database_now
from foundation.web.markdown import markdown_html, markdown_text
from tests.cast import Cast
from tests.events.factories import EventTypeFactory, an_event, registered
from tests.factories import AudienceFactory, StudentFactory

pytestmark = pytest.mark.django_db

ANYBODY = ("event_list", "event_month", "event_feed")


def as_(user: User | None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def page(client: Client, name: str, *args: str, **asked: str) -> str:
    answer = client.get(reverse(name, args=args), asked)
    assert answer.status_code == 200, answer
    return answer.content.decode()


class TestPublic:
    def test_everybody_sees_what_is_published(self, cast: Cast) -> None:
        shown, draft = an_event(title="Shown"), an_event(title="Hidden", state=EventState.DRAFT)
        for name in ANYBODY:
            said = page(as_(None), name, **({"month": f"{shown.local_date:%Y-%m}"} if name == "event_month" else {}))
            assert ("Shown" in said, "Hidden" in said) == (True, False), name
        assert as_(None).get(reverse("event_detail", args=[draft.public_id])).status_code == 404
        assert as_(cast.adviser).get(reverse("event_detail", args=[draft.public_id])).status_code == 200

    def test_search_and_filters(self, cast: Cast) -> None:
        type = EventTypeFactory(slug="fair")
        fair = an_event(title="Careers fair", type=type)
        EventEmployer.objects.create(event=fair, name="Bellweather Bank")
        an_event(title="Webinar on tests", places=None, online=9)
        for asked, found in (
            ({"q": "bellweather"}, {"Careers fair"}),
            ({"type": "fair"}, {"Careers fair"}),
            ({"mode": "online"}, {"Webinar on tests"}),
            ({"q": "nothing such"}, set()),
            (
                {"type": "unknown", "mode": "?", "first": "yesterday", "page": "99"},
                {"Careers fair", "Webinar on tests"},
            ),
        ):
            said = page(as_(None), "event_list", **asked)
            assert {title for title in ("Careers fair", "Webinar on tests") if title in said} == found, asked

    @pytest.mark.policy("ELIG-1")
    def test_only_what_i_may_attend(self, cast: Cast) -> None:
        an_event(title="For everybody")
        audience = AudienceFactory(rule={"course": {"level": ["postgraduate_research"]}}, name="research students")
        closed = an_event(title="For researchers", audience=audience)
        said = page(as_(cast.student), "event_list", mine="on")
        assert ("For everybody" in said, "For researchers" in said) == (True, False)
        detail = page(as_(cast.student), "event_detail", closed.public_id)
        assert f'action="{reverse("registration_create", args=[closed.public_id])}"' not in detail

    def test_search_engines_read_what_it_is_but_not_the_link(self, cast: Cast) -> None:
        event = an_event(online=5, description="</script><script>alert(1)</script> **Bring** questions")
        said = page(as_(None), "event_detail", event.public_id)
        assert '"@type": "Event"' in said
        assert "MixedEventAttendanceMode" in said
        assert event.online_link not in said
        assert "<script>alert" not in said
        assert event.online_link not in page(as_(None), "event_calendar", event.public_id)

    def test_markdown_is_clean(self) -> None:
        html = markdown_html(
            '# One\n\n<b onclick="x()">b</b> [x](javascript:x) ![i](https://a.example/i.png) [y](https://a.example)'
        )
        assert "<h3>" in html
        assert "onclick" not in html.replace("&lt;b onclick", "")
        assert "javascript:" not in html.replace("](javascript:x)", "")
        assert "<img" not in html
        assert 'href="https://a.example"' in html
        assert markdown_text("**Bring** *questions*") == "Bring questions"

    @pytest.mark.parametrize("rows", [1, 3])
    def test_event_list_queries(self, cast: Cast, rows: int) -> None:
        for number in range(rows):
            an_event(title=f"Talk {number}", type=EventTypeFactory(), audience=AudienceFactory())
        for user, most in ((None, 6), (cast.student, 9)):
            client = as_(user)
            client.get(reverse("event_list"))
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse("event_list"))
            assert len(queries) == most, (user, [each["sql"][:90] for each in queries])


class TestRegistering:
    def test_an_event_that_asks_nothing_takes_one_tap(self, cast: Cast) -> None:
        event, client = an_event(), as_(cast.student)
        detail = page(client, "event_detail", event.public_id)
        assert f'action="{reverse("registration_create", args=[event.public_id])}"' in detail
        answer = client.post(reverse("registration_create", args=[event.public_id]), {"mode": "in_person"})
        registration = Registration.objects.get()
        assert answer["Location"] == reverse("registration_detail", args=[registration.public_id])
        assert "<svg" in page(client, "registration_detail", registration.public_id)

    def test_questions_are_on_the_page_and_what_was_typed_stays(self, cast: Cast) -> None:
        event, client = an_event(online=5), as_(cast.student)
        question = EventQuestion.objects.create(event=event, label="What do you hope for?", is_required=True)
        url = reverse("registration_create", args=[event.public_id])
        assert question.public_id in page(client, "registration_create", event.public_id)
        answer = client.post(url, {"mode": "online", "access_needs": "Captions, please"})
        assert answer.status_code == 422
        assert "Captions, please" in answer.content.decode()
        client.post(url, {"mode": "online", "access_needs": "Captions", question.public_id: "Contacts"})
        assert Registration.objects.get().answers.get().text == "Contacts"

    def test_full_meanwhile_keeps_what_was_typed(self, cast: Cast) -> None:
        event, client = an_event(places=1), as_(cast.student)
        registered(event, cast.other_student)
        said = {"mode": "in_person", "access_needs": "A seat near the door"}
        answer = client.post(reverse("registration_create", args=[event.public_id]), said)
        assert answer.status_code == 409
        assert "A seat near the door" in answer.content.decode()

    def test_signed_out_visitors_come_back_to_the_event(self, cast: Cast) -> None:
        event = an_event()
        assert f"?next={reverse('event_detail', args=[event.public_id])}" in page(
            as_(None), "event_detail", event.public_id
        )

    @pytest.mark.policy("SEC-2")
    def test_waiting_offer_and_passing_on(self, cast: Cast) -> None:
        event, client = an_event(places=1), as_(cast.student)
        taken = registered(event, cast.other_student)
        client.post(reverse("waiting_join", args=[event.public_id]), {"mode": "in_person"})
        entry = WaitingEntry.objects.get()
        page(client, "waiting_detail", entry.public_id)
        assert client.get(reverse("waiting_offer", args=[entry.public_id])).status_code == 302
        cancel_registration(registration=taken, by=cast.other_student)
        assert client.get(reverse("waiting_detail", args=[entry.public_id])).status_code == 302
        page(client, "waiting_offer", entry.public_id)
        client.post(reverse("waiting_offer", args=[entry.public_id]), {"access_needs": ""})
        assert Registration.objects.filter(student=cast.student, status="registered").exists()

    def test_a_lapsed_offer_says_so_and_loses_nothing(self, cast: Cast) -> None:
        event, client = an_event(places=1), as_(cast.student)
        taken = registered(event, cast.other_student)
        entry = join_waiting_list(event=event, student=cast.student, mode="in_person", by=cast.student)
        cancel_registration(registration=taken, by=cast.other_student)
        past = database_now() - timedelta(hours=1)
        WaitingEntry.objects.filter(pk=entry.pk).update(offered_at=past - timedelta(hours=1), offer_ends_at=past)
        answer = client.post(reverse("waiting_offer", args=[entry.public_id]), {"access_needs": "Captions"})
        assert answer.status_code == 409
        assert not Registration.objects.filter(student=cast.student).exists()


class TestOwn:
    def test_cancel_undo_and_the_list(self, cast: Cast) -> None:
        registration, client = registered(an_event(), cast.student), as_(cast.student)
        page(client, "registration_cancel", registration.public_id)
        client.post(reverse("registration_cancel", args=[registration.public_id]))
        assert Registration.objects.get().status == "cancelled"
        client.post(reverse("registration_undo", args=[registration.public_id]))
        assert Registration.objects.get().status == "registered"
        assert registration.event.title in page(client, "registration_list")
        assert registration.event.title not in page(client, "registration_list", show="past")

    def test_an_old_page_does_not_cancel_a_changed_registration(self, cast: Cast) -> None:
        registration, client = registered(an_event(), cast.student), as_(cast.student)
        seen = registration.version
        Registration.objects.filter(pk=registration.pk).update(sequence=5)
        answer = client.post(reverse("registration_cancel", args=[registration.public_id]), {"version": seen})
        assert answer.status_code == 409
        assert Registration.objects.get().status == "registered"

    def test_the_link_to_join_is_shown_shortly_before_and_to_nobody_else(self, cast: Cast) -> None:
        event = an_event(places=None, online=5, starts=database_now() + timedelta(minutes=59))
        registration = registered(event, cast.student, "online")
        assert event.online_link in page(as_(cast.student), "registration_detail", registration.public_id)
        far = registered(an_event(places=None, online=5), cast.student, "online")
        assert far.event.online_link not in page(as_(cast.student), "registration_detail", far.public_id)
        assert (
            as_(cast.other_student).get(reverse("registration_detail", args=[registration.public_id])).status_code
            == 404
        )

    def test_feedback_of_those_who_came(self, cast: Cast) -> None:
        registration, client = registered(an_event(), cast.student), as_(cast.student)
        url = reverse("feedback_create", args=[registration.public_id])
        assert client.get(url).status_code == 302
        Registration.objects.update(status="attended", ended_at=database_now())
        client.post(url, {"score": "4", "text": "More time for questions"})
        client.post(url, {"score": "5", "text": "More time for questions"})
        assert EventFeedback.objects.get().score == 5

    @pytest.mark.parametrize("rows", [1, 3])
    def test_registration_list_queries(self, cast: Cast, rows: int) -> None:
        client = as_(cast.student)
        for number in range(rows):
            starts = database_now() + timedelta(days=number + 2)
            registered(an_event(starts=starts), cast.student)
            full = an_event(starts=starts + timedelta(hours=5), places=1)
            registered(full, StudentFactory())
            join_waiting_list(event=full, student=cast.student, mode="in_person", by=cast.student)
        client.get(reverse("registration_list"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("registration_list"))
        assert len(queries) == 11
        assert Event.objects.count() == rows * 2
