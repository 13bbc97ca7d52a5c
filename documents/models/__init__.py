from documents.models.document import Document, Kind
from documents.models.document_share import DocumentShare
from documents.models.document_version import DocumentVersion, Format, State
from documents.models.stored_file import StoredFile

__all__ = ["Document", "DocumentShare", "DocumentVersion", "Format", "Kind", "State", "StoredFile"]
