from accounts.models import User
from accounts.operations.record_audit import record_audit
from events.models import Registration, RegistrationStatus
from events.rules.registering import may_register_for
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.values.times import database_now


@in_one_transaction
def say_still_coming(*, registration: Registration, by: User) -> Registration:
    """The student still comes after a change of time or place. Pressed twice, it is said once."""
    require(may_register_for(registration.student, by), status=403)
    row = (
        Registration.objects.select_for_update(no_key=True, of=("self",))
        .select_related("student")
        .get(pk=registration.pk)
    )
    if row.status != RegistrationStatus.REGISTERED:
        raise Refused("not_changeable", f"This registration is {row.get_status_display().lower()} already.")
    if row.asked_again_at is None or row.still_coming_at is not None:
        return row
    row.still_coming_at = database_now()
    row.save(update_fields=["still_coming_at"])
    record_audit(actor=by, action="still_coming", on=row, student=row.student)
    return row
