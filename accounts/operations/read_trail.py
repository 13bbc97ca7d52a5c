from accounts.models import User
from accounts.operations.record_audit import Subject
from accounts.operations.record_reading import record_reading
from accounts.selectors.trail import TrailAsked, TrailPage, trail_page
from foundation.outcomes.refusals import Refused, in_one_transaction


@in_one_transaction
def read_trail(*, asked: TrailAsked, by: User) -> TrailPage:
    """Reads the trail for information governance, after recording in it who reads."""
    if not by.may_read_trail:
        raise Refused("not_yours", "Only information governance can read the audit trail.", status=403)
    person = asked.person if asked.person and asked.person.is_student else None
    record_reading(reader=by, on=Subject("trail"), student=person, first=str(asked.first), last=str(asked.last))
    return trail_page(by, asked)
