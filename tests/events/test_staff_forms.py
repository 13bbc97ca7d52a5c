"""What staff forms refuse, and the lists that staff download."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from eligibility.models import Group
from events.models import RegistrationNeeds
from tests.cast import Cast
from tests.events.factories import an_event, registered
from tests.events.test_staff_pages import as_

pytestmark = pytest.mark.django_db


class TestForms:
    def test_a_refusal_stands_beside_its_field(self, cast: Cast) -> None:
        event, client = an_event(places=3), as_(cast.adviser)
        registered(event, cast.student)
        registered(event, cast.other_student)
        answer = client.post(reverse("event_places_edit", args=[event.public_id]), {"in_person": "1"})
        assert (answer.status_code, "in_person" in answer.context["form"].errors) == (409, True)

    @pytest.mark.parametrize("name", ["event_times", "event_questions"])
    def test_too_many_rows_are_refused_aloud(self, cast: Cast, name: str) -> None:
        event, client = an_event(), as_(cast.adviser)
        rows = {f"form-{n}-{field}": "Why?" for n in range(13) for field in ("label", "title")}
        kinds = {f"form-{n}-kind": "text" for n in range(13)}
        said = {**rows, **kinds, "form-TOTAL_FORMS": "13", "form-INITIAL_FORMS": "0"}
        answer = client.post(reverse(name, args=[event.public_id]), said)
        assert answer.status_code == 422
        assert next(iter(answer.context["form"].non_form_errors())) in answer.content.decode()
        assert not event.questions.exists()

    def test_a_picture_needs_a_file_and_not_too_much_of_it(self, cast: Cast) -> None:
        event, client = an_event(), as_(cast.adviser)
        url = reverse("event_picture_edit", args=[event.public_id])
        assert client.post(url, {"alt": "A red bar"}).status_code == 422
        upload = io.BytesIO(b"0" * (5 * 2**20 + 1))
        upload.name = "picture.png"
        answer = client.post(url, {"upload": upload, "alt": "A red bar"})
        assert (answer.status_code, "upload" in answer.context["form"].errors) == (422, True)

    def test_kept_places_have_a_field_for_each_way(self, cast: Cast) -> None:
        group = Group.objects.create(slug="ours", name="Ours")
        event, client = an_event(places=5, online=8), as_(cast.adviser)
        url = reverse("event_reserves", args=[event.public_id])
        client.post(url, {f"in_person_{group.pk}": "2", f"online_{group.pk}": "3"})
        assert {each.mode: each.places for each in event.reserves.all()} == {"in_person": 2, "online": 3}
        assert client.get(url).context["form"][f"online_{group.pk}"].value() == 3

    def test_a_series_is_not_cut_without_a_word(self, cast: Cast) -> None:
        event, client = an_event(), as_(cast.adviser)
        first, url = event.local_date, reverse("series_create", args=[event.public_id])
        said = {"title": "Talks", "first": str(first), "starts": "10:00", "last": str(first + timedelta(weeks=60))}
        answer = client.post(url, said)
        assert (answer.status_code, "last" in answer.context["form"].errors) == (422, True)


class TestDownloads:
    @pytest.mark.policy("DATA-3")
    def test_access_needs_are_for_those_who_may_read_them_and_reading_is_recorded(self, cast: Cast) -> None:
        event = an_event()
        registration = registered(event, cast.student)
        RegistrationNeeds.objects.create(registration=registration, text="Step-free access")
        url = reverse("event_answers_export", args=[event.public_id])
        assert b"Step-free" not in as_(cast.adviser).get(url).content
        read = AuditEntry.objects.filter(action="read", subject="event_access_needs")
        assert not read.exists()
        answer = as_(cast.front_desk).get(url)
        assert b"Step-free" in answer.content
        assert read.get().actor == cast.front_desk
        exported = AuditEntry.objects.filter(action="event_list_exported")
        assert [each.actor for each in exported.order_by("pk")] == [cast.adviser, cast.front_desk]

    def test_the_list_for_employers_is_in_the_trail(self, cast: Cast) -> None:
        event = an_event(shares_with_employers=True)
        as_(cast.adviser).get(reverse("event_employer_export", args=[event.public_id]))
        assert AuditEntry.objects.get(action="employer_list_exported").subject_id == event.public_id
