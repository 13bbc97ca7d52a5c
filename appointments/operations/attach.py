from collections.abc import Sequence

from accounts.models import User
from accounts.operations.lock_people import lock_people
from appointments.models import Booking
from documents.models import Document, DocumentShare
from documents.operations.share import end_share, share_for_source
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.values.sources import SourceKind


@in_one_transaction
def attach_documents(*, booking: Booking, documents: Sequence[Document], by: User) -> None:
    """Attaches the student's own documents to their own booking, while it still occupies time.

    Locks the student, then the booking.
    """
    if by.pk != booking.student_id:
        raise Refused("not_yours", "Only the student can attach documents.", status=403)
    lock_people(by)
    held = Booking.objects.select_for_update(no_key=True).get(pk=booking.pk)
    if not held.occupies_time:
        raise Refused("booking_over", "This appointment has already started.", "Share the document with your adviser.")
    share_for_source(documents=documents, source=held.source, by=by)


def detach_document(*, booking: Booking, document: Document, by: User) -> None:
    """Allowed at any time, also after the appointment. Does nothing if the document is not attached."""
    share = DocumentShare.objects.filter(
        document=document, source_kind=SourceKind.BOOKING, source_id=booking.public_id
    ).first()
    if share is not None:
        end_share(share=share, by=by)
