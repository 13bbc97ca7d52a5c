"""Settings, weekly hours and reply templates: what a colleague has saved meanwhile is shown and not overwritten."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from appointments.models import Booking, DiaryTemplate
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from appointments.operations.diary import save_template
from places.models import Location
from queries.models import ReplyTemplate
from tests.cast import Cast
from tests.factories import DiaryTemplateFactory
from tests.page_parts import hidden_version, refusals, tree_of

pytestmark = pytest.mark.django_db

CHANGED = ["changed_since"]


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def weekly(cast: Cast) -> DiaryTemplate:
    template: DiaryTemplate = DiaryTemplateFactory(adviser=cast.adviser)
    template.types.add(cast.type)
    template.locations.add(cast.room)
    return template


def test_weekly_hours_saved_meanwhile_are_shown_beside_what_was_typed(cast: Cast) -> None:
    template, client = weekly(cast), as_(cast.adviser)
    page = reverse("template_edit", args=[template.public_id])
    old = hidden_version(client.get(page))
    theirs = DiaryTemplate.objects.get()
    theirs.starts = "08:15"
    save_template(template=theirs, types=[cast.type], locations=[cast.other_room], by=cast.manager)
    said = {"weekday": 2, "starts": "13:00", "ends": "16:00", "types": [cast.type.pk], "locations": [cast.room.pk]}
    answer = client.post(page, {**said, "version": old})
    assert (answer.status_code, refusals(answer)) == (409, CHANGED)
    labels = {each.label: each.words for each in answer.context["saved_meanwhile"]}
    assert labels["From"] == "08:15"
    assert cast.other_room.name in labels["Where"]
    assert cast.manager.name in answer.context["refused"].message
    assert answer.context["form"]["starts"].value() == "13:00"
    assert DiaryTemplate.objects.get().starts.hour == 8
    assert client.post(page, {**said, "version": hidden_version(answer)}).status_code == 302
    assert DiaryTemplate.objects.get().starts.hour == 13


def test_another_place_makes_weekly_hours_another_version(cast: Cast) -> None:
    template = weekly(cast)
    before = template.version
    template.locations.add(cast.other_room)
    assert DiaryTemplate.objects.get().version != before


def test_a_time_with_a_new_booking_is_not_withdrawn_unseen(cast: Cast) -> None:
    from_page = cast.adviser.diary_blocks.get()
    client = as_(cast.adviser)
    page = reverse("block_withdraw", args=[from_page.public_id])
    old = client.get(page).context["seal"]
    book_appointment(student=cast.student, choice=cast.choice(9), details=Details(), by=cast.student)
    answer = client.post(page, {"confirmed": old})
    assert answer.status_code == 409
    assert [each.key for each in answer.context["hit"]] == [Booking.objects.get().public_id]
    assert cast.student.name in answer.content.decode()
    assert cast.adviser.diary_blocks.exists()
    assert client.post(page, {"confirmed": answer.context["seal"]}).status_code == 302
    assert not cast.adviser.diary_blocks.exists()


@pytest.mark.parametrize("delete", [False, True])
def test_a_reply_template_saved_meanwhile_is_neither_overwritten_nor_deleted(cast: Cast, delete: bool) -> None:
    template = ReplyTemplate.objects.create(name="Thanks", text="Dear {first_name}")
    client, page = as_(cast.manager), reverse("reply_template_edit", args=[template.public_id])
    old = hidden_version(client.get(page))
    ReplyTemplate.objects.update(text="Hello {first_name}")
    said = {"name": "Thanks", "text": "Good morning {first_name}", **({"delete": "yes"} if delete else {})}
    answer = client.post(page, {**said, "version": old})
    assert (answer.status_code, refusals(answer)) == (409, CHANGED)
    assert ReplyTemplate.objects.get().text == "Hello {first_name}"
    assert [each.words for each in answer.context["saved_meanwhile"]] == ["Hello {first_name}"]
    assert client.post(page, {**said, "version": hidden_version(answer)}).status_code == 302
    assert list(ReplyTemplate.objects.values_list("text", flat=True)) == ([] if delete else [said["text"]])


def change_form(client: Client, page: str) -> dict[str, str]:
    form = tree_of(client.get(page)).xpath("//form[contains(@id, '_form')]")[0]
    return {name: value for name, value in form.form_values() if not name.startswith("_")}


def test_a_setting_in_the_administration_saved_meanwhile_is_not_overwritten(cast: Cast) -> None:
    client = as_(cast.administrator)
    page = reverse("admin:places_location_change", args=[cast.room.pk])
    said = change_form(client, page)
    assert said["version"]
    Location.objects.filter(pk=cast.room.pk).update(directions="Second floor")
    answer = client.post(page, {**said, "building": "New Building"})
    assert answer.status_code == 409
    assert "Second floor" in answer.content.decode()
    found = Location.objects.get(pk=cast.room.pk)
    assert (found.directions, found.building != "New Building") == ("Second floor", True)
    version = str(tree_of(answer).xpath("//input[@name='version']/@value")[0])
    assert version != said["version"]
    assert client.post(page, {**said, "building": "New Building", "version": version}).status_code == 302
    assert Location.objects.get(pk=cast.room.pk).building == "New Building"


def test_a_type_in_the_administration_has_the_version_of_its_linked_rows(cast: Cast) -> None:
    client = as_(cast.administrator)
    page = reverse("admin:appointments_appointmenttype_change", args=[cast.type.pk])
    before = change_form(client, page)["version"]
    cast.type.policies.clear()
    assert change_form(client, page)["version"] != before
