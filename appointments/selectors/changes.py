from accounts.models import User
from foundation.db.extra_columns import ExtraColumn

OWN_CHANGES = (
    "SELECT ARRAY(SELECT at FROM accounts_auditentry WHERE student_id = %s AND actor_id = student_id "
    "AND subject = 'booking' AND action IN ('booked', 'moved', 'cancelled') "
    "AND at > clock_timestamp() - interval '24 hours' ORDER BY at DESC)"
)


def own_changes(student: User) -> ExtraColumn:
    """When the student booked, moved or cancelled in the last 24 hours, by page or API, newest first.

    Read from the audit trail, which has an entry for each. Changes that staff made for them are left out.
    """
    return ExtraColumn(OWN_CHANGES, [student.pk])
