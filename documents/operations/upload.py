import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from accounts.models import EventKind, User
from accounts.operations.count_events import Limit, require_count
from accounts.operations.once import Once
from accounts.rules.policy import policy_in_force
from documents.models import Document, DocumentVersion, Format, StoredFile
from documents.operations.files import store_file, throw_away
from documents.operations.nudge import nudge
from documents.operations.own_document import lock_owner, record_change
from documents.rules.names import display_name
from documents.rules.uploads import format_of, may_add_document, may_add_version, may_take
from foundation.outcomes.refusals import Refused, in_one_transaction, require


def upload_document(*, owner: User, content: bytes, filename: str, kind: str, by: User, once: str = "") -> Document:
    """Stores a file as a new document, quarantined until a worker has checked it. If refused, nothing is stored.

    Locks the owner, so that two uploads at once cannot exceed the limit per person. Writes the file before the
    transaction, and removes it if that fails. Sent twice with one key (`once`), it is one document.
    """
    _require_own(owner, by)
    key = _key(by, once, "document", content, filename)
    if found := _made(key):
        return found
    require(may_add_document(owner.documents.count(), policy_in_force().documents_a_person))

    def write(file: StoredFile) -> Document:
        return _write_document(owner, content, filename, kind, file, by, key)

    return _with_file(content, filename, by, write)


def add_version(*, document: Document, content: bytes, filename: str, by: User, once: str = "") -> Document:
    """Adds a newer file to a document. Earlier versions stay until deleted; shares continue with the new one.

    Sent twice with one key (`once`), it is one version.
    """
    _require_own(document.owner, by)
    key = _key(by, once, document.public_id, content, filename)
    if found := _made(key):
        return found

    def write(file: StoredFile) -> Document:
        return _write_version(document, content, file, by, key)

    return _with_file(content, filename, by, write)


def _key(by: User, once: str, what: str, content: bytes, filename: str) -> Once:
    return Once(by, once, (what, filename, hashlib.sha256(content).hexdigest()))


@in_one_transaction
def _made(key: Once) -> Document | None:
    """What this key made before."""
    earlier = key.earlier()
    return _document(earlier) if earlier else None


def _document(public_id: str) -> Document:
    found = Document.objects.filter(public_id=public_id).first()
    if found is None:
        raise Refused("document_gone", "This document has just been deleted.", "Upload the file as a new document.")
    return found


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
def _write_document(
    owner: User, content: bytes, filename: str, kind: str, file: StoredFile, by: User, key: Once
) -> Document:
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    if earlier := key.earlier():  # the same form, sent at the same moment: the sweep removes the second file
        return _document(earlier)
    require(may_add_document(owner.documents.count(), policy_in_force().documents_a_person))
    document = Document.objects.create(owner=owner, kind=kind, name=display_name(filename))
    _insert(document, 1, content, file)
    record_change(document, by, "document_uploaded", version=1)
    key.remember(document.public_id)
    return document


@in_one_transaction
def _write_version(document: Document, content: bytes, file: StoredFile, by: User, key: Once) -> Document:
    lock_owner(document)
    if earlier := key.earlier():
        return _document(earlier)
    held = list(DocumentVersion.objects.filter(document=document).values_list("number", flat=True))
    if not held:
        raise Refused("document_gone", "This document has just been deleted.", "Upload the file as a new document.")
    require(may_add_version(len(held), policy_in_force().versions_a_document))
    _insert(document, max(held) + 1, content, file)
    record_change(document, by, "version_added", version=max(held) + 1)
    key.remember(document.public_id)
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
