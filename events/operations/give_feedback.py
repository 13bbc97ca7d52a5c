from accounts.models import User
from accounts.operations.record_audit import record_audit
from events.models import EventFeedback, Registration, RegistrationStatus
from foundation.outcomes.refusals import Refused, in_one_transaction

CAME = (RegistrationStatus.ATTENDED, RegistrationStatus.PARTLY)


@in_one_transaction
def give_feedback(*, registration: Registration, score: int, text: str, by: User) -> EventFeedback:
    """Saves what somebody who came thought of the event; sent again, it is changed."""
    if by.pk != registration.student_id:
        raise Refused("not_yours", "Only the person who was there can give feedback.", status=403)
    row = Registration.objects.select_for_update(no_key=True, of=("self",)).get(pk=registration.pk)
    if row.status not in CAME and not row.check_ins.exists():
        raise Refused("not_there", "Feedback is for people who came to the event.")
    feedback, _ = EventFeedback.objects.update_or_create(
        registration=row, defaults={"score": score, "text": text.strip()}
    )
    record_audit(actor=by, action="feedback_given", on=row, student=by)
    return feedback
