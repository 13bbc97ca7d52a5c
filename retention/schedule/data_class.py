"""The shape of a line of the schedule."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from accounts.rules.policy import Policy
from retention.schedule.clocks import PurgeDate


class Clock(StrEnum):
    """What starts it."""

    COURSE = "the end of the academic year in which the last course is completed"
    RESOLVED = "the day a query is resolved; opened again, the clock stops"
    RECEIVED = "the day it came in"
    SENT = "the day it was sent"
    ENDED = "the day it ended"
    JUDGED = "the day it was judged"
    MADE = "the day it was made"
    RELEASED = "the day the copy could be downloaded"
    NONE = "none"


class Then(StrEnum):
    DELETED = "deleted for good"
    STRIPPED = "emptied; that there was one stays"
    KEPT = "kept, and no longer names anybody"


class Reader(StrEnum):
    """Who may say whether a class goes into the copy that its person asks for."""

    ANYBODY = "anybody"
    GOVERNANCE = "governance"
    WELLBEING = "wellbeing"


PersonForget = Callable[[Collection[int]], int]
Rows = Callable[[PurgeDate], "QuerySet[Any]"]


@dataclass(frozen=True, slots=True)
class Table:
    """`person` is the path from a row to whose it is; `secret` fields go into no copy; `file`: a storage holds more."""

    model: str
    person: str = ""
    secret: tuple[str, ...] = ()
    file: str = ""

    @property
    def manager(self) -> Any:
        return apps.get_model(self.model)._default_manager

    def of(self, people: Collection[int] | QuerySet[Any, Any]) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.manager.filter(**{f"{self.person}__in": people})
        return rows


@dataclass(frozen=True, slots=True)
class DataClass:
    """`period` names the setting; `forget` takes people; `sweep` takes a night, for what has a clock of its own, and
    `rows` is then what is due. `needs`: what must stay as long as this does. `not_in_copy`: why not."""

    key: str
    name: str
    what: str
    why: str
    clock: Clock
    period: str
    tables: tuple[Table, ...]
    forget: PersonForget | None = None
    sweep: Callable[[PurgeDate], int] | None = None
    rows: Rows | None = None
    then: Then = Then.DELETED
    needs: tuple[str, ...] = ("people",)
    reader: Reader = Reader.ANYBODY
    not_in_copy: str = ""

    def period_words(self, policy: Policy) -> str:
        return period_words(self.period, policy)


def period_words(period: str, policy: Policy) -> str:
    """`3 years`, `2 months`, `90 days`; a name says its own unit."""
    if not period:
        return "as long as it is needed"
    number, unit = getattr(policy, period), period.rsplit("_", 1)[1].removesuffix("s")
    return f"{number} {unit if number == 1 else unit + 's'}"
