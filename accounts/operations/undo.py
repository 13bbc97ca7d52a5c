"""Notes that a change can be undone for some seconds, and checks that it still can be (`foundation.outcomes.undoing`).

Leaves no entry in the trail: the change and its undoing have theirs.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from accounts.rules.policy import policy_in_force
from foundation.outcomes.refusals import Refused
from foundation.outcomes.undoing import Undoable, Values
from foundation.values.counted import counted
from foundation.values.times import database_now

TOO_LATE = "undo_too_late"


def undo_until(now: datetime) -> datetime:
    """The end of the time in which what is done now can be undone; `now` itself if nothing can be (the setting is 0).

    Until then, the messages about it wait (`messaging.operations.hold_back`).
    """
    return now + timedelta(seconds=policy_in_force().undo_seconds)


def note_undo(row: Undoable, what: str, *, by: User, until: datetime, before: Values, **more: Any) -> None:
    """Notes on the changed row how to undo it. Does not save. `more` are ids that undoing needs, as JSON."""
    row.undo = {
        "what": what,
        "by": by.public_id,
        "until": until.isoformat(),
        "before": before,
        "after": row.values_of(before),
        **more,
    }


def require_undo(row: Undoable, *, by: User, remedy: str, of: Iterable[str]) -> dict[str, Any]:
    """What to put back on the locked row. `of`: the changes that the caller can undo.

    Empty if this person has undone it already: pressing Undo twice is harmless. Refused: `nothing_to_undo`,
    `not_yours` for anybody else, `undo_too_late` (`remedy` says what can be done instead), and `changed_since`.
    """
    undo = row.noted
    if not undo or undo["what"] not in of:
        raise Refused("nothing_to_undo", "There is nothing to undo here.", remedy)
    if undo["by"] != by.public_id:
        raise Refused("not_yours", "Only the person who did this can undo it.", status=403)
    if undo.get("undone"):
        return {}
    ends = row.undo_ends
    if ends is None or database_now() >= ends:
        seconds = policy_in_force().undo_seconds
        raise Refused(TOO_LATE, f"You can undo this for {counted(seconds, 'second')} only.", remedy)
    if not row.is_as_left:
        raise Refused("changed_since", "Somebody has changed this since.", remedy)
    return undo


def mark_undone(row: Undoable, undo: dict[str, Any]) -> None:
    """Puts the fields back, and notes that it was undone. Does not save."""
    row.put_back(undo["before"])
    row.undo = {"what": undo["what"], "by": undo["by"], "until": undo["until"], "undone": True}
