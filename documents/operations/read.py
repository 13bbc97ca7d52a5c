from __future__ import annotations

from django.core.files import File

from accounts.models import User
from accounts.operations.record_reading import record_reading
from documents.models import DocumentVersion
from documents.operations.files import storage
from foundation.outcomes.refusals import Refused


def read_version(*, version: DocumentVersion, reader: User) -> File[bytes]:
    """Opens the file. Readers other than the owner are recorded first (DATA-6); if that fails, they get nothing."""
    document = version.document
    record_reading(reader=reader, on=document, student=document.owner)
    try:
        assert version.file is not None  # noqa: S101 - a constraint guarantees a file for released versions
        return storage().open(version.file.name)
    except Exception as failure:  # each storage raises its own errors
        raise Refused(
            "document_not_there", "We cannot fetch the file now.", "Please try again later.", status=503
        ) from failure
