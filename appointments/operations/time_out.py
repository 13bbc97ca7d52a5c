from datetime import datetime

from psycopg2.extras import DateTimeTZRange

from accounts.models import User
from accounts.operations.lock_people import lock_people
from accounts.operations.record_audit import record_audit
from appointments.models import Booking, TimeOut
from appointments.operations.diary import may_run_diary
from appointments.operations.tell_who_must_move import tell_who_must_move
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.values.times import database_now


@in_one_transaction
def take_time_out(
    *, adviser: User, starts_at: datetime, ends_at: datetime, reason: str, by: User
) -> tuple[TimeOut, list[Booking]]:
    """Marks the adviser as away from `starts_at` until `ends_at`: no new times are offered then.

    It may overlap bookings (sickness does). They stay booked until somebody rearranges them, and are returned. We tell
    their students.
    """
    require(may_run_diary(by, adviser), status=403)
    if ends_at <= starts_at:
        raise Refused("time_out_empty", "The end must be later than the start.", field="ends", status=422)
    if ends_at <= database_now():
        raise Refused("in_the_past", "This time is over already.", field="ends", status=422)
    lock_people(adviser)
    away = TimeOut.objects.create(adviser=adviser, during=DateTimeTZRange(starts_at, ends_at), reason=reason)
    record_audit(actor=by, action="time_out_taken", on=away)
    return away, tell_who_must_move(adviser=adviser, by=by)


@in_one_transaction
def end_time_out(*, time_out: TimeOut, by: User) -> None:
    """Offers the time again. Bookings that were rearranged stay where they are; the others go ahead, and we tell their
    students.
    """
    require(may_run_diary(by, time_out.adviser), status=403)
    record_audit(actor=by, action="time_out_ended", on=time_out)
    adviser = time_out.adviser
    time_out.delete()
    tell_who_must_move(adviser=adviser, by=by)
