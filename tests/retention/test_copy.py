"""The copy that a person asked for: complete, without other people, encrypted, and deleted in time (DATA-2)."""

from __future__ import annotations

import io
import json
import time
import zipfile
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, User
from appointments.models import BookingNote
from documents.models import Document
from foundation.outcomes.refusals import Refused
from retention.exports.sealed_files import PIECE, Unreadable, seal, unseal
from retention.models import Package, PackageState
from retention.operations import copies, requests
from retention.schedule.data_class import Reader
from retention.schedule.of_a_person import OF_A_PERSON
from retention.schedule.register import BY_KEY
from retention.selectors.copy import GIVEN_BY_THE_PERSON
from retention.selectors.request_page import follow_page
from tests.cast import Cast
from tests.factories import StudentFactory, stored_booking
from tests.retention.everything import MARK, PAST, canary_person, give_everything
from tests.retention.nights import completed_night, on, stayers
from tests.retention.people import as_, built, decide_everything, told, zip_of
from wellbeing.models import Concern

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-2")]


class TestCopy:
    def test_everything_of_a_person_is_in_it(self, cast: Cast, officer: User, lead: User) -> None:
        """The same classes as the schedule, and every canary except those in technical secrets."""
        person = canary_person()
        give_everything(person, cast)
        began = time.monotonic()
        request = built(person)
        decide_everything(request, officer, lead)
        assert time.monotonic() - began < 60
        archive = zip_of(request)
        data = json.loads(archive.read("data.json"))
        left_out = {each.key for each in OF_A_PERSON if each.not_in_copy}
        assert set(data["classes"]) == {each.key for each in OF_A_PERSON} - left_out
        assert [key for key, rows in data["classes"].items() if not rows] == []
        whole = archive.read("data.json").decode()
        missing = [
            f"{table.model}.{field.name}"
            for each in OF_A_PERSON
            if each.key not in left_out
            for table in each.tables
            if table.person
            for row in table.of([person.pk])
            for field in row._meta.concrete_fields
            if field.name not in table.secret and isinstance(said := getattr(row, field.attname), str)
            if MARK in said and said not in whole
        ]
        assert missing == []
        assert [name for name in archive.namelist() if name.startswith("documents/")]
        page = archive.read("index.html").decode()
        assert all(f'id="{key}"' in page for key in data["classes"])

    def test_nothing_of_others_is_in_it(self, cast: Cast, officer: User, lead: User) -> None:
        person, other = canary_person(), canary_person()
        give_everything(person, cast)
        stored_booking(other, cast.adviser, cast.type, cast.other_room, PAST).notes.create(
            text="Secret", by=cast.adviser
        )
        request = built(person)
        decide_everything(request, officer, lead)
        said = zip_of(request).read("data.json").decode()
        assert other.email not in said
        assert other.family_name not in said

    def test_names_of_others_are_looked_at_before_it_is_released(self, cast: Cast, officer: User, lead: User) -> None:
        mate = StudentFactory(given_name="Jin", family_name="Lee")
        booking = stored_booking(cast.student, cast.adviser, cast.type, cast.room, PAST, status="attended")
        BookingNote.objects.create(
            booking=booking, text="Came with Jin Lee; Helen Marsh will call. jin lee agreed.", by=cast.adviser
        )
        request = built(cast.student)
        copies.decide_part(
            request=request, key="notes", included=True, because="", by=officer, reader=Reader.GOVERNANCE
        )
        copies.rebuild(request=request, by=officer)
        copies.build_packages()
        package = request.packages.first()
        found = {each["words"]: each["is_colleague"] for each in package.candidates}
        assert found["Jin Lee"] is False
        assert found["Helen Marsh"] is True
        with pytest.raises(Refused) as refused:
            copies.release(request=request, by=officer)
        assert refused.value.code == "names_undecided"
        copies.decide_redactions(request=request, black_out=["Jin Lee"], leave=[*found], by=officer)
        copies.build_packages()
        copies.release(request=request, by=officer)
        said = zip_of(request).read("data.json").decode()
        assert "jin lee" not in json.loads(said)["classes"]["notes"][0]["text"].casefold()
        assert "Helen Marsh" in said
        assert mate.pk

    def test_confidential_parts_wait_for_the_person_who_may_decide(self, cast: Cast, officer: User, lead: User) -> None:
        person = cast.student
        Concern.objects.create(
            student=person, raised_by=cast.adviser, raised_at=PAST, facts="Very thin", seriousness="worried",
            next_on=date(2030, 1, 1),
        )  # fmt: skip
        request = built(person)
        assert "wellbeing" not in json.loads(zip_of(request).read("data.json"))["classes"]
        assert told("retention.officer", lead) == ["part_waits"]
        with pytest.raises(Refused) as refused:
            copies.release(request=request, by=officer)
        assert "wellbeing" not in f"{refused.value.message} {refused.value.remedy}".casefold()
        with pytest.raises(Refused):
            copies.decide_part(
                request=request, key="wellbeing", included=True, because="", by=officer, reader=Reader.GOVERNANCE
            )
        page = as_(officer).get(reverse("rights_request_detail", args=[request.public_id])).content.decode()
        assert "oncerns for your" not in page
        assert "Very thin" not in page
        answer = as_(lead).post(
            reverse("rights_part_decide", args=[request.public_id]), {"included": "no", "because": "It would harm."}
        )
        assert answer.status_code == 302
        copies.rebuild(request=request, by=officer)
        copies.build_packages()
        assert "Very thin" not in zip_of(request).read("data.json").decode()
        assert "It would harm." in zip_of(request).read("index.html").decode()

    def test_portability_is_what_the_person_gave(self, cast: Cast) -> None:
        booking = stored_booking(cast.student, cast.adviser, cast.type, cast.room, PAST, help_wanted="My wish")
        booking.notes.create(text="Ours", by=cast.adviser)
        request = built(cast.student, "portability")
        data = zip_of(request).read("data.json").decode()
        assert set(json.loads(data)["classes"]) == GIVEN_BY_THE_PERSON
        assert "My wish" in data
        assert "Ours" not in data

    def test_the_link_is_its_persons_own_and_ends(self, cast: Cast, officer: User) -> None:
        request = built(cast.student, "portability")
        with pytest.raises(Refused) as refused:
            copies.release(request=built(cast.other_student, "portability"), by=cast.other_student)
        assert refused.value.code == "own_request"
        names = [each["words"] for each in request.packages.first().candidates]
        if names:
            copies.decide_redactions(request=request, black_out=[], leave=names, by=officer)
            copies.build_packages()
        copies.release(request=request, by=officer)
        token = follow_page(request, timezone.localdate()).token
        address = reverse("copy_download", args=[token])
        answer = as_(cast.student).get(address)
        content = b"".join(answer.streaming_content)
        assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
        assert answer["Content-Length"] == str(len(content))
        assert as_(cast.other_student).get(address).status_code == 404
        assert Client().get(address).status_code == 302
        assert as_(cast.student).get(reverse("copy_download", args=[token[:-2] + "xx"])).status_code == 404
        package = request.packages.first()
        assert package.downloaded_at is not None
        assert AuditEntry.objects.filter(action="copy_downloaded").count() == 1
        with on(package.expires_on + timedelta(days=1)):
            assert as_(cast.student).get(address).status_code == 404
        stayers()
        completed_night(package.expires_on)
        package.refresh_from_db()
        assert package.state == PackageState.RELEASED
        name = package.name
        completed_night(package.expires_on + timedelta(days=1))
        package.refresh_from_db()
        assert (package.state, package.name, package.salt) == (PackageState.GONE, "", "")
        assert not storages["retention"].exists(name)

    def test_the_file_cannot_be_read_without_its_salt(self, cast: Cast) -> None:
        request = built(cast.student, "portability")
        package = request.packages.first()
        with storages["retention"].open(package.name) as file:
            sealed = file.read()
        assert b"PK" not in sealed[:64]
        assert cast.student.email.encode() not in sealed
        for spoiled in (sealed[:-40], sealed[:60] + bytes([sealed[60] ^ 1]) + sealed[61:]):
            with pytest.raises(Unreadable):
                b"".join(unseal(io.BytesIO(spoiled), package.salt))
        with pytest.raises(Unreadable):
            b"".join(unseal(io.BytesIO(sealed), "another salt"))

    def test_pieces_cannot_be_left_out_or_exchanged(self) -> None:
        out = io.BytesIO()
        seal(io.BytesIO(b"a" * 600_000), out, "salt")
        said = out.getvalue()
        assert b"".join(unseal(io.BytesIO(said), "salt")) == b"a" * 600_000
        header, first, second, last = (said[at:to] for at, to in pairwise((0, *range(24, len(said), PIECE + 17), None)))
        for wrong in (header + second + first + last, header + first + last, header + first, said + b"more", header):
            with pytest.raises(Unreadable):
                b"".join(unseal(io.BytesIO(wrong), "salt"))

    def test_a_copy_that_cannot_be_built_is_tried_three_times(self, cast: Cast, officer: User) -> None:
        Document.objects.filter(owner=cast.student).delete()
        request = requests.ask(person=cast.student, kind="access", by=cast.student)
        Package.objects.filter(request=request).update(attempts=3)
        copies.build_packages()
        assert request.packages.get().state == PackageState.FAILED
        copies.rebuild(request=request, by=officer)
        copies.build_packages()
        assert request.packages.first().state == PackageState.READY


def test_confidential_classes_have_their_reader() -> None:
    assert {each.key for each in OF_A_PERSON if each.reader == Reader.WELLBEING} == {"wellbeing"}
    assert BY_KEY["notes"].reader == Reader.GOVERNANCE
