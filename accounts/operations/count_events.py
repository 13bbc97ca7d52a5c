"""Rate limits counted in PostgreSQL, so that two concurrent requests cannot both be the last one allowed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils.crypto import salted_hmac

from accounts.models import CountedEvent
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.values.times import database_now, spoken_wait

LONGEST = timedelta(days=1)
"""No limit looks back further; the nightly run deletes older events."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` events of a kind about `about` within `within`; after that one in every `then_every`, or none.

    `about` says what is counted, such as `person:17`, an address or a network. Only its keyed hash is stored.
    """

    kind: str
    about: str
    most: int
    within: timedelta
    then_every: timedelta | None = None

    @property
    def key(self) -> str:
        text = f"{self.kind}|{self.about}"
        return salted_hmac("accounts.counted_event", text, algorithm="sha256").hexdigest()

    def wait(self, times: Sequence[datetime], now: datetime) -> timedelta:
        """How long until another event is allowed; zero if it is allowed now.

        `times` are the earlier events, latest first.
        """
        lately = [at for at in times if at > now - self.within]
        if len(lately) < self.most:
            return timedelta(0)
        free = lately[0] + self.then_every if self.then_every else lately[self.most - 1] + self.within
        return max(free - now, timedelta(0))


@dataclass(frozen=True, slots=True)
class Counted:
    """`ids`: the rows of an event that was counted. `wait`: how long to wait if it was refused and not counted."""

    ids: tuple[int, ...] = ()
    wait: timedelta = timedelta(0)

    @property
    def is_allowed(self) -> bool:
        return not self.wait


@in_one_transaction
def count_event(*limits: Limit) -> Counted:
    """Counts one event against all limits, or against none if one of them is reached.

    Locks the limits' keys in a fixed order until the transaction ends. A rollback of the surrounding operation undoes
    the count.
    """
    _lock(limits)
    now = database_now()
    rows = CountedEvent.objects.filter(key__in=[limit.key for limit in limits], at__gt=now - LONGEST).order_by("-at")
    times: dict[str, list[datetime]] = {}
    for key, at in rows.values_list("key", "at"):
        times.setdefault(key, []).append(at)
    wait = max((limit.wait(times.get(limit.key, []), now) for limit in limits), default=timedelta(0))
    if wait:
        return Counted(wait=wait)
    made = CountedEvent.objects.bulk_create(
        [CountedEvent(kind=kind, key=key, at=now) for key, kind in {limit.key: limit.kind for limit in limits}.items()]
    )
    return Counted(tuple(each.pk for each in made))


@in_one_transaction
def require_count(*limits: Limit, code: str, message: str, remedy: str = "", field: str = "") -> None:
    """Counts one event or raises Refused (429) with the time to wait. `remedy` can say what to do meanwhile."""
    counted = count_event(*limits)
    if not counted.is_allowed:
        words = f"{remedy} Try again in {spoken_wait(counted.wait)}.".strip()
        raise Refused(code, message, words, field=field, status=429, retry_after=counted.wait)


@in_one_transaction
def uncount_event(counted: Counted) -> None:
    """Removes a counted event that need not count, such as a correct password or code."""
    CountedEvent.objects.filter(pk__in=counted.ids).delete()


@in_one_transaction
def clear_counts(*limits: Limit) -> None:
    CountedEvent.objects.filter(key__in=[limit.key for limit in limits]).delete()


def _lock(limits: Sequence[Limit]) -> None:
    locks = sorted({int(limit.key[:15], 16) for limit in limits})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(each) FROM unnest(%s::bigint[]) AS each", [locks])
