"""How many devices may be signed in at once, for how long, and what might be a sign of sharing (SEC-1)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import Role, SignIn, User
from accounts.rules.policy import Policy
from foundation.values.networks import wide_network
from foundation.web.devices import UNKNOWN

RENEWED_EVERY = timedelta(minutes=5)
"""How stale `seen_at` may be: a write for every request would cost more than it tells."""

STUDENT_ROLES = frozenset({Role.STUDENT, Role.GRADUATE})

DISTANT, MANY = "concurrent_devices", "many_devices"


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """`most` devices at once; ended `idle` after the last use, and `longest` after signing in in any case."""

    most: int
    idle: timedelta
    longest: timedelta

    def ends_at(self, started: datetime, seen: datetime) -> datetime:
        return min(seen + self.idle, started + self.longest)


def session_limits(person: User, policy: Policy) -> SessionLimits:
    """Students and graduates have theirs; whoever also works here keeps to those of staff."""
    if STUDENT_ROLES.issuperset(person.roles):
        return SessionLimits(
            policy.sessions_most_students,
            timedelta(minutes=policy.session_idle_minutes_students),
            timedelta(hours=policy.session_hours_students),
        )
    return SessionLimits(
        policy.sessions_most_staff,
        timedelta(minutes=policy.session_idle_minutes_staff),
        timedelta(hours=policy.session_hours_staff),
    )


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A lead for a person to judge, never a verdict. The evidence is ids, networks and numbers."""

    kind: str
    evidence: dict[str, object]


def suspicions(new: SignIn, live: Iterable[SignIn], recent: Iterable[SignIn], policy: Policy) -> Iterator[Suspicion]:
    """`live`: the others signed in at this moment; `recent`: all of the last `sharing_many_days` days, this one too."""
    used_since = new.started_at - timedelta(minutes=policy.sharing_distant_minutes)
    distant = [other for other in live if other.seen_at >= used_since and _distant(new, other)]
    if distant:
        together = [new, *distant]
        yield Suspicion(
            DISTANT,
            {
                "sign_ins": [each.public_id for each in together],
                "networks": [each.network for each in together],
                "within_minutes": policy.sharing_distant_minutes,
            },
        )
    devices = {each.device for each in recent if each.device != UNKNOWN}
    if len(devices) > policy.sharing_many_devices:
        yield Suspicion(
            MANY,
            {
                "sign_ins": [each.public_id for each in recent],
                "devices": len(devices),
                "in_days": policy.sharing_many_days,
            },
        )


def _distant(one: SignIn, other: SignIn) -> bool:
    """Another device in another network. What is not known is no ground for suspicion."""
    if UNKNOWN in (one.device, other.device) or not (one.network and other.network):
        return False
    return one.device != other.device and wide_network(one.network) != wide_network(other.network)
