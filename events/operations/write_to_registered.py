from accounts.models import User
from accounts.operations.once import Once
from accounts.operations.record_audit import record_audit
from events.models import Event, EventNote, Registration, RegistrationStatus
from events.notices.registration import NOTE
from events.operations.locked import lock_event
from events.rules.publishing import may_change, may_edit
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from messaging.models import Channel
from messaging.notices.notice import Notice
from messaging.operations.queue_message import queue_messages


@in_one_transaction
def write_to_registered(*, event: Event, text: str, by: User, once: str = "") -> EventNote:
    """Emails everybody registered, as a service message about this event. Sent twice with one key, it is sent once."""
    require(may_edit(by), status=403)
    if not text.strip():
        raise Refused("no_words", "Write a message.", field="text", status=422)
    key = Once(by, once, ("event note", event.public_id, text))
    if earlier := key.earlier():
        return EventNote.objects.get(public_id=earlier)
    require(may_change(lock_event(event).event))
    note = EventNote.objects.create(event=event, text=text.strip(), by=by)
    rows = Registration.objects.filter(event=event, status=RegistrationStatus.REGISTERED).select_related("student")
    queue_messages([_notice(note, row) for row in rows])
    record_audit(actor=by, action="registered_people_written_to", on=event, people=len(rows))
    key.remember(note.public_id)
    return note


def _notice(note: EventNote, row: Registration) -> Notice:
    return Notice(
        kind=NOTE,
        channel=Channel.EMAIL,
        recipient=row.student,
        regarding=row.public_id,
        dedupe_key=f"{NOTE}:{note.public_id}:{row.public_id}",
        context={"registration": row.public_id, "sequence": row.sequence, "note": note.public_id},
    )
