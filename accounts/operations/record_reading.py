import logging

from django.db import DatabaseError, models, transaction

from accounts.models import READ, User
from accounts.operations.record_audit import Subject, record_audit, subject_of
from foundation.outcomes.refusals import Refused

logger = logging.getLogger(__name__)


def record_reading(
    *, reader: User, on: models.Model | Subject, student: User | None, **details: str | int | None
) -> None:
    """Call it before showing a note, document or concern, in the transaction that fetches it (DATA-3, DATA-6).

    Refuses if the entry cannot be written, so that nothing is shown. People who read their own data leave no entry.
    """
    if student is not None and reader.pk == student.pk:
        return
    try:
        with transaction.atomic():
            record_audit(actor=reader, action=READ, on=on, student=student, **details)
    except DatabaseError as error:
        logger.error("the reading of a %s could not be recorded (%s)", subject_of(on).name, type(error).__name__)
        raise Refused(
            "reading_unrecorded",
            "We cannot show this now, because we could not record that you looked at it.",
            "Try again in a moment. If it still fails, tell an administrator.",
            status=503,
        ) from error
