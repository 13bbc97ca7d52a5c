"""Documents as pages show them. The number of queries is fixed, for any number of documents."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.db.models.expressions import RawSQL

from accounts.models import User
from documents.models import Document, DocumentShare, DocumentVersion, VersionState
from documents.rules.reasons import why_refused
from documents.selectors.sources import source_names
from foundation.outcomes.decisions import Decision
from foundation.values.sources import Source


@dataclass(frozen=True, slots=True)
class ShownShare:
    """`url` is empty if there is nothing to open."""

    share: DocumentShare
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A document with its versions, newest first, and its shares (for its owner only)."""

    document: Document
    versions: Sequence[DocumentVersion]
    shares: Sequence[ShownShare] = ()

    @property
    def newest(self) -> DocumentVersion:
        return self.versions[0]

    @property
    def readable(self) -> DocumentVersion | None:
        """The newest checked version, which others get while a newer one is checked."""
        return next((version for version in self.versions if version.state == VersionState.CLEAN), None)

    @property
    def is_waiting(self) -> bool:
        return any(version.state == VersionState.QUARANTINED for version in self.versions)

    @property
    def refusal(self) -> Decision | None:
        return why_refused(self.newest.reason) if self.newest.state == VersionState.REFUSED else None


def own_documents(owner: User) -> QuerySet[Document]:
    shares = Prefetch("shares", DocumentShare.objects.select_related("adviser"))
    found: QuerySet[Document] = Document.objects.owned_by(owner).prefetch_related("versions", shares)
    return found


def refused_documents(owner: User | RawSQL) -> QuerySet[DocumentVersion]:
    """The newest versions of the person's documents that were refused."""
    newest = (
        DocumentVersion.objects.filter(document__owner=owner).order_by("document_id", "-number").distinct("document_id")
    )
    refused: QuerySet[DocumentVersion] = DocumentVersion.objects.filter(pk__in=newest.values("pk"))
    return refused.filter(state=VersionState.REFUSED).select_related("document").order_by("-uploaded_at")


def shown_documents(documents: Sequence[Document], owner: User) -> list[ShownDocument]:
    """One more query, for the names of the shares' sources."""
    shares = {document.pk: list(document.shares.all()) for document in documents}
    ids = {share.source_id for each in shares.values() for share in each if share.source_id}
    names = source_names(ids, owner)

    def words(share: DocumentShare) -> ShownShare:
        if share.adviser:
            return ShownShare(share, share.adviser.name, "")
        name = names.get(share.source_id)
        return ShownShare(share, name.words if name else "an appointment", name.url if name else "")

    return [
        ShownDocument(document, list(document.versions.all()), [words(share) for share in shares[document.pk]])
        for document in documents
    ]


def documents_of_source(source: Source, reader: User) -> list[ShownDocument]:
    """Two queries. Documents attached to the source that the reader may see."""
    attached = (
        Document.objects.visible_to(reader)
        .filter(shares__source_kind=source.kind, shares__source_id=source.id)
        .order_by("shares__shared_at", "pk")
    )
    return [ShownDocument(each, list(each.versions.all())) for each in attached.prefetch_related("versions")]


def documents_shared_by_name(adviser: User) -> QuerySet[Document]:
    found = Document.objects.shared_by_name_with(adviser).select_related("owner").prefetch_related("versions")
    return found.order_by("-shares__shared_at", "-pk")


def how_many_wait() -> int:
    """One query. How many versions wait in quarantine, so that administrators notice if none is released."""
    return DocumentVersion.objects.filter(state=VersionState.QUARANTINED).count()
