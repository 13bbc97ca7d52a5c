from datetime import datetime

from accounts.models import User
from eligibility.models import WaitingEntry, WaitingState
from events.models import Event
from messaging.operations.cancel_messages import cancel_messages


def end_waiting(entry: WaitingEntry, state: str, now: datetime) -> None:
    """Ends one place in the list and withdraws its messages. The caller has locked the event."""
    entry.state, entry.ended_at = state, now
    entry.save(update_fields=["state", "ended_at"])
    cancel_messages(regarding=entry.public_id, reason="The waiting is over.")


def leave_list_for(*, student: User, event: Event, now: datetime) -> None:
    """Whoever has a place waits no longer. The caller has locked the student and the event."""
    for entry in WaitingEntry.objects.of(event.source).on_the_list().filter(student=student):
        end_waiting(entry, WaitingState.ACCEPTED if entry.offered_at else WaitingState.LEFT, now)
