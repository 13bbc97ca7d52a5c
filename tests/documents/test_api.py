"""The documents API: same checks and wording as the pages, problem details, nobody else's documents."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from documents.models import Document
from documents.operations.share import share_for_source, share_with_adviser
from foundation.values.sources import Source, SourceKind
from foundation.web import limited_upload
from tests.appointments.api_cast import V1, Program, problem
from tests.cast import Cast
from tests.documents.conftest import Upload
from tests.documents.hostile_word import WORD
from tests.documents.papers import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-3")]


def send(program: Program, **fields: Any) -> HttpResponse:
    return program.client.post(f"{V1}/documents/", fields, headers=program.headers)


def file(content: bytes | None = None, name: str = "cv.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf() if content is None else content)


def test_a_program_is_told_what_was_taken_out(cast: Cast, upload: Upload) -> None:
    document = upload(WORD["DDEAUTO"].content, "cv.docx")
    program = Program(cast.student)
    answer = program.client.get(f"{V1}/documents/{document.public_id}/", headers=program.headers)
    assert answer.json()["versions"][0]["taken_out"] == ["field"]


def test_a_client_uploads_lists_and_deletes(cast: Cast) -> None:
    program = Program(cast.student)
    answer = send(program, kind="advert", file=file(name="The advert.pdf"), owner=cast.other_student.pk)
    assert answer.status_code == 201
    made = answer.json()
    assert (made["name"], made["kind"], made["versions"][0]["state"]) == ("The advert", "advert", "quarantined")
    assert Document.objects.get().owner == cast.student
    assert program.client.get(answer["Location"], headers=program.headers).json() == made
    assert program.get("/documents/").json()["results"] == [made]
    assert program.post(f"/documents/{made['id']}/delete/").status_code == 204
    assert program.get("/documents/").json()["results"] == []
    assert program.post(f"/documents/{made['id']}/delete/").status_code == 404


def test_sent_twice_with_one_key_it_is_one_document(cast: Cast) -> None:
    program = Program(cast.student)
    program.headers["Idempotency-Key"] = "my-cv"
    first, again = (send(program, kind="cv", file=file()) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first["Location"] == again["Location"]
    assert problem(send(program, kind="cv", file=file(name="other.pdf")), 422)["code"] == "idempotency_key_reused"
    assert Document.objects.count() == 1
    program.headers["Idempotency-Key"] = "no spaces"
    assert send(program, kind="cv", file=file()).status_code in (400, 422)
    del program.headers["Idempotency-Key"]
    assert send(program, kind="cv", file=file()).status_code == 201
    assert Document.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"file": file(b"<svg/>")}, 422, "document_type"),
        ({"file": file(name="cv.exe")}, 422, "document_extension"),
        ({"file": file(b"")}, 422, "document_empty"),
        ({}, 422, "validation_failed"),
        ({"file": "text"}, 400, "invalid"),
        ({"file": file(), "kind": "passport"}, 422, "validation_failed"),
        ({"file": file(b"%PDF-1.7" + b"x" * (5 * 1024 * 1024))}, 422, "document_too_large"),
    ],
)
def test_refusals_are_problem_details(cast: Cast, fields: dict[str, Any], status: int, code: str) -> None:
    answer = send(Program(cast.student), **fields)
    assert problem(answer, status)["code"] == code
    assert not Document.objects.exists()


def test_a_body_larger_than_any_policy_allows_gets_413(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limited_upload, "MOST_BYTES", 100_000)
    assert problem(send(Program(cast.student), file=file(b"%PDF" + b"x" * 400_000)), 413)


def test_json_is_not_taken(cast: Cast) -> None:
    problem(Program(cast.student).post("/documents/", {"file": "x"}), 415)


@pytest.mark.policy("DATA-6")
@pytest.mark.parametrize("who", ["other_student", "adviser", "front_desk", "manager", "administrator", "outsider"])
def test_nobody_elses_documents(cast: Cast, upload: Upload, who: str) -> None:
    document = upload()
    share_for_source(documents=[document], source=Source(SourceKind.BOOKING, "abcdefghjkmn"), by=cast.student)
    program = Program(getattr(cast, who))
    expected = 404 if who == "other_student" else 403
    problem(program.get(f"/documents/{document.public_id}/"), expected)
    problem(program.post(f"/documents/{document.public_id}/delete/"), expected)
    if who == "other_student":
        assert program.get("/documents/").json()["results"] == []
    else:
        problem(program.get("/documents/"), 403)
        problem(send(program, file=file()), 403)
    assert Document.objects.count() == 1


def test_without_a_token_there_is_nothing(cast: Cast) -> None:
    problem(Program(None).get("/documents/"), 401)
    problem(send(Program(None), file=file()), 401)


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(cast: Cast, upload: Upload, rows: int, django_assert_num_queries: Any) -> None:
    for _ in range(rows):
        share_with_adviser(document=upload(), adviser=cast.adviser, by=cast.student)
    program = Program(cast.student)
    program.get("/me/")
    with django_assert_num_queries(5):  # token, request count, documents, versions, shares
        assert len(program.get("/documents/").json()["results"]) == rows
