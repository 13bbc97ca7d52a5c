from accounts.models import User
from eligibility.selectors.student_facts import ExtraColumn

EARLIER = (
    "SELECT ARRAY[fingerprint, booking_public_id] FROM appointments_idempotencykey WHERE user_id = %s AND key = %s"
)


def earlier_answer(user: User, key: str) -> ExtraColumn:
    """Fingerprint and booking of the request that this person sent with this Idempotency-Key; None without one."""
    return ExtraColumn(EARLIER, [user.pk, key])
