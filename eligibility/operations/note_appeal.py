from datetime import datetime

from eligibility.models import Hold


def note_appeal(*, hold: Hold, appealed_at: datetime | None, answered_at: datetime | None) -> None:
    """Notes that the student appealed, and when we answered. The caller has locked the student."""
    hold.appealed_at, hold.appeal_answered_at = appealed_at, answered_at
    hold.save(update_fields=["appealed_at", "appeal_answered_at"])
