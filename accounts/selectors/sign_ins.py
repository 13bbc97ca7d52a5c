"""One person's devices, and why a session has ended."""

from dataclasses import dataclass

from accounts.models import SignIn, SignInEnding, User
from foundation.values.times import database_now

ENDED_SHOWN = 10

WHY = {
    SignInEnding.REPLACED: (
        "You were signed out here because you signed in on another device. If that was not you, change your password "
        "and tell the careers service."
    ),
    SignInEnding.ENDED: "You were signed out here from another of your devices.",
    SignInEnding.PASSWORD: (
        "You were signed out because a new password was chosen for your account. If that was not you, tell the careers "
        "service."
    ),
    SignInEnding.EXPIRED: "You were signed out because you had not used the portal for a while. Please sign in again.",
}


@dataclass(frozen=True, slots=True)
class Devices:
    live: list[SignIn]
    ended: list[SignIn]
    here: SignIn | None

    @property
    def others(self) -> int:
        return len(self.live) - (self.here is not None)


def devices_of(person: User, session_key: str | None) -> Devices:
    """Three queries. This device first, then the others by last use; and the last few ended ones."""
    mine, now = SignIn.objects.visible_to(person), database_now()
    live = list(mine.live(now).order_by("-seen_at"))
    here = next((each for each in live if each.session_key == session_key), None)
    if here:
        live = [here, *(each for each in live if each is not here)]
    ended = mine.exclude(pk__in=[each.pk for each in live]).order_by("-seen_at")
    return Devices(live, list(ended[:ENDED_SHOWN]), here)


def why_signed_out(session_key: str) -> str:
    """One query. Empty if the session is unknown or its owner signed out."""
    if not session_key.isalnum():
        return ""
    known = SignIn.objects.filter(session_key=session_key).first()
    if known is None:
        return ""
    return WHY.get(SignInEnding(known.ending) if known.ending else SignInEnding.EXPIRED, "")
