import hashlib
import logging
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.db import connection

from accounts.operations.record_audit import record_audit
from careerconnect.foundation.refusals import in_one_transaction
from careerconnect.foundation.times import database_now, local_day
from queries.models import Category, Handling, InboundEmail, Query, Via
from queries.operations.open_query import Asked, open_query
from queries.operations.write_message import write_to_query
from queries.reply_address import is_ours, query_id_in
from queries.rules.emails import ReadEmail, read_email

logger = logging.getLogger(__name__)

LARGEST = 5 * 1024 * 1024
KEPT_OF_A_LARGE_ONE = 256 * 1024
MOST_AN_HOUR = 20
"""From one address: a loop of two programs is stopped here, whatever they say of themselves."""


@in_one_transaction
def receive_email(*, raw: bytes) -> InboundEmail:
    """One e-mail as it came in. The same one again changes nothing; none is lost, and none ever acts as staff.

    It joins a thread only by an address of ours that proves itself; who it says it is from is believed in no case.
    Anything else that somebody typed opens an unverified query. What programs send is kept and answered to nobody.
    """
    digest = hashlib.sha256(raw).hexdigest()
    _one_at_a_time(digest)
    if known := InboundEmail.objects.filter(digest=digest).first():
        return known
    kept = raw if len(raw) <= LARGEST else raw[:KEPT_OF_A_LARGE_ONE]
    email = InboundEmail(digest=digest, received_at=database_now(), raw=kept, size=len(raw))
    try:
        said = read_email(kept)
    except Exception as error:  # a defect of the parser must not lose an e-mail
        logger.exception("an e-mail of %d bytes could not be read (%s)", len(raw), type(error).__name__)
        said = ReadEmail("", "", "An e-mail that could not be read", "", "", (), "")
    email.message_id = said.message_id
    email.handling, email.reason, email.query = _handled(email, said)
    email.save()
    record_audit(actor=None, action=f"email_{email.handling}", subject="inbound_email", subject_id=digest[:40])
    return email


def _one_at_a_time(digest: str) -> None:
    """Two doors may hand in the same one at once: the second waits, and finds it there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(digest[:15], 16)])


def _handled(email: InboundEmail, said: ReadEmail) -> tuple[str, str, Query | None]:
    if reason := _passed_over(email, said):
        return Handling.IGNORED, reason, None
    text = _words(email, said)
    if query := _thread(said):
        write_to_query(query=query, text=text, by=None, via=Via.EMAIL, quoted=said.quoted, sender=said.sender)
        return Handling.THREADED, "", query
    asked = Asked(Category.GENERAL, said.subject, text)
    opened = open_query(person=None, asked=asked, by=None, via=Via.EMAIL, sender=said.sender or "unknown@invalid")
    return Handling.OPENED, "", opened


def _passed_over(email: InboundEmail, said: ReadEmail) -> str:
    if said.automatic:
        return said.automatic
    ours = {parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower(), settings.QUERIES_REPLY_ADDRESS.lower()} - {""}
    if said.sender.lower() in ours:
        return "from our own address"
    if said.message_id and InboundEmail.objects.filter(message_id=said.message_id).exists():
        return "came before (same Message-ID)"
    since = email.received_at - timedelta(hours=1)
    threads = Query.objects.filter(messages__from_address__iexact=said.sender, messages__at__gt=since)
    if said.sender and threads.count() >= MOST_AN_HOUR:
        return f"more than {MOST_AN_HOUR} from one address within an hour"
    return ""


def _thread(said: ReadEmail) -> Query | None:
    """The query whose own, unexpired address it was sent to; what it was merged into, where it was."""
    today = local_day(database_now())
    for each in said.to:
        if named := query_id_in(each):
            public_id, until, mac = named
            query = Query.objects.select_related("person", "merged_into__person").filter(public_id=public_id).first()
            if query and is_ours(public_id, query.person_id, until, mac, today):
                return query.merged_into or query
    return None


def _words(email: InboundEmail, said: ReadEmail) -> str:
    text = said.text or ("(It has no words of its own.)" if said.quoted or said.attached else "(It is empty.)")
    if email.size > LARGEST:
        text = f"(This e-mail of {email.size // (1024 * 1024)} MB was too large: ask for it in another way.)\n\n{text}"
    if said.attached:
        text += "\n\n(Attached, and not taken in: " + ", ".join(said.attached[:20]) + ")"
    return text
