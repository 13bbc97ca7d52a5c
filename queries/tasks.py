from __future__ import annotations

import logging

from celery import shared_task
from django.conf import settings

from queries.operations import read_mailbox as mailbox

logger = logging.getLogger(__name__)


@shared_task(name="queries.read_mailbox")
def read_mailbox() -> None:
    """Does nothing where no mailbox is set. Running it twice at once reads once."""
    if not settings.QUERIES_MAILBOX:
        return
    try:
        mailbox.read_mailbox(settings.QUERIES_MAILBOX)
    except mailbox.MailboxUnreadable as error:
        logger.warning("%s", error)
