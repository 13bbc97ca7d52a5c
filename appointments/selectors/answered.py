from accounts.models import User
from foundation.db.extra_columns import ExtraColumn

EARLIER = "SELECT ARRAY[fingerprint, answer_id] FROM accounts_idempotencykey WHERE user_id = %s AND key = %s"


def earlier_answer(user: User, key: str) -> ExtraColumn:
    """The fingerprint and booking stored for this person and Idempotency-Key; None if there is none."""
    return ExtraColumn(EARLIER, [user.pk, key])
