"""Where somebody who was added by hand stands on the way to their first sign-in."""

from datetime import datetime, timedelta
from enum import StrEnum

from accounts.models import User


class JoiningState(StrEnum):
    NOT_INVITED = "not_invited"
    INVITED = "invited"
    LAPSED = "lapsed"
    JOINED = "joined"


def invitation_ends(invited_at: datetime, days: int) -> datetime:
    """The moment from which the link no longer works."""
    return invited_at + timedelta(days=days)


def joining_state(person: User, now: datetime, days: int) -> JoiningState:
    """`days`: the setting `invitation_days`. Whoever has signed in has joined, however they did it."""
    if person.last_login:
        return JoiningState.JOINED
    if person.invited_at is None:
        return JoiningState.NOT_INVITED
    return JoiningState.INVITED if now < invitation_ends(person.invited_at, days) else JoiningState.LAPSED
