"""The lists of an event as tables to download. Each download leaves an entry in the audit trail."""

from accounts.models import User
from accounts.operations.record_audit import record_audit
from events.models import Event
from events.operations.read_needs import read_event_needs
from events.selectors.staff_events import answer_rows, employer_rows, registered_people
from foundation.outcomes.refusals import in_one_transaction


@in_one_transaction
def export_registrations(*, event: Event, by: User) -> list[list[str]]:
    """Everybody registered, with answers, and the access needs that `by` may read: their reading is recorded too."""
    rows = list(answer_rows(event, registered_people(event), read_event_needs(event=event, by=by)))
    record_audit(actor=by, action="event_list_exported", on=event, rows=len(rows) - 1)
    return rows


@in_one_transaction
def export_for_employers(*, event: Event, by: User) -> list[list[str]]:
    """What employers may have, of those who agreed (DATA-1)."""
    rows = list(employer_rows(event, registered_people(event)))
    record_audit(actor=by, action="employer_list_exported", on=event, rows=len(rows) - 1)
    return rows
