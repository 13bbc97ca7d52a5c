from accounts.models import User
from accounts.operations.record_audit import Subject, record_audit
from accounts.operations.record_reading import record_reading
from accounts.operations.seal_trail import Verified, verify_trail
from accounts.selectors.trail import TrailAsked, TrailPage, TrailRow, trail_page, trail_rows
from foundation.outcomes.refusals import Refused, in_one_transaction

MOST_EXPORTED = 100_000


@in_one_transaction
def export_trail(*, asked: TrailAsked, by: User) -> list[TrailRow]:
    """All entries that match, after recording the export. Raises Refused: `not_yours`, `trail_too_long`."""
    _require_reader(by)
    rows = trail_rows(by, asked, MOST_EXPORTED + 1)
    if len(rows) > MOST_EXPORTED:
        raise Refused("trail_too_long", f"More than {MOST_EXPORTED:,} entries match.", "Choose fewer days.", status=422)
    person = asked.person if asked.person and asked.person.is_student else None
    days = {"first": str(asked.first), "last": str(asked.last)}
    record_audit(actor=by, action="trail_exported", on=Subject("trail"), student=person, rows=len(rows), **days)
    return rows


@in_one_transaction
def check_trail(*, by: User) -> Verified:
    """Recomputes the seals and records the result. Raises Refused: `not_yours`."""
    _require_reader(by)
    found = verify_trail()
    record_audit(actor=by, action="trail_verified", on=Subject("trail"), seals=found.seals, intact=found.broken is None)
    return found


def _require_reader(by: User) -> None:
    if not by.may_read_trail:
        raise Refused("not_yours", "Only information governance can read the audit trail.", status=403)


@in_one_transaction
def read_trail(*, asked: TrailAsked, by: User) -> TrailPage:
    """Reads the trail for information governance, after recording in it who reads."""
    _require_reader(by)
    person = asked.person if asked.person and asked.person.is_student else None
    record_reading(reader=by, on=Subject("trail"), student=person, first=str(asked.first), last=str(asked.last))
    return trail_page(by, asked)
