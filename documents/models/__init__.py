from documents.models.document import Document, DocumentKind
from documents.models.document_share import DocumentShare
from documents.models.document_version import DocumentVersion, Format, VersionState
from documents.models.stored_file import StoredFile

__all__ = ["Document", "DocumentKind", "DocumentShare", "DocumentVersion", "Format", "StoredFile", "VersionState"]
