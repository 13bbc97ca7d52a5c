"""How many devices can be signed in at once, for how long, and what may indicate a shared account (SEC-1)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import Role, SignIn, User
from accounts.rules.policy import Policy
from foundation.values.networks import wide_network
from foundation.web.devices import UNKNOWN

RENEWED_EVERY = timedelta(minutes=5)
"""How old `seen_at` can be. Writing it with every request would cost more than it is worth."""

STUDENT_ROLES = frozenset({Role.STUDENT, Role.GRADUATE})

DISTANT, MANY = "concurrent_devices", "many_devices"


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """At most `most` devices at once; each is signed out `idle` after its last use, and `longest` after signing in."""

    most: int
    idle: timedelta
    longest: timedelta

    def ends_at(self, started: datetime, seen: datetime) -> datetime:
        return min(seen + self.idle, started + self.longest)


def session_limits(person: User, policy: Policy) -> SessionLimits:
    """Limits for students and graduates. People who also have a staff role get the limits for staff."""
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
    """A lead for a person to judge; it decides nothing. The evidence is ids, networks and numbers."""

    kind: str
    evidence: dict[str, object]


def suspicions(new: SignIn, live: Iterable[SignIn], recent: Iterable[SignIn], policy: Policy) -> Iterator[Suspicion]:
    """`live`: the other current sign-ins. `recent`: all of the last `sharing_many_days` days, including this one."""
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
    """Whether another device was used on another network. Unknown values are never suspicious."""
    if UNKNOWN in (one.device, other.device) or not (one.network and other.network):
        return False
    return one.device != other.device and wide_network(one.network) != wide_network(other.network)
