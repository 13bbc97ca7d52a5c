from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from accounts.models import EventKind, User
from accounts.operations.count_events import Limit, require_count
from accounts.operations.record_audit import record_audit
from accounts.rules.policy import policy_in_force
from documents.models import Document, DocumentVersion, Format, StoredFile
from documents.operations.files import store_file, throw_away
from documents.operations.nudge import nudge
from documents.rules.names import display_name
from documents.rules.uploads import format_of, may_add_document, may_add_version, may_take
from foundation.outcomes.refusals import Refused, in_one_transaction, require


def upload_document(*, owner: User, content: bytes, filename: str, kind: str, by: User) -> Document:
    """Stores a file as a new document, quarantined until a worker has checked it. If refused, nothing is stored.

    Locks the owner, so that two uploads at once cannot exceed the limit per person. Writes the file before the
    transaction, and removes it if that fails.
    """
    _require_own(owner, by)
    require(may_add_document(owner.documents.count(), policy_in_force().documents_a_person))

    def write(file: StoredFile) -> Document:
        return _write_document(owner, content, filename, kind, file, by)

    return _with_file(content, filename, by, write)


def add_version(*, document: Document, content: bytes, filename: str, by: User) -> Document:
    """Adds a newer file to a document. Earlier versions stay until deleted; shares continue with the new one."""
    _require_own(document.owner, by)

    def write(file: StoredFile) -> Document:
        return _write_version(document, content, file, by)

    return _with_file(content, filename, by, write)


def _require_own(owner: User, by: User) -> None:
    if by.pk != owner.pk or not owner.is_student:
        raise Refused("not_yours", "You can only upload your own documents.", status=403)


def _with_file(content: bytes, filename: str, by: User, write: Callable[[StoredFile], Document]) -> Document:
    policy = policy_in_force()
    require(may_take(content, filename, policy.document_megabytes), field="file", status=422)
    limit = Limit(EventKind.UPLOAD, f"person:{by.pk}", policy.uploads_an_hour, timedelta(hours=1))
    require_count(limit, code="too_many_uploads", message="You’ve uploaded a lot of files in the last hour.")
    file = store_file(content)
    try:
        return write(file)
    except BaseException:
        throw_away([file.pk])
        raise


@in_one_transaction
def _write_document(owner: User, content: bytes, filename: str, kind: str, file: StoredFile, by: User) -> Document:
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    require(may_add_document(owner.documents.count(), policy_in_force().documents_a_person))
    document = Document.objects.create(owner=owner, kind=kind, name=display_name(filename))
    _insert(document, 1, content, file)
    _record(document, by, "document_uploaded", 1)
    return document


@in_one_transaction
def _write_version(document: Document, content: bytes, file: StoredFile, by: User) -> Document:
    User.objects.select_for_update(no_key=True).get(pk=document.owner_id)
    held = list(DocumentVersion.objects.filter(document=document).values_list("number", flat=True))
    if not held:
        raise Refused("document_gone", "This document has just been deleted.", "Upload the file as a new document.")
    require(may_add_version(len(held), policy_in_force().versions_a_document))
    _insert(document, max(held) + 1, content, file)
    _record(document, by, "version_added", max(held) + 1)
    return document


def _insert(document: Document, number: int, content: bytes, file: StoredFile) -> None:
    digest = hashlib.sha256(content).hexdigest()
    version = DocumentVersion.objects.create(
        document=document,
        number=number,
        file=file,
        format=format_of(content) or Format.PDF,
        size=len(content),
        sha256=digest,
        uploaded_sha256=digest,
    )
    transaction.on_commit(lambda: nudge(version.pk), robust=True)


def _record(document: Document, by: User, action: str, number: int) -> None:
    record_audit(
        actor=by,
        action=action,
        on=document,
        student=document.owner,
        version=number,
    )
