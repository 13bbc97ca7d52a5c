from accounts.models import READ, AuditEntry, User
from accounts.operations.record_audit import Subject
from accounts.operations.record_reading import record_reading
from events.models import Event, RegistrationNeeds
from foundation.outcomes.refusals import in_one_transaction
from foundation.values.times import database_now, day_bounds, local_day

SUBJECT = "event_access_needs"


@in_one_transaction
def read_event_needs(*, event: Event, by: User) -> dict[int, str]:
    """Access needs by registration key, of those that `by` may read. The reading is recorded before they are shown,
    once for each registration, reader and day."""
    seen = RegistrationNeeds.objects.visible_to(by).filter(registration__event=event)
    rows = list(seen.select_related("registration__student"))
    today, _ = day_bounds(local_day(database_now()))
    entries = AuditEntry.objects.filter(actor=by, action=READ, subject=SUBJECT, at__gte=today)
    noted = set(entries.order_by().values_list("subject_id", flat=True)) if rows else set()
    for row in rows:
        registration = row.registration
        if registration.public_id not in noted:
            record_reading(reader=by, on=Subject(SUBJECT, registration.public_id), student=registration.student)
    return {row.registration_id: row.text for row in rows}
