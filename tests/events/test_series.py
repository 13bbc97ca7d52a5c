"""A series: published together, changed together, and registered for in one go."""

from datetime import timedelta

import pytest
from django.urls import reverse

from eligibility.models import Group
from events.models import Event, EventOrganiser, EventReserve, EventSeries, EventState, Registration
from events.operations.edit_event import change_event, copy_event
from events.operations.publish import publish_series
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now
from tests.cast import Cast
from tests.events.factories import EventTypeFactory, an_event, registered
from tests.events.test_staff_pages import as_
from tests.factories import AudienceFactory

pytestmark = pytest.mark.django_db


def weekly(cast: Cast, many: int = 3, state: EventState = EventState.DRAFT, **more: object) -> list[Event]:
    series, type = EventSeries.objects.create(title="CV clinic", created_by=cast.adviser), EventTypeFactory()
    first = (database_now() + timedelta(days=7)).replace(minute=0)
    weeks = [first + timedelta(weeks=number) for number in range(many)]
    return [an_event(starts=each, state=state, series=series, type=type, **more) for each in weeks]  # type: ignore[arg-type]  # the factory


def test_all_drafts_are_published_or_none(cast: Cast) -> None:
    first, second, third = weekly(cast)
    second.sessions.update(venue="")
    with pytest.raises(Refused) as caught:
        publish_series(series=first.series, by=cast.adviser)
    assert (caught.value.code, second.when in caught.value.message) == ("event_incomplete", True)
    assert set(Event.objects.values_list("state", flat=True)) == {"draft"}
    second.sessions.update(venue="Room 1")
    assert publish_series(series=first.series, by=cast.adviser) == [first, second, third]
    assert publish_series(series=first.series, by=cast.adviser) == []
    with pytest.raises(Refused):
        publish_series(series=first.series, by=cast.front_desk)


def test_the_button_stands_where_there_are_several_drafts(cast: Cast) -> None:
    first, *_ = weekly(cast)
    client, url = as_(cast.adviser), reverse("series_publish", args=[first.public_id])
    assert url in client.get(reverse("staff_event_detail", args=[first.public_id])).content.decode()
    assert client.post(url).status_code == 302
    assert set(Event.objects.values_list("state", flat=True)) == {"published"}
    assert client.post(reverse("series_publish", args=[an_event().public_id])).status_code == 404


def test_later_events_get_the_same_words(cast: Cast) -> None:
    first, second, third = weekly(cast)
    Event.objects.filter(pk=third.pk).update(
        state="cancelled", cancelled_at=database_now(), published_at=database_now()
    )
    second.title, second.cancel_until = "CV clinic, new", database_now()
    change_event(event=second, by=cast.adviser, also_later=True)
    assert not Event.objects.filter(pk=first.pk, title="CV clinic, new").exists(), "an earlier one stays"
    assert not Event.objects.filter(pk=third.pk, title="CV clinic, new").exists(), "a cancelled one stays"
    first.title, first.cancel_until = "For all", database_now()
    change_event(event=first, by=cast.adviser, also_later=True)
    second.refresh_from_db()
    assert (second.title, second.cancel_until != first.cancel_until) == ("For all", True)
    page = as_(cast.adviser).get(reverse("event_edit", args=[first.public_id]))
    assert "also_later" in page.context["form"].fields


def test_a_copy_has_the_organisers_and_the_kept_places(cast: Cast) -> None:
    event = an_event(places=9)
    EventOrganiser.objects.create(event=event, person=cast.manager)
    EventReserve.objects.create(
        event=event, group=Group.objects.create(slug="first", name="First years"), mode="in_person", places=3
    )
    copy = copy_event(event=event, starts_at=event.starts_at + timedelta(days=7), by=cast.adviser)
    assert {each.person for each in copy.organisers.all()} == {cast.adviser, cast.manager}
    assert [each.places for each in copy.reserves.all()] == [3]


def test_a_student_registers_for_several(cast: Cast) -> None:
    first, second, third = weekly(cast, state=EventState.PUBLISHED)
    hidden = an_event(state=EventState.DRAFT, series=first.series, starts=first.starts_at + timedelta(days=60))
    elsewhere = an_event(starts=first.starts_at + timedelta(days=90))
    registered(second, cast.student)
    nobody = AudienceFactory(rule={"course": {"level": ["postgraduate_research"]}})
    Event.objects.filter(pk=third.pk).update(audience=nobody)
    client, url = as_(cast.student), reverse("series_register", args=[first.series.public_id])
    page = client.get(reverse("series_detail", args=[first.series.public_id]))
    assert [each.registers_at_once for _, rows in page.context["days"] for each in rows] == [True, False, False]
    chosen = [each.public_id for each in (first, second, third, hidden, elsewhere)]
    answer = client.post(url, {"event": chosen}, follow=True)
    assert {each.event_id for each in Registration.objects.all()} == {first.pk, second.pk}
    said = [(each.level_tag, each.extra_tags) for each in answer.context["messages"]]
    assert said == [("error", "registered_already"), ("error", "not_eligible"), ("success", "")]
    nothing = client.post(url, follow=True)
    assert [each.extra_tags for each in nothing.context["messages"]] == ["nothing_chosen"]


def test_the_page_of_a_series_asks_as_much_for_one_as_for_three(cast: Cast, django_assert_num_queries: object) -> None:
    series = weekly(cast, many=1, state=EventState.PUBLISHED)[0].series
    client, url = as_(cast.student), reverse("series_detail", args=[series.public_id])
    client.get(url)
    with django_assert_num_queries(10):  # type: ignore[operator]  # a fixture
        client.get(url)
    for number in (2, 3):
        an_event(series=series, starts=database_now() + timedelta(days=30 * number))
    with django_assert_num_queries(10):  # type: ignore[operator]  # a fixture
        client.get(url)
