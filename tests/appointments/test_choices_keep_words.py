"""Another time or another way to meet: what was typed, the day and the filters come along, without JavaScript too."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Draft
from appointments.models import Booking
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from documents.models import Document
from foundation.values.times import local_day
from places.models import Location
from tests.accounts.test_drafts import browser_of, send
from tests.appointments.student_browser import as_, booked, page_of, step, time_of
from tests.cast import Cast
from tests.factories import TelephoneFactory

pytestmark = pytest.mark.django_db

TYPED = "Two offers to compare"


def asked_in(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def day_of(cast: Cast) -> str:
    return local_day(cast.starts(9)).isoformat()


def typed_on(client: Client, page: str) -> dict[str, object]:
    form = client.get(page).context["form"]
    return {name: form[name].value() for name in form.fields}


def test_another_way_to_meet_keeps_what_was_typed(cast: Cast) -> None:
    client = as_(cast.student)
    details, instead = step("booking_details", cast), time_of(cast, mode="online", location=cast.online.public_id)
    answer = client.post(details, {"help_wanted": TYPED, "access_needs": "Captions", "instead": instead})
    assert answer.status_code == 302
    assert asked_in(answer["Location"])["mode"] == "online"
    shown = typed_on(client, answer["Location"])
    assert (shown["help_wanted"], shown["access_needs"]) == (TYPED, "Captions")


def test_permission_to_record_is_as_it_was_last_left(cast: Cast) -> None:
    """It is asked only online: another way to meet forgets neither a permission nor that it was taken back."""
    client = as_(cast.student)
    online = step("booking_details", cast, mode="online", location=cast.online.public_id)
    client.post(online, {"recording_permission": "on"})
    client.post(step("booking_details", cast), {"help_wanted": TYPED})
    assert typed_on(client, online)["recording_permission"] == "on"
    client.post(online, {"help_wanted": TYPED})
    assert not typed_on(client, online)["recording_permission"]


def test_a_number_survives_another_way_to_meet(cast: Cast) -> None:
    telephone: Location = TelephoneFactory()
    cast.adviser.diary_blocks.get().locations.add(telephone)
    client, call = as_(cast.student), {"mode": "telephone", "location": telephone.public_id}
    client.post(step("booking_details", cast, **call), {"phone": "07700 900456"})
    client.post(step("booking_check", cast), {"help_wanted": TYPED})
    assert typed_on(client, step("booking_details", cast, **call))["phone"] == "07700 900456"


def test_another_time_keeps_what_was_typed_and_the_day_and_filters(cast: Cast) -> None:
    client = as_(cast.student)
    filtered = {"location": "", "adviser": ""}
    client.get(step("booking_details", cast, **filtered))
    for page in (step("booking_details", cast, **filtered), step("booking_details", cast)):
        answer = client.post(page, {"help_wanted": TYPED})
        assert urlsplit(answer["Location"]).path == reverse("time_list", args=[cast.type.slug])
        assert asked_in(answer["Location"]) == {"day": day_of(cast), "mode": "in_person"}
    assert typed_on(client, step("booking_details", cast, 11))["help_wanted"] == TYPED
    check = client.post(step("booking_check", cast), {"help_wanted": TYPED}, follow=True)
    assert asked_in(check.context["times_url"]) == {"day": day_of(cast), "mode": "in_person"}


def test_a_file_comes_along_and_a_bad_one_is_said(cast: Cast) -> None:
    client = as_(cast.student)
    file = SimpleUploadedFile("cv.txt", b"A short CV.", "text/plain")
    answer = client.post(step("booking_details", cast), {"help_wanted": TYPED, "file": file, "kind": "cv"})
    if answer.status_code == 422:
        assert answer.context["attach"].errors
        assert typed_on(client, step("booking_details", cast))["help_wanted"] == TYPED
    else:
        mine = Document.objects.get().public_id
        assert client.get(step("booking_details", cast)).context["attach"].initial["documents"] == [mine]


def test_details_that_are_not_valid_survive_a_time_that_is_taken(cast: Cast) -> None:
    cast.type.questions = [{"key": "employer", "label": "Employer", "required": True}]
    cast.type.save()
    booked(cast, student=cast.other_student)
    client = as_(cast.student)
    answer = client.post(step("booking_check", cast), {"help_wanted": TYPED})
    assert answer.status_code == 409
    assert typed_on(client, step("booking_details", cast, 11))["help_wanted"] == TYPED


@pytest.mark.parametrize("instead", ["start=x&mode=", "//elsewhere.example/", "a\r\nLocation: /", "https://a.example"])
def test_another_way_to_meet_leads_nowhere_else(cast: Cast, instead: str) -> None:
    answer = as_(cast.student).post(step("booking_details", cast), {"instead": instead})
    assert answer.status_code == 302
    assert urlsplit(answer["Location"]).path == reverse("booking_details", args=[cast.type.slug])
    assert not urlsplit(answer["Location"]).netloc


def test_choosing_another_time_to_move_to_keeps_day_and_filters(cast: Cast) -> None:
    booking = booked(cast)
    page = as_(cast.student).get(f"{page_of('booking_move_check', booking)}?{time_of(cast, 11, location='')}")
    adviser = cast.adviser.public_id
    assert asked_in(page.context["times_query"]) == {"day": day_of(cast), "mode": "in_person", "adviser": adviser}


def staff_page(cast: Cast, **asked: str) -> str:
    page = reverse("staff_booking_create", args=[cast.student.public_id, cast.type.slug])
    return f"{page}?{time_of(cast, **{'location': '', 'adviser': '', **asked})}"


def test_staff_choose_another_time_and_keep_day_filters_and_words(cast: Cast) -> None:
    client = as_(cast.front_desk)
    said = {"start": cast.starts(9).isoformat(), "help_wanted": TYPED, "other_times": "yes"}
    answer = client.post(staff_page(cast), said)
    assert urlsplit(answer["Location"]).path == reverse(
        "staff_time_list", args=[cast.student.public_id, cast.type.slug]
    )
    assert asked_in(answer["Location"]) == {"day": day_of(cast), "mode": "in_person"}
    later = staff_page(cast, start=cast.starts(11).isoformat())
    assert typed_on(client, later)["help_wanted"] == TYPED


def test_words_survive_a_time_that_is_taken_while_staff_book(cast: Cast) -> None:
    choice = cast.choice(9)
    client = as_(cast.front_desk)
    place = client.get(staff_page(cast)).context["form"].fields["place"].choices
    book_appointment(student=cast.student, choice=choice, details=Details(), by=cast.student)
    said = {"start": choice.starts_at.isoformat(), "place": str(place[-1][0]), "help_wanted": TYPED}
    answer = client.post(staff_page(cast), said)
    assert answer.context["taken"]
    assert Draft.objects.count() == 1
    assert typed_on(client, staff_page(cast, start=cast.starts(11).isoformat()))["help_wanted"] == TYPED


def test_what_was_about_to_be_booked_survives_the_end_of_the_session(cast: Cast, settings: Any) -> None:
    """At the last step: the check page is back, “Change” leads to the same words, and nothing is typed again."""
    check, details = step("booking_check", cast), step("booking_details", cast)
    client = browser_of(cast.student, settings)
    said = {"help_wanted": TYPED, "access_needs": "Captions", "documents": "", "key": "one"}
    sent = send(client, check, step("booking_create", cast), said)
    client.force_login(cast.student)
    back = asked_in(sent["Location"])["next"]
    assert urlsplit(back).path == urlsplit(check).path
    hidden = client.get(back).context["hidden"]
    assert (hidden["help_wanted"], hidden["access_needs"]) == (TYPED, "Captions")
    assert typed_on(client, details)["help_wanted"] == TYPED
    client.post(step("booking_create", cast), hidden)
    assert Booking.objects.get().help_wanted == TYPED
    assert not Draft.objects.exists()
