"""An officer reads a copy before its release and blacks out words where they stand (DATA-2, DATA-6)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Role, User
from foundation.outcomes.refusals import Refused
from retention.models import Package, Redaction, RightsRequest
from retention.operations import copies, requests
from retention.schedule.data_class import Reader
from retention.schedule.of_a_person import OF_A_PERSON
from tests.cast import Cast
from tests.factories import UserFactory, stored_booking
from tests.page_parts import count, empty_states, told_codes
from tests.retention.everything import PAST
from tests.retention.people import as_, zip_of
from wellbeing.models import Concern

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-2")]

NOTE = "Came with Jin Lee. Her tutor, Dr Maria Ogden, phoned; dr maria ogden will call."


@pytest.fixture
def asked(cast: Cast, officer: User, lead: User) -> RightsRequest:
    """A copy that can be released, with a note and a concern."""
    booking = stored_booking(cast.student, cast.adviser, cast.type, cast.room, PAST, status="attended")
    booking.notes.create(text=NOTE, by=cast.adviser)
    UserFactory(given_name="Jin", family_name="Lee")
    Concern.objects.create(
        student=cast.student, raised_by=cast.adviser, raised_at=PAST, facts="Very thin", seriousness="worried",
        next_on=date(2030, 1, 1),
    )  # fmt: skip
    request = requests.ask(person=cast.student, kind="access", by=cast.student)
    for key, by, reader in (("notes", officer, Reader.GOVERNANCE), ("wellbeing", lead, Reader.WELLBEING)):
        copies.decide_part(request=request, key=key, included=True, because="", by=by, reader=reader)
    copies.build_packages()
    for each in request.packages.get().candidates:
        Redaction.objects.create(request=request, words=each["words"], black_out=False, decided_by=officer)
    return request


def page_of(request: RightsRequest, key: str) -> str:
    return reverse("copy_part_read", args=[request.public_id, key])


def shown(client: Client, request: RightsRequest, key: str) -> list[Any]:
    answer = client.get(page_of(request, key))
    assert answer.status_code == 200
    return list(answer.context["page"])


def test_every_part_is_read_as_the_person_will_read_it(asked: RightsRequest, officer: User) -> None:
    client, said = as_(officer), json.loads(zip_of(asked).read("data.json"))
    request_page = client.get(reverse("rights_request_detail", args=[asked.public_id])).context["page"]
    parts = [each.key for each in request_page.contents]
    assert parts == [each.key for each in OF_A_PERSON if each.key in said["classes"] and each.key != "wellbeing"]
    for key in parts:
        records = [{"table": table, **record} for table, record in shown(client, asked, key)]
        assert records == said["classes"][key]
    assert [record for _, record in shown(client, asked, "readings")] == said["readings"]
    notes = client.get(page_of(asked, "notes"))
    assert (count(notes, "//*[@id='decision']"), notes.context["part"].decision.decided_by) == (1, officer)
    assert NOTE in notes.content.decode()
    assert empty_states(client.get(page_of(asked, "security"))) == 1


@pytest.mark.policy("DATA-6")
def test_nobody_but_wellbeing_leads_learns_of_a_concern(asked: RightsRequest, officer: User) -> None:
    client = as_(officer)
    assert asked.packages.first().contents["wellbeing"] == 1
    for key in ("wellbeing", "trail", "nonsense"):
        assert client.get(page_of(asked, key)).status_code == 404
    page = client.get(reverse("rights_request_detail", args=[asked.public_id]))
    assert all("wellbeing" not in each.key for each in page.context["page"].contents)
    assert "Very thin" not in page.content.decode()
    for role in (Role.WELLBEING_LEAD, Role.ADMINISTRATOR, Role.CAREERS_MANAGER):
        assert as_(UserFactory(roles=[role])).get(page_of(asked, "notes")).status_code == 404
    asked.person.roles = [*asked.person.roles, Role.INFORMATION_GOVERNANCE]
    asked.person.save()
    assert as_(asked.person).get(page_of(asked, "notes")).status_code == 404


def test_each_reading_is_recorded_and_the_person_sees_who_read_notes(asked: RightsRequest, officer: User) -> None:
    shown(as_(officer), asked, "notes")
    entry = AuditEntry.objects.get(action="copy_part_read")
    assert (entry.actor, entry.student, entry.details) == (officer, asked.person, {"part": "notes", "count": 1})
    assert [each.subject for each in AuditEntry.objects.readings_of(asked.person)] == ["booking_notes"]
    shown(as_(officer), asked, "messages")
    assert AuditEntry.objects.readings_of(asked.person).count() == 1


def test_words_are_blacked_out_where_they_stand_before_the_release(asked: RightsRequest, officer: User) -> None:
    client, page = as_(officer), page_of(asked, "notes")
    assert count(client.get(page), "//input[@name='found']") == 1
    answer = client.post(page, {"words": "Dr Maria Ogden\n tutor ", "found": ["Jin Lee"]})
    assert answer.status_code == 302
    text = shown(client, asked, "notes")[0][1]["text"]
    assert text == "Came with ███████. Her █████, ██████████████, phoned; ██████████████ will call."
    assert count(client.get(page), "//input[@name='found']") == 0
    assert NOTE in zip_of(asked).read("data.json").decode(), "the file is rebuilt once, when the officer has finished"
    with pytest.raises(Refused) as refused:
        copies.release(request=asked, by=officer)
    assert refused.value.code == "copy_outdated"
    here = client.get(reverse("rights_request_detail", args=[asked.public_id]))
    assert count(here, "//*[@data-outdated]") == 1
    copies.rebuild(request=asked, by=officer)
    copies.build_packages()
    copies.release(request=asked, by=officer)
    assert text in json.loads(zip_of(asked).read("data.json"))["classes"]["notes"][0]["text"]
    assert set(Redaction.objects.filter(black_out=True).values_list("words", "decided_by")) == {
        (words, officer.pk) for words in ("Jin Lee", "Dr Maria Ogden", "tutor")
    }


def test_what_was_blacked_out_by_mistake_is_shown_again(asked: RightsRequest, officer: User) -> None:
    client = as_(officer)
    client.post(page_of(asked, "notes"), {"words": "phoned"})
    copies.decide_redactions(request=asked, black_out=[], leave=["phoned"], by=officer)
    copies.build_packages()
    assert shown(client, asked, "notes")[0][1]["text"] == NOTE
    copies.release(request=asked, by=officer)


def test_words_that_do_nothing_are_refused(asked: RightsRequest, officer: User) -> None:
    client = as_(officer)
    for words, code in (
        ("", ""),
        ("Marie Ogden", "words_not_found"),
        ("a", "words_too_short"),
        ("x" * 201, ""),
        ("█████", "words_not_found"),
    ):
        answer = client.post(page_of(asked, "notes"), {"words": words})
        assert answer.status_code == 422
        assert [each.code or "" for each in answer.context["form"].errors.as_data()["words"]] == [code]
        assert answer.context["form"]["words"].value() == words
    assert not Redaction.objects.filter(black_out=True).exists()


def test_a_copy_that_is_being_rebuilt_or_lost_is_said_on_the_request(asked: RightsRequest, officer: User) -> None:
    client, here = as_(officer), reverse("rights_request_detail", args=[asked.public_id])
    storages["retention"].delete(Package.objects.get(state="ready").name)
    answer = client.get(page_of(asked, "notes"), follow=True)
    assert (answer.redirect_chain, told_codes(answer)) == ([(here, 302)], ["copy_unreadable"])
    copies.rebuild(request=asked, by=officer)
    for answer in (client.get(page_of(asked, "notes"), follow=True), client.post(page_of(asked, "notes"), follow=True)):
        assert (answer.redirect_chain, told_codes(answer)) == ([(here, 302)], ["copy_not_ready"])


def test_a_request_that_was_answered_meanwhile_changes_nothing(asked: RightsRequest, officer: User) -> None:
    copies.release(request=asked, by=officer)
    with pytest.raises(Refused) as refused:
        copies.black_out(request=asked, key="notes", words=["phoned"], by=officer)
    assert refused.value.code == "request_answered"


def test_a_part_has_a_fixed_number_of_queries(
    asked: RightsRequest, officer: User, cast: Cast, django_assert_num_queries: Callable[[int], Any]
) -> None:
    client = as_(officer)
    for number in (1, 3):
        assert len(shown(client, asked, "notes")) == number
        with django_assert_num_queries(14):
            client.get(page_of(asked, "notes"))
        for _ in range(2):
            asked.person.bookings.get().notes.create(text=NOTE, by=cast.adviser)
        copies.rebuild(request=asked, by=officer)
        copies.build_packages()
