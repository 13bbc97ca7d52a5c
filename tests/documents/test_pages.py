"""A student's pages, the adviser's list and the files: what each person gets, and what they do not."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from syrupy.assertion import SnapshotAssertion

from accounts.models import AuditEntry, PolicySetting
from documents.models import Document, DocumentShare, DocumentVersion
from documents.operations.share import share_for_source, share_with_adviser
from documents.rules.reasons import WORDS
from foundation.values.sources import Source, SourceKind
from foundation.web import limited_upload
from tests.cast import Cast
from tests.documents.conftest import Upload
from tests.documents.hostile_word import WORD
from tests.documents.papers import docx, pdf
from tests.factories import StudentFactory
from tests.page_parts import codes, count, empty_states, fields_at_fault, markup, told, told_codes

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-3")]

CountQueries = Callable[[int], Any]


def as_(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def file(content: bytes | None = None, name: str = "My CV.pdf", claimed: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or pdf(), content_type=claimed)


def test_document_list_is_empty_at_first(cast: Cast) -> None:
    content = as_(cast.student).get(reverse("document_list")).content.decode()
    assert "No documents yet" in content
    assert "up to 5 MB" in content


def test_document_create(cast: Cast) -> None:
    client = as_(cast.student)
    answer = client.post(reverse("document_create"), {"kind": "application", "file": file(docx(), "form.v2.docx")})
    assert answer.status_code == 302
    document = Document.objects.get()
    assert (document.owner, document.name, document.kind) == (cast.student, "form v2", "application")
    content = client.get(reverse("document_list")).content.decode()
    assert "Being checked" in content
    assert 'hx-trigger="every 3s"' in content
    assert client.get(reverse("document_create")).status_code == 302


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<svg><script/></svg>", "cv.pdf"),
        (pdf(), "cv.pdf.exe"),
        (b"%PDF-1.7\n" + b"x" * (5 * 1024 * 1024), "cv.pdf"),
        (b"", "cv.pdf"),
    ],
    ids=["another kind", "another name", "too large", "empty"],
)
def test_a_refused_upload_says_why_beside_its_field(
    cast: Cast, content: bytes, name: str, snapshot: SnapshotAssertion
) -> None:
    upload = SimpleUploadedFile(name, content, content_type="application/pdf")
    answer = as_(cast.student).post(reverse("document_create"), {"kind": "cv", "file": upload})
    assert answer.status_code == 422
    (sentence,) = answer.context["form"].errors["file"]
    assert sentence == snapshot
    assert answer.content.decode().count(sentence) == 2, "in the summary and at the field"
    assert not Document.objects.exists()


def test_an_upload_without_a_file_or_kind_is_asked_again(cast: Cast) -> None:
    answer = as_(cast.student).post(reverse("document_create"), {})
    assert answer.status_code == 422
    assert codes(answer)["file"] == ["required"]
    answer = as_(cast.student).post(reverse("document_create"), {"kind": "passport", "file": file()})
    assert codes(answer) == {"kind": ["invalid_choice"]}


def test_a_huge_upload_ends_before_it_fills_anything(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limited_upload, "MOST_BYTES", 300_000)
    answer = as_(cast.student).post(reverse("document_create"), {"kind": "cv", "file": file(b"%PDF" + b"x" * 999_999)})
    assert answer.status_code == 422
    assert fields_at_fault(answer) == ["id_file"]


def test_a_full_list_offers_no_upload(cast: Cast, upload: Upload) -> None:
    PolicySetting.objects.create(key="documents_a_person", value=1, effective_from="2020-01-01")
    upload()
    client = as_(cast.student)
    assert 'type="file"' not in client.get(reverse("document_list")).content.decode()
    answer = client.post(reverse("document_create"), {"kind": "cv", "file": file()})
    assert (answer.status_code, Document.objects.count()) == (422, 1)


def test_document_detail_shows_versions_shares_and_refusals(cast: Cast, upload: Upload) -> None:
    document, client = upload(), as_(cast.student)
    page = reverse("document_detail", args=[document.public_id])
    answer = client.get(page)
    shares = "//section[@aria-labelledby='shares']"
    nobody = (count(answer, f"{shares}//li"), count(answer, f"{shares}/p[following-sibling::form]"))
    assert nobody == (0, 1), "no list, and a sentence in its place"
    client.post(reverse("share_create", args=[document.public_id]), {"adviser": cast.adviser.public_id})
    client.post(reverse("version_create", args=[document.public_id]), {"file": file(docx(), "cv.docx")})
    answer = client.get(page)
    assert (count(answer, f"{shares}//li"), count(answer, f"{shares}/p[following-sibling::form]")) == (1, 0)
    content = answer.content.decode()
    assert "Helen Marsh" in content
    assert "Version 2" in content
    DocumentVersion.objects.filter(number=2).update(state="refused", reason="virus_found", file=None)
    assert WORDS["virus_found"][0] in client.get(page).content.decode()
    assert WORDS["virus_found"][0] in client.get(reverse("document_list")).content.decode()


def test_the_owner_and_staff_who_read_it_are_told_what_was_removed(cast: Cast, upload: Upload) -> None:
    document = upload(WORD["ActiveX"].content, "cv.docx")
    share_with_adviser(document=document, adviser=cast.adviser, by=cast.student)
    sentence = "we took out attached files, embedded objects and spreadsheets. All the text is still there."
    DocumentVersion.objects.update(taken_out=["attachment", "object"])
    student, adviser = as_(cast.student), as_(cast.adviser)
    for client, url in (
        (student, reverse("document_list")),
        (student, reverse("document_detail", args=[document.public_id])),
        (adviser, reverse("shared_document_list")),
    ):
        content = markup(client.get(url))
        assert content.count(sentence) == 1, url
        assert 'data-taken-out="attachment object"' in content
    DocumentVersion.objects.update(taken_out=[])
    assert "took out" not in student.get(reverse("document_list")).content.decode()


def test_version_create_refuses_in_words(cast: Cast, upload: Upload) -> None:
    document = upload()
    answer = as_(cast.student).post(reverse("version_create", args=[document.public_id]), {"file": file(b"text")})
    assert answer.status_code == 422
    assert fields_at_fault(answer) == ["version_file"]
    assert codes(answer, "version_form") == {"file": ["document_type"]}


def test_version_delete(cast: Cast, upload: Upload) -> None:
    document, client = upload(), as_(cast.student)
    client.post(reverse("version_create", args=[document.public_id]), {"file": file()})
    answer = client.post(reverse("version_delete", args=[document.public_id, 1]), follow=True)
    assert told(answer) == ["success", "success"], "of the new version and of the old one"
    answer = client.post(reverse("version_delete", args=[document.public_id, 2]), follow=True)
    assert told(answer) == ["error"]
    assert told_codes(answer) == ["last_version"]
    assert document.versions.get().number == 2


def test_document_rename(cast: Cast, upload: Upload) -> None:
    document, client = upload(), as_(cast.student)
    url = reverse("document_rename", args=[document.public_id])
    assert client.post(url, {"name": "CV for Pelham", "kind": "cv", "owner": cast.other_student.pk}).status_code == 302
    document.refresh_from_db()
    assert (document.name, document.owner) == ("CV for Pelham", cast.student)
    answer = client.post(url, {"name": "", "kind": "cv"})
    assert answer.status_code == 422
    assert codes(answer, "rename_form") == {"name": ["required"]}


def test_document_delete_asks_first(cast: Cast, upload: Upload) -> None:
    document, client = upload(), as_(cast.student)
    share_with_adviser(document=document, adviser=cast.adviser, by=cast.student)
    url = reverse("document_delete", args=[document.public_id])
    assert "Helen Marsh" in client.get(url).content.decode()
    assert Document.objects.exists()
    answer = client.post(url, follow=True)
    assert told(answer) == ["success"]
    assert not Document.objects.exists()


def test_share_create_and_share_end(cast: Cast, upload: Upload) -> None:
    document, client = upload(), as_(cast.student)
    url = reverse("share_create", args=[document.public_id])
    for other in (cast.front_desk.public_id, cast.other_student.public_id, "nobody", ""):
        assert client.post(url, {"adviser": other}).status_code == 422
    client.post(url, {"adviser": cast.adviser.public_id})
    share = DocumentShare.objects.get()
    adviser = as_(cast.adviser)
    assert document.name in adviser.get(reverse("shared_document_list")).content.decode()
    client.post(reverse("share_end", args=[document.public_id, share.public_id]))
    assert empty_states(adviser.get(reverse("shared_document_list"))) == 1
    assert client.post(reverse("share_end", args=[document.public_id, share.public_id])).status_code == 404


def download(document: Document, number: int = 1) -> str:
    return reverse("version_download", args=[document.public_id, number])


def test_version_download_is_saved_never_shown(cast: Cast, upload: Upload) -> None:
    document = upload(docx(), 'Amara "Ö" 履歴書;x.docx')
    answer = as_(cast.student).get(download(document))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"PK")
    disposition = answer["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''Amara%20")
    assert "\n" not in disposition
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")


@pytest.mark.policy("DATA-6")
def test_who_may_download(cast: Cast, upload: Upload) -> None:
    document = upload()
    share_for_source(documents=[document], source=Source(SourceKind.BOOKING, "abcdefghjkmn"), by=cast.student)

    def status_for(person: Any) -> int:
        answer = as_(person).get(download(document))
        list(getattr(answer, "streaming_content", []))
        return answer.status_code

    answers = {
        person: status_for(person)
        for person in (
            cast.student,
            cast.adviser,
            cast.manager,
            cast.front_desk,
            cast.other_student,
            cast.administrator,
            cast.outsider,
        )
    }
    assert list(answers.values()) == [200, 200, 200, 404, 404, 404, 404]
    assert AuditEntry.objects.filter(action="read").count() == 2
    assert Client().get(download(document)).status_code == 302


def test_files_have_no_address_of_their_own(upload: Upload, client: Client) -> None:
    name = DocumentVersion.objects.select_related("file").get(document=upload()).file.name
    for prefix in ("/static/", "/media/", "/documents/", "/"):
        assert client.get(prefix + name).status_code in (302, 404)


GETS = ("document_detail", "document_delete")
POSTS = ("document_rename", "document_delete", "version_create", "share_create")


@pytest.mark.parametrize("who", ["other_student", "adviser", "front_desk", "administrator", "outsider"])
def test_somebody_elses_document_is_not_found(cast: Cast, upload: Upload, who: str) -> None:
    document = upload()
    share = share_with_adviser(document=document, adviser=cast.other_adviser, by=cast.student)
    client, before = as_(getattr(cast, who)), AuditEntry.objects.count()
    for name in GETS:
        assert client.get(reverse(name, args=[document.public_id])).status_code == 404, name
    data = {"name": "x", "kind": "cv", "adviser": cast.adviser.public_id}
    for name in POSTS:
        url = reverse(name, args=[document.public_id])
        assert client.post(url, {**data, "file": file()}).status_code == 404, name
    for url in (
        reverse("version_delete", args=[document.public_id, 1]),
        reverse("share_end", args=[document.public_id, share.public_id]),
        reverse("document_attach", args=[document.public_id]),
    ):
        assert client.post(url).status_code == 404, url
    if who != "other_student":
        assert client.get(reverse("document_list")).status_code == 404
        assert client.post(reverse("document_create"), {"kind": "cv", "file": file()}).status_code == 404
    assert Document.objects.get().versions.count() == 1
    assert AuditEntry.objects.count() == before


def test_a_share_of_another_document_is_not_ended_through_mine(cast: Cast, upload: Upload) -> None:
    mine, theirs = upload(), upload(owner=cast.other_student)
    share = share_with_adviser(document=theirs, adviser=cast.adviser, by=cast.other_student)
    url = reverse("share_end", args=[mine.public_id, share.public_id])
    assert as_(cast.student).post(url).status_code == 404
    assert DocumentShare.objects.exists()


@pytest.mark.parametrize("who", ["front_desk", "student", "administrator"])
def test_shared_document_list_is_for_those_with_diaries(cast: Cast, who: str) -> None:
    assert as_(getattr(cast, who)).get(reverse("shared_document_list")).status_code == 404


def test_every_upload_needs_its_csrf_token(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.student)
    assert client.post(reverse("document_create"), {"kind": "cv", "file": file()}).status_code == 403
    assert not Document.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_grow(
    cast: Cast, upload: Upload, rows: int, django_assert_num_queries: CountQueries
) -> None:
    for _ in range(rows):
        document = upload()
        share_with_adviser(document=document, adviser=cast.adviser, by=cast.student)
        share_for_source(documents=[document], source=Source(SourceKind.BOOKING, "abcdefghjkmn"), by=cast.student)
    student, adviser = as_(cast.student), as_(cast.adviser)
    with django_assert_num_queries(9):  # session, person, policy, count, documents, versions, shares, claims (2)
        student.get(reverse("document_list"))
    with django_assert_num_queries(9):  # session, person, document, versions, shares, claims of both, policy, advisers
        student.get(reverse("document_detail", args=[document.public_id]))
    with django_assert_num_queries(5):  # session, person, count, documents, versions
        adviser.get(reverse("shared_document_list"))


def test_long_lists_are_paged(cast: Cast, upload: Upload) -> None:
    for _ in range(3):
        upload()
    PolicySetting.objects.create(key="documents_a_person", value=40, effective_from="2020-01-01")
    Document.objects.bulk_create([Document(owner=StudentFactory(), name="x") for _ in range(2)])
    content = as_(cast.student).get(reverse("document_list"), {"page": "99"}).content.decode()
    assert content.count("document-name") == 3


def test_navigation_leads_there(cast: Cast) -> None:
    assert f'href="{reverse("document_list")}"' in as_(cast.student).get("/").content.decode()
    today = as_(cast.adviser).get(reverse("today")).content.decode()
    assert f'href="{reverse("shared_document_list")}"' in today
    assert "/documents/" not in as_(cast.front_desk).get(reverse("today")).content.decode()


def test_a_broken_body_is_no_error_page(cast: Cast) -> None:
    answer = as_(cast.student).generic(
        "POST", reverse("document_create"), BytesIO(b"--x\r\nbroken").read(), "multipart/form-data; boundary=x"
    )
    assert answer.status_code in (400, 422)
